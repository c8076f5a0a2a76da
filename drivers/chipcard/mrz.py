"""The machine-readable zone of travel documents: ICAO 9303 parts 4 (TD3), 5 (TD1) and 6 (TD2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

FILLER = "<"
_CHARACTERS = re.compile(r"[0-9A-Z<]+", re.ASCII)
_WEIGHTS = (7, 3, 1)


class _Layout(NamedTuple):
    """Places in the lines written one after the other. `optional` may hold a number's end."""

    lines: int
    names: slice
    number: slice
    optional: slice
    birth: slice
    sex: int
    expiry: slice
    nationality: slice
    composite: tuple[slice, ...]


_LAYOUTS: Mapping[int, _Layout] = MappingProxyType(
    {
        88: _Layout(
            lines=2,
            names=slice(5, 44),
            number=slice(44, 53),
            optional=slice(72, 86),
            birth=slice(57, 63),
            sex=64,
            expiry=slice(65, 71),
            nationality=slice(54, 57),
            composite=(slice(44, 54), slice(57, 64), slice(65, 87)),
        ),
        72: _Layout(
            lines=2,
            names=slice(5, 36),
            number=slice(36, 45),
            optional=slice(64, 71),
            birth=slice(49, 55),
            sex=56,
            expiry=slice(57, 63),
            nationality=slice(46, 49),
            composite=(slice(36, 46), slice(49, 56), slice(57, 71)),
        ),
        90: _Layout(
            lines=3,
            names=slice(60, 90),
            number=slice(5, 14),
            optional=slice(15, 30),
            birth=slice(30, 36),
            sex=37,
            expiry=slice(38, 44),
            nationality=slice(45, 48),
            composite=(slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)),
        ),
    }
)
_TD3 = 88


@dataclass(frozen=True, slots=True)
class Mrz:
    """`birth` and `expiry` are yymmdd as printed. `key`: what the chip's access keys come from."""

    document: str
    issuer: str
    number: str = field(repr=False)
    birth: str = field(repr=False)
    expiry: str = field(repr=False)
    sex: str = field(repr=False)
    nationality: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)
    key: str = field(repr=False)


def check_digit(text: str) -> str:
    """Weights 7, 3, 1; digits count as themselves, A is 10, the filler 0."""
    total = sum(
        (0 if character == FILLER else int(character, 36)) * _WEIGHTS[place % 3]
        for place, character in enumerate(text)
    )
    return str(total % 10)


def parse(text: str) -> Mrz | None:
    """Two or three lines, with or without line ends; None unless every check digit is right."""
    flat = "".join(text.split()).upper()
    layout = _LAYOUTS.get(len(flat))
    if layout is None or not _CHARACTERS.fullmatch(flat):
        return None
    number = _number(flat, layout)
    birth, expiry = flat[layout.birth], flat[layout.expiry]
    dates_right = all(
        check_digit(flat[place]) == flat[place.stop] for place in (layout.birth, layout.expiry)
    )
    if number is None or not dates_right or not _rest_right(flat, layout):
        return None
    surname, _, given = flat[layout.names].partition("<<")
    padded = number.ljust(9, FILLER)
    return Mrz(
        document=flat[:2].rstrip(FILLER),
        issuer=flat[2:5].rstrip(FILLER),
        number=number,
        birth=birth,
        expiry=expiry,
        sex=flat[layout.sex],
        nationality=flat[layout.nationality].rstrip(FILLER),
        surname=_words(surname),
        given=_words(given),
        key="".join(part + check_digit(part) for part in (padded, birth, expiry)),
    )


def birth_date(yymmdd: str, today: date) -> date | None:
    """The latest such day that is not after `today`; None for a day that is not (wholly) told."""
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        found = _date(century, yymmdd)
        if found and found <= today:
            return found
    return None


def expiry_date(yymmdd: str) -> date | None:
    """Chips are in passports since 2004, so the century is the 21st; None when not told."""
    return _date(2000, yymmdd)


def _date(century: int, yymmdd: str) -> date | None:
    if not yymmdd.isdigit() or len(yymmdd) != 6:
        return None
    try:
        return date(century + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None


def _number(flat: str, layout: _Layout) -> str | None:
    """None when its check digit is wrong. A long one goes on in the optional data (TD1, TD2)."""
    number, check = flat[layout.number], flat[layout.number.stop]
    if check == FILLER and len(flat) != _TD3:
        more = flat[layout.optional].partition(FILLER)[0]
        number, check = number + more[:-1], more[-1:]
    return number.rstrip(FILLER) if number and check_digit(number) == check else None


def _rest_right(flat: str, layout: _Layout) -> bool:
    """The composite check digit; and TD3's of the optional data, which may be a filler there."""
    last = -1 if layout.lines == 2 else 59
    whole = "".join(flat[place] for place in layout.composite)
    if check_digit(whole) != flat[last]:
        return False
    if len(flat) != _TD3:
        return True
    optional = flat[layout.optional]
    return flat[86] == check_digit(optional) or (flat[86] == FILLER and not optional.strip(FILLER))


def _words(name: str) -> str:
    return " ".join(name.replace(FILLER, " ").split())
