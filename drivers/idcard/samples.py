"""Invented people of 示例县 (Sample County), one for each kind of card.

`SAMPLES` says what a terminal reads without a photo decoder and without fingerprints; what else
lies on the chips is in `FINGERS` and `sample_wlt`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import msgspec

from drivers.idcard.blocks import FINGER_SIZE, PHOTO_SIZE
from drivers.idcard.text import encode
from kiosk.identity.codes import PEOPLES, SEXES
from kiosk.model import CardType, IdCard

WLT_MARK = b"WLf\x00\x7e\x00"  # 102 by 126 pixels
_POLICE = "示例县公安局"


def sample_wlt(name: str, key: str = "") -> bytes:
    """The portrait on the chip, in its 1024 bytes; always the same for one `name` and `key`.

    Nobody has published how WLT is written, so behind its mark there is no picture, only noise:
    a real decoder rejects it. `key`: of a portrait that `sample_decoder` finds.
    """
    head = WLT_MARK + (f"SAMPLE:{key}:".encode() if key else b"")
    return head + random.Random(name).randbytes(PHOTO_SIZE - len(head))


def _finger(seed: str) -> bytes:
    return b"C\x01" + random.Random(seed).randbytes(FINGER_SIZE - 2)


FINGERS: Mapping[str, tuple[bytes, ...]] = MappingProxyType(
    {"zhang": (_finger("zhang 1"), _finger("zhang 2")), "hmt": (_finger("hmt 1"),)}
)


def _citizen(
    name: str, number: str, sex: str, valid_from: date, valid_to: date | None, *, moved: str = ""
) -> IdCard:
    return IdCard(
        card_type=CardType.CITIZEN,
        name=name,
        number=number,
        sex=sex,
        birth=date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"),
        valid_from=valid_from,
        valid_to=valid_to,
        ethnic="汉",
        address="示例省示例市示例县和平路1号",
        issuer=_POLICE,
        new_address=moved,
    )


class SamplePerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A citizen's card with any words on it. ValueError for what no card can hold."""

    name: str
    number: str
    sex: str
    birth: date
    valid_from: date
    valid_to: date | None = None
    address: str = ""
    issuer: str = _POLICE
    ethnic: str = "汉"

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a card without a name")
        if self.ethnic not in PEOPLES.values() or self.sex not in SEXES.values():
            raise ValueError("ethnic or sex is none that a card knows")
        encode(self.card)

    @property
    def card(self) -> IdCard:
        return IdCard(card_type=CardType.CITIZEN, **msgspec.structs.asdict(self))


SAMPLES: Mapping[str, IdCard] = MappingProxyType(
    {
        "zhang": _citizen(
            "张小满", "445299199003072043", "女", date(2020, 5, 20), date(2040, 5, 20)
        ),
        "li": _citizen(
            "李䶮",
            "445299195410121019",
            "男",
            date(2021, 3, 1),
            None,
            moved="示例省示例市示例县新河路12号 3单元",
        ),
        "child": _citizen("林小禾", "445299201609182044", "女", date(2024, 7, 1), date(2029, 7, 1)),
        "helper": _citizen("何春生", "445299197104123031", "男", date(2019, 4, 15), None),
        "spouse": _citizen(
            "林远山", "445299198907252018", "男", date(2021, 9, 6), date(2041, 9, 6)
        ),
        "operator": _citizen(
            "苏明禾", "445299199411081061", "女", date(2022, 5, 10), date(2042, 5, 10)
        ),
        "expired": _citizen(
            "王秋实", "445299197609231513", "男", date(2010, 9, 1), date(2020, 9, 1)
        ),
        "bad_number": _citizen(
            "赵错码", "445299198306151310", "男", date(2018, 6, 1), date(2038, 6, 1)
        ),
        "hmt": IdCard(
            card_type=CardType.HMT_RESIDENCE,
            name="陈海澄",
            number="810000198808080021",
            sex="女",
            birth=date(1988, 8, 8),
            valid_from=date(2026, 3, 1),
            valid_to=date(2031, 3, 1),
            address="示例省示例市示例县滨海路8号",
            issuer=_POLICE,
            pass_number="H00000000",  # noqa: S106 (a travel document)
            issue_count="02",
        ),
        "foreigner_i": IdCard(
            card_type=CardType.FOREIGN_2017,
            name="艾丽丝",
            name_en="EXAMPLE ALICE MARIE",
            number="XXA440085042304",
            sex="女",
            birth=date(1985, 4, 23),
            valid_from=date(2022, 6, 1),
            valid_to=date(2032, 6, 1),
            issuer="4400",
            nationality="XXA",
        ),
        "foreigner_y": IdCard(
            card_type=CardType.FOREIGN_2023,
            name="马高美",
            name_en="FAIRWEATHER MONTGOMERY CHRISTOPHER JOHN",
            number="944840197911051010",
            sex="男",
            birth=date(1979, 11, 5),
            valid_from=date(2024, 1, 15),
            valid_to=date(2034, 1, 15),
            nationality="USA",
            issue_count="01",
        ),
    }
)
