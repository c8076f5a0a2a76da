"""Invented holders of 示例县 (Sample County) and of Utopia, one for each kind of card."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from PIL import Image, ImageDraw

from drivers.chipcard.mrz import FILLER, check_digit

_WIDTH, _HEIGHT = 312, 416
_QUALITY: Mapping[str, dict[str, Any]] = {
    "JPEG": {"quality": 50},
    "JPEG2000": {"quality_mode": "rates", "quality_layers": [30]},
}


@dataclass(frozen=True, slots=True)
class SocialCard:
    """`contactless`: T=1 behind an antenna, otherwise T=0 in a slot. `expires` "": not told."""

    number: str
    name: str
    sex: str
    people: str
    card_number: str
    issued: str = "20240301"
    expires: str = "20340301"
    contactless: bool = False


@dataclass(frozen=True, slots=True)
class Passport:
    """`mrz`: its lines, as printed on the data page. `picture`: JPEG or JPEG2000."""

    mrz: tuple[str, ...]
    full_name: str = ""
    issued: str = ""
    picture: str = "JPEG"


@dataclass(frozen=True, slots=True)
class OtherCard:
    """`applications`: what it can be asked for; none of them ours."""

    atr: str
    applications: tuple[str, ...] = ()


def td3(
    issuer: str, name: str, number: str, *, birth: date, sex: str, expiry: date
) -> tuple[str, ...]:
    """A passport's two lines. `name`: `SURNAME<<GIVEN<NAMES`."""
    second = _checked(number.ljust(9, FILLER)) + issuer
    second += f"{_checked(f'{birth:%y%m%d}')}{sex}{_checked(f'{expiry:%y%m%d}')}"
    second += _checked(FILLER * 14)
    whole = second[:10] + second[13:20] + second[21:43]
    return f"P<{issuer}{name}".ljust(44, FILLER), second + check_digit(whole)


def td1(
    issuer: str, name: str, number: str, *, birth: date, sex: str, expiry: date
) -> tuple[str, ...]:
    """A card's three lines; what of `number` is beyond nine characters goes on behind them."""
    more = number[9:] + check_digit(number) if number[9:] else ""
    head = number[:9] + FILLER if more else _checked(number.ljust(9, FILLER))
    first = f"I<{issuer}{head}{more}".ljust(30, FILLER)
    second = f"{_checked(f'{birth:%y%m%d}')}{sex}{_checked(f'{expiry:%y%m%d}')}{issuer}"
    second = second.ljust(29, FILLER)
    whole = first[5:] + second[:7] + second[8:15] + second[18:29]
    return first, second + check_digit(whole), name.ljust(30, FILLER)


def _checked(text: str) -> str:
    return text + check_digit(text)


def picture(form: str) -> bytes:
    """A drawn portrait on grain, so that its file is as large as what passports carry."""
    grain = random.Random(form).randbytes(_WIDTH * _HEIGHT // 16)
    image = Image.frombytes("L", (_WIDTH // 4, _HEIGHT // 4), grain)
    image = image.resize((_WIDTH, _HEIGHT)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.ellipse((86, 90, 226, 280), fill=(222, 190, 165))
    draw.rectangle((60, 300, 252, 416), fill=(70, 84, 110))
    for x in (126, 186):
        draw.ellipse((x - 9, 165, x + 9, 177), fill=(40, 30, 25))
    draw.arc((126, 205, 186, 245), 20, 160, fill=(150, 70, 70), width=5)
    file = io.BytesIO()
    image.save(file, form, **_QUALITY[form])
    return file.getvalue()


SAMPLES: Mapping[str, SocialCard | Passport | OtherCard] = MappingProxyType(
    {
        "social_zhang": SocialCard("445299199003072043", "张小满", "2", "01", "A12345678"),
        "social_li": SocialCard(
            "445299195410121019", "李䶮", "1", "01", "B87654321", expires="", contactless=True
        ),
        "social_long": SocialCard(
            "445299197609231513", "阿卜杜热依木·阿卜杜吾普尔示例", "1", "05", "C00000042"
        ),
        "social_expired": SocialCard(
            "445299197609231513", "王秋实", "1", "01", "D00000043", "20100901", "20200901"
        ),
        "social_bad_number": SocialCard(
            "445299198306151310", "赵错码", "1", "01", "E00000044"
        ),
        "passport_zhang": Passport(
            td3(
                "CHN", "ZHANG<<XIAOMAN", "E12345678",
                birth=date(1990, 3, 7), sex="F", expiry=date(2031, 5, 19),
            ),
            full_name="张小满",
            issued="20210520",
        ),
        "passport_eriksson": Passport(
            td3(
                "UTO", "ERIKSSON<<ANNA<MARIA", "L898902C",
                birth=date(1974, 8, 12), sex="F", expiry=date(2032, 4, 15),
            ),
            picture="JPEG2000",
        ),
        "passport_expired": Passport(
            td3(
                "UTO", "STEVENSON<<PETER<JOHN", "D2314589",
                birth=date(1934, 7, 12), sex="M", expiry=date(2015, 7, 12),
            ),
        ),
        "idcard_utopia": Passport(
            td1(
                "UTO", "STEVENSON<<PETER<JOHN", "D23145890734",
                birth=date(1934, 7, 12), sex="M", expiry=date(2031, 7, 12),
            ),
        ),
        "bank": OtherCard(
            "3B6D000080318065B08931011683009000",
            ("315041592E5359532E4444463031", "A000000333010101"),
        ),
        "transit": OtherCard("3B8F8001804F0CA000000306030001000000006A"),
    }
)  # fmt: skip
