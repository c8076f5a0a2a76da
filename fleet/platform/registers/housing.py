"""The register of real estate: what somebody owns, or that they own nothing."""

from __future__ import annotations

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.contract import Table
from fleet.platform.registers.draw import code, draw, one_of
from fleet.platform.registers.words import Asked

_ESTATES = ("和平路", "滨河小区", "青石花园", "桥头新村", "城关南街")
_USES = ("住宅", "住宅", "商业服务")
_HEAD = (
    ("不动产权证号", "Title no."),
    ("坐落", "Where"),
    ("用途", "Use"),
    ("面积（㎡）", "Area, m²"),
    ("登记年份", "Since"),
)
_MOST = 2
_AREA = Pair("示例县行政区域", "The area of Sample County")


def housing(asked: Asked) -> Facts:
    """One person in four owns nothing; the certificate says so just as well."""
    owned = draw(asked.number, "estates") % (_MOST + 2)
    rows = tuple(_estate(asked.number, i, asked.today.year) for i in range(min(owned, _MOST)))
    found = Pair(f"登记不动产{len(rows)}处", f"{len(rows)} registered")
    if not rows:
        found = Pair("未登记不动产", "None registered")
    told = (
        Row(Pair("查询编号", "Search no."), same(code("BDC", asked.number, asked.today))),
        *asked.rows("purpose"),
    )
    named = {
        "scope": _AREA,
        "found": found,
        "purpose": asked.said("purpose", "use"),
    }
    return Facts(told, Table(_HEAD, rows), named)


def _estate(number: str, index: int, year: int) -> tuple[str, ...]:
    street = one_of(_ESTATES, number, index)
    place = f"{street}{draw(number, index, 'house') % 90 + 1}号{draw(number, index) % 900 + 101}室"
    area = 5000 + draw(number, index, "area") % 9000
    since = year - draw(number, index, "since") % 20
    return (
        code("示县不动产权第", number, index),
        place,
        one_of(_USES, number, index, "use"),
        f"{area // 100}.{area % 100:02}",
        str(since),
    )
