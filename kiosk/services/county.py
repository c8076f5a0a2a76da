"""An invented county of any size, for measuring: the same seed makes the same items.

The shape follows a real one: a thousand items of the county's departments, and then the same
matters for each of 23 towns and some 440 villages.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kiosk.identity.organisations import credit_check, organisation_check
from kiosk.services.fields import Words
from kiosk.services.item import Item, Theme, UseLevel

COUNTY_SIZE = 21_735
_PARTS = Path(__file__).with_name("county.toml")
_REGION = "11445299"  # as in the samples
_BASE = 10**12 // 5  # catalogue codes from here on: no sample has one
_MATTERS_OF_A_VILLAGE = 8
_LEVELS = {UseLevel.COUNTY: "3", UseLevel.TOWN: "4", UseLevel.VILLAGE: "5"}
_WEIGHTS = {UseLevel.COUNTY: 100, UseLevel.TOWN: 10, UseLevel.VILLAGE: 1}


Pair = tuple[str, str]  # in Chinese, in English
Three = tuple[str, str, str]


class Department(msgspec.Struct, frozen=True):
    name: Pair
    themes: tuple[Theme, ...]
    matters: tuple[Three, ...]


class Parts(msgspec.Struct, frozen=True):
    """What `county.toml` says."""

    called: dict[str, str]
    acts: dict[str, tuple[Three, ...]]
    grassroots: tuple[Three, ...]
    towns: tuple[Pair, ...]
    villages: tuple[Pair, ...]
    departments: tuple[Department, ...]


@dataclass(frozen=True, slots=True)
class _Office:
    name: Words
    code: str
    level: UseLevel
    place: Words
    themes: tuple[Theme, ...] = ()


def county(samples: Sequence[Item], count: int = COUNTY_SIZE, seed: int = 1) -> list[Item]:
    """`count` items, the samples first; all others take guide, form and materials of a sample.

    Raises ValueError when there are not so many.
    """
    chance = random.Random(seed)
    items = list(islice(chain(samples, _items(samples, chance)), count))
    if len(items) < count:
        raise ValueError(f"there are only {len(items)} items in this county")
    return items


def weights(items: Iterable[Item], seed: int = 1) -> Mapping[str, float]:
    """How often each is asked for: the county's own most, a few far more than others."""
    chance = random.Random(seed)
    return {
        item.task_code: _WEIGHTS.get(item.use_level, 1) * chance.paretovariate(1.2)
        for item in items
    }


def _items(samples: Sequence[Item], chance: random.Random) -> Iterator[Item]:
    parts = msgspec.convert(tomllib.loads(_PARTS.read_text("utf-8")), Parts)
    codes = (_credit_code(number) for number in range(1, 1_000_000))
    bases: dict[str, int] = {}
    offices = chain(
        _departments(parts, codes), _towns(parts, codes), _villages(parts, codes, chance)
    )
    for office, matters in offices:
        for kind, zh, en in matters:
            for act in parts.acts[kind]:
                base = bases.setdefault(zh + act[0], _BASE + len(bases))
                called = f"{zh[:4]}{act[2]} {parts.called[kind]}"
                yield _item(chance.choice(samples), office, (zh, en, called), act, f"{base:012d}")


def _departments(parts: Parts, codes: Iterator[str]) -> Iterator[tuple[_Office, Sequence[Three]]]:
    for department in parts.departments:
        zh, en = department.name
        name, place = Words(f"示例县{zh}", f"Sample County {en}"), Words("", "")
        office = _Office(name, next(codes), UseLevel.COUNTY, place, department.themes)
        yield office, department.matters


def _towns(parts: Parts, codes: Iterator[str]) -> Iterator[tuple[_Office, Sequence[Three]]]:
    for zh, en in parts.towns:
        name, place = Words(f"{zh}人民政府", f"{en} Town Government"), Words(zh, f"{en} Town")
        yield _Office(name, next(codes), UseLevel.TOWN, place), parts.grassroots


def _villages(
    parts: Parts, codes: Iterator[str], chance: random.Random
) -> Iterator[tuple[_Office, Sequence[Three]]]:
    for zh, en in chance.sample(parts.villages, len(parts.villages)):
        for town, english in chance.sample(parts.towns, len(parts.towns)):
            place = Words(f"{town}{zh}村", f"{en} Village, {english} Town")
            name = Words(f"{place.zh}村民委员会", f"{en} Village Committee, {english} Town")
            matters = chance.sample(parts.grassroots, _MATTERS_OF_A_VILLAGE)
            yield _Office(name, next(codes), UseLevel.VILLAGE, place), matters


def _item(sample: Item, office: _Office, matter: Three, act: Three, base: str) -> Item:
    zh, en, called = matter
    where = Words(f"（{office.place.zh}）", f", {office.place.en}")
    if not office.place.zh:
        where = Words("", "")
    return replace(
        sample,
        catalog_code=base,
        task_code=f"{office.code}{_LEVELS[office.level]}{base}",
        task_name=Words(f"{zh}{act[0]}{where.zh}", f"{en}: {act[1]}{where.en}"),
        dept_name=office.name,
        dept_code=office.code,
        use_level=office.level,
        themes=office.themes or sample.themes,
        keywords=Words(called, f"{act[1]} {en.split()[0]}".lower()),
        parts=(),
    )


def _credit_code(number: int) -> str:
    base = f"MC{number:06d}"
    first17 = f"{_REGION}{base}{organisation_check(base)}"
    return first17 + credit_check(first17)
