"""Pages of public information: what an office may write, and when it is shown."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from cataloguework import replaced
from informationwork import DAY, DEPARTMENT, FEE, ITEM, LIST, PAGES, PLACE, POLICY, checked
from kiosk.identity.numbers import mask_name, mask_number
from kiosk.services.information import Kind, shelf
from kiosk.services.information_files import folder, table
from kiosk.services.information_links import LINKS
from kiosk.services.information_masks import masked_name, masked_number, named
from kiosk.services.information_rules import RULES

ROOT = Path(__file__).parents[2]
NUMBER = fakes.LI.number
# rule → the page, what stands there and what is written instead
BROKEN = {
    "text-missing": ("policy", 'en = "Once a year."', 'en = ""'),
    "one-language-only": ("policy", 'en = "Measures"', 'en = ""'),
    "text-length": ("policy", "取暖补贴", "取暖补贴" * 20),
    "placeholder": ("policy", "本县居民。", "待定"),
    "wrong-language": ("policy", 'en = "Residents."', 'en = "Residents of 县."'),
    "invisible-character": ("policy", "本县居民。", "本县\\u200e\\u202e居民。"),
    "sentence-length": ("policy", 'en = "Residents."', f'en = "{"Residents, " * 25}all."'),
    "plain-words": ("policy", 'en = "Residents."', 'en = "Who resides here."'),
    "page-days": ("policy", "valid_until = 2027-12-31", "valid_until = 2026-10-31"),
    "page-source": ("policy", "示民发〔2026〕1号", ""),
    "page-whole": ("policy", "[[sections]]", 'here = ["KT-0001"]\n[[sections]]'),
    "page-contact": ("department", "0700-1234502", "0700/1234502"),
    "number-unmasked": ("list", "4452**********1043", NUMBER),
    "name-unmasked": ("list", "张*芳", "张秀芳"),
    "fee-copied": ("fee", "只收这些。", "每证40元。"),
    "page-link": ("policy", ITEM.task_code, "1" * 31),
    "place-twice": ("place", "", ""),
    "page-over": ("policy", "valid_until = 2027-12-31", "valid_until = 2026-11-21"),
    "page-old": ("department", "published = 2026-11-01", "published = 2025-11-01"),
    "unknown-key": ("policy", "issuer = ", "isuer = "),
    "missing-key": ("policy", "published = 2026-11-01", ""),
    "wrong-type": ("policy", "published = 2026-11-01", 'published = "2026-11-01"'),
    "toml": ("policy", "published = 2026-11-01", "published = 2026-11-41"),
}


WARNS = {rule.name for rule in LINKS if rule.warns}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_good_page_has_no_fault(name: str, tmp_path: Path) -> None:
    found = checked(tmp_path, **{name: PAGES[name]})
    assert (found.faults, found.warnings) == ((), ())
    assert set(found.entries) == {name}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_each_rule_names_file_line_and_rule(rule: str, tmp_path: Path) -> None:
    name, old, new = BROKEN[rule]
    pages = {name: replaced(old, new, PAGES[name])}
    if rule == "place-twice":
        pages["twice"] = PLACE
    found = checked(tmp_path, **pages)
    [told, *more] = [str(f) for f in (*found.faults, *found.warnings) if f.rule == rule]
    assert f"information/{'twice' if 'twice' in pages else name}.toml:" in told
    assert f": [{rule}] " in told
    warned = [str(f) for f in found.warnings]
    assert (told in warned) == (rule in WARNS)
    assert not more or rule == "text-length"


def test_every_rule_is_broken_above() -> None:
    assert {rule.name for rule in (*RULES, *LINKS)} <= set(BROKEN)


def test_the_line_is_that_of_the_key(tmp_path: Path) -> None:
    [fault] = checked(tmp_path, list=replaced("张*芳", "张秀芳", LIST)).faults
    line = LIST.splitlines().index('name = "张*芳"') + 1
    assert (fault.line, fault.where) == (line, "rows[1].name")


@pytest.mark.parametrize("page", [POLICY, LIST])
@pytest.mark.parametrize(
    "said",
    [
        NUMBER,
        f"身份证{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        "".join(chr(ord(one) + 0xFEE0) for one in NUMBER),
        "电话13900001234",
        "139 0000 1234",
        "+86-139-0000-1234",
        "6222020200112233445",
        "6222 0202 0011 2233 445",
        "445299850402310",
    ],
)
def test_nobody_is_named_by_a_number_in_any_text(page: str, said: str, tmp_path: Path) -> None:
    key = "本县居民。" if page is POLICY else "还没有决定。"
    faults = checked(tmp_path, page=replaced(key, said, page)).faults
    assert {fault.rule for fault in faults} == {"number-unmasked"}
    assert not any(said in str(fault) for fault in faults)  # what is told may be kept in a log


@pytest.mark.parametrize(
    "said",
    [
        "12345", "0700-1234567", "2026-11-20 2026-12-20", "示民发〔2026〕12号", "8:30至17:30",
        "4452**********1043", "11445299MB2D00006J2000900011001", "1390000xxxx", "12333、12393",
        "1至3号窗口，2026年11月20日至2027年1月3日", "国办函〔2016〕108号",
    ],
)  # fmt: skip
def test_what_names_nobody_may_be_said(said: str) -> None:
    assert named(said) == ""


@given(st.sampled_from("张李王欧陈"), st.text("小满秀兰娜", min_size=1, max_size=4))
def test_what_the_project_masks_is_masked_and_what_it_does_not_is_not(
    first: str, rest: str
) -> None:
    assert masked_name(mask_name(first + rest))
    assert not masked_name(first + rest)
    assert masked_number(mask_number(NUMBER))
    assert not masked_number(NUMBER)


def test_latin_names_and_organisations(tmp_path: Path) -> None:
    assert masked_name("A*** B****")
    assert not masked_name("A*** Brown")
    company = 'name = "东坡村合作社"\norganisation = true'
    assert checked(tmp_path, list=replaced('name = "张*芳"', company, LIST)).faults == ()
    person = 'name = "张秀芳"\norganisation = true'
    faults = checked(tmp_path, list=replaced('name = "张*芳"', person, LIST)).faults
    assert [fault.rule for fault in faults] == ["name-unmasked"]


def test_a_list_before_a_decision_says_where_to_object(tmp_path: Path) -> None:
    [fault] = checked(tmp_path, list=replaced('phone = "0700-1234502"', "", LIST)).faults
    assert (fault.rule, fault.where) == ("page-whole", "contacts")


def test_an_item_that_charges_stands_on_a_fee_page(tmp_path: Path) -> None:
    charging = [one for one in fakes.shipped().items if one.task_code == fakes.CERTIFICATE]
    assert folder(Path("nowhere"), charging, DAY).warnings == ()
    found = checked(tmp_path, fee=FEE)
    assert found.warnings == ()
    found = folder(tmp_path / "information", [*fakes.shipped().items, ITEM], DAY)
    told = [warning for warning in found.warnings if warning.rule == "fee-unlisted"]
    assert len(told) == 5
    assert "驾驶证" in " ".join(map(str, told))


def test_a_bad_name_and_a_file_that_is_none(tmp_path: Path) -> None:
    found = checked(tmp_path, **{"Not Good": DEPARTMENT})
    assert [fault.rule for fault in found.faults] == ["page-name"]
    (tmp_path / "information/big.toml").write_bytes(b"#" * (1 << 21))
    (tmp_path / "information/latin.toml").write_bytes(b'title = "\xe9"')
    rules = {fault.rule for fault in folder(tmp_path / "information", [ITEM], DAY).faults}
    assert rules == {"page-name", "file-size", "toml"}


@pytest.mark.parametrize(("days", "shown"), [(-1, False), (0, True), (425, True), (426, False)])
def test_a_page_is_shown_from_its_first_to_its_last_day(
    days: int, shown: bool, tmp_path: Path
) -> None:
    entries = checked(tmp_path, policy=POLICY).entries
    day = date(2026, 11, 1) + timedelta(days)
    assert shelf(entries, Kind.POLICY, day, "KT-0001") == (["policy"] if shown else [])


def test_the_order_of_a_shelf(tmp_path: Path) -> None:
    near = replaced('here = ["KT-0001"]', 'here = ["KT-0002"]', PLACE)
    far = replaced('here = ["KT-0001"]', 'here = ["KT-0003"]', PLACE)
    here = replaced("here =", 'see = ["z_near"]\nhere =', PLACE)
    newer = replaced("published = 2026-11-01", "published = 2026-11-02", LIST)
    entries = checked(tmp_path, a_far=far, z_near=near, m_here=here, old=LIST, new=newer).entries
    assert shelf(entries, Kind.PLACE, DAY, "KT-0001") == ["m_here", "z_near", "a_far"]
    assert shelf(entries, Kind.PLACE, DAY, "KT-0003")[0] == "a_far"
    assert shelf(entries, Kind.LIST, DAY, "KT-0001") == ["new", "old"]


def test_a_page_can_be_for_some_terminals_alone(tmp_path: Path) -> None:
    some = replaced("[[sections]]", 'terminals = ["KT-0002"]\n[[sections]]', POLICY)
    entries = checked(tmp_path, policy=some).entries
    assert shelf(entries, Kind.POLICY, DAY, "KT-0001") == []
    assert shelf(entries, Kind.POLICY, DAY, "KT-0002") == ["policy"]


def test_the_shipped_pages_keep_every_rule_and_are_of_all_kinds() -> None:
    found = folder(ROOT / "config/information", fakes.shipped().items, DAY)
    assert (found.faults, found.warnings) == ((), ())
    assert {entry.kind for entry in found.entries.values()} == set(Kind)
    assert len(found.entries) >= 12


def test_the_documented_rules_are_those_of_the_code() -> None:
    """Otherwise: write what `information_files.table()` gives."""
    assert table() in (ROOT / "docs/information.md").read_text(encoding="utf-8")
