"""A page of public information that keeps every rule, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cataloguework import item_of
from kiosk.services.information_files import Checked, folder

DAY = date(2026, 11, 22)
ITEM = item_of()
POLICY = f"""
kind = "policy"
title = {{ zh = "取暖补贴", en = "Heating allowance" }}
summary = {{ zh = "每年一次。", en = "Once a year." }}
issuer = {{ zh = "示例县民政局", en = "Civil Affairs" }}
source = {{ zh = "《办法》", en = "Measures" }}
document_no = "示民发〔2026〕1号"
published = 2026-11-01
valid_until = 2027-12-31
items = ["{ITEM.task_code}"]

[[sections]]
heading = {{ zh = "谁能领", en = "Who" }}
text = {{ zh = "本县居民。", en = "Residents." }}
"""
LIST = """
kind = "list"
decision = "before"
title = { zh = "取暖补贴公示", en = "Heating allowance: the list" }
summary = { zh = "还没有决定。", en = "Not decided yet." }
issuer = { zh = "示例县民政局", en = "Civil Affairs" }
published = 2026-11-01
valid_until = 2027-12-31

[[rows]]
name = "张*芳"
number = "4452**********1043"
what = { zh = "2人", en = "2 persons" }

[[contacts]]
name = { zh = "民政局", en = "Civil Affairs" }
phone = "0700-1234502"
"""
DEPARTMENT = """
kind = "department"
title = { zh = "民政局", en = "Civil Affairs" }
summary = { zh = "补贴。", en = "Allowances." }
issuer = { zh = "示例县民政局", en = "Civil Affairs" }
published = 2026-11-01

[[contacts]]
name = { zh = "6号窗口", en = "Desk 6" }
hours = { zh = "工作日", en = "Working days" }
phone = "0700-1234502"
"""
PLACE = """
kind = "place"
title = { zh = "服务中心", en = "Service centre" }
summary = { zh = "人民路1号", en = "1 Renmin Road" }
issuer = { zh = "示例县", en = "Sample County" }
published = 2026-11-01
here = ["KT-0001"]

[[contacts]]
name = { zh = "自助区", en = "Terminals" }
address = { zh = "人民路1号", en = "1 Renmin Road" }
hours = { zh = "每天", en = "Every day" }

[[sections]]
heading = { zh = "怎么来", en = "How to get here" }
text = { zh = "公交1路。", en = "Bus 1." }
"""
FEE = f"""
kind = "fee"
title = {{ zh = "收费", en = "Fees" }}
summary = {{ zh = "只收这些。", en = "Nothing else." }}
issuer = {{ zh = "示例县", en = "Sample County" }}
source = {{ zh = "《目录》", en = "List" }}
document_no = "示发改价〔2026〕3号"
published = 2026-11-01
items = ["{ITEM.task_code}"]
"""
PAGES = {
    "policy": POLICY, "list": LIST, "department": DEPARTMENT, "place": PLACE, "fee": FEE,
}  # fmt: skip


def written(root: Path, **pages: str) -> Path:
    """The folder of pages beside `root`/items."""
    (root / "items").mkdir(exist_ok=True)
    where = root / "information"
    where.mkdir(exist_ok=True)
    for name, text in pages.items():
        (where / f"{name}.toml").write_text(text, encoding="utf-8")
    return where


def checked(root: Path, **pages: str) -> Checked:
    return folder(written(root, **pages), [ITEM], DAY)
