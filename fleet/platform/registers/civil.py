"""The police's registers: records, households, residence permits."""

from __future__ import annotations

from datetime import timedelta

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.numbers import birth_of
from fleet.platform.registers.draw import code, draw, one_of
from fleet.platform.registers.words import Asked, day

_HIT_ONE_IN = 40
_YEAR = 365  # days
_PLACES = (
    Pair("示例县城关镇和平路", "Heping Road, Chengguan Town, Sample County"),
    Pair("示例县青石镇桥头村", "Qiaotou Village, Qingshi Town, Sample County"),
    Pair("示例县白云乡上坪村", "Shangping Village, Baiyun Township, Sample County"),
    Pair("示例县东江街道滨河社区", "Binhe Community, Dongjiang Subdistrict, Sample County"),
)
_RELATIONS = {
    "self": Pair("本人", "Self"),
    "spouse": Pair("配偶", "Spouse"),
    "child": Pair("子女", "Child"),
    "parent": Pair("父母", "Parent"),
}


def no_record(asked: Asked) -> Facts | None:
    """None: the register has an entry that somebody must look at first."""
    if not clear(asked.number):
        return None
    return Facts(tuple(asked.rows()), None, {"purpose": asked.said("purpose", "use")})


def clear(number: str) -> bool:
    """Does a search of the records come back empty?"""
    return draw(number, "record") % _HIT_ONE_IN != 0


def household(asked: Asked) -> Facts | None:
    """None: registered in no household of this county."""
    birth = birth_of(asked.number)
    if birth is None or birth > asked.today:
        return None
    mine = asked.answer("subject") in ("", "self")
    subject = Pair("申请人本人", "The applicant")
    relation = _RELATIONS["self"]
    if not mine:
        subject = asked.said("member_name", "subject_name", other=subject)
        relation = _RELATIONS.get(asked.answer("relation"), asked.said("relation"))
    address = _address(asked.number)
    moved = birth + timedelta(days=draw(asked.number, "moved") % 7000)
    rows = (
        Row(Pair("户号", "Household no."), same(code("H", asked.number))),
        Row(Pair("户别", "Kind"), Pair("家庭户", "Family household")),
        Row(Pair("户籍地址", "Registered address"), address),
        Row(Pair("与户主关系", "Relation to head"), relation),
        Row(Pair("登记日期", "Registered since"), day(min(moved, asked.today))),
        *asked.rows("relation", *(() if not mine else ("member_name", "member_number"))),
    )
    return Facts(rows, None, {"subject": subject, "address": address, "relation": relation})


def endorsement(asked: Asked) -> Facts:
    """A residence permit goes on for another year."""
    until = day(asked.today + timedelta(days=_YEAR))
    address = asked.said("address", "address_unit")
    rows = (
        Row(Pair("居住证号", "Permit no."), same(code("JZ", asked.number))),
        Row(Pair("签注日期", "Endorsed on"), day(asked.today)),
        Row(Pair("有效期至", "Valid until"), until),
        *asked.rows(),
    )
    return Facts(rows, None, {"until_day": until, "address": address})


def _address(number: str) -> Pair:
    place, house = one_of(_PLACES, number, "place"), draw(number, "house") % 180 + 1
    return Pair(f"{place.zh}{house}号", f"No. {house}, {place.en}")
