"""Invented people of 示例县 (Sample County), one for each kind of card. Photos are not pictures."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from drivers.idcard.frames import PHOTO_SIZE
from kiosk.model import CardType, IdCard

_WLT_HEAD = b"WLf\x00\x7e\x00"  # 102 by 126 pixels
_POLICE = "示例县公安局"


def pseudo_photo(seed: str) -> bytes:
    """1024 bytes in the place of a WLT portrait, always the same for one `seed`."""
    return _WLT_HEAD + random.Random(seed).randbytes(PHOTO_SIZE - len(_WLT_HEAD))


def _citizen(name: str, number: str, sex: str, valid_from: date, valid_to: date | None) -> IdCard:
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
        photo=pseudo_photo(number),
    )


SAMPLES: Mapping[str, IdCard] = MappingProxyType(
    {
        "zhang": _citizen(
            "张小满", "445299199003072043", "女", date(2020, 5, 20), date(2040, 5, 20)
        ),
        "li": _citizen("李䶮", "445299195410121019", "男", date(2021, 3, 1), None),
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
            photo=pseudo_photo("hmt"),
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
            photo=pseudo_photo("foreigner_i"),
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
            photo=pseudo_photo("foreigner_y"),
        ),
    }
)
