"""Views of a catalogue of many items: shelves, one shelf, and what a search finds."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Text
from kiosk.services.item import LifeEvent, Theme, UseLevel
from kiosk.services.search_kinds import Facet
from kiosk.view import Body, ServicesBody, ServiceTile, ShelfTile, State

_TOTAL = 21_735
_COUNTS = (4128, 3310, 1874, 96, 1202, 451, 2036, 5288, 873, 64, 1530, 883)

# The longest names there are first: they must fit too.
_OFFICES = (
    ("示例县人力资源和社会保障局", "Human Resources and Social Security Bureau", 214),
    ("示例县残疾人联合会", "Sample County Disabled Persons' Federation", 31),
    ("示例县公安局", "Public Security Bureau of Sample County", 126),
    ("示例县民政局", "Civil Affairs Bureau of Sample County", 88),
    ("示例县医疗保障局", "Medical Insurance Bureau of Sample County", 47),
    ("国家税务总局示例县税务局", "Tax Bureau of Sample County", 59),
    ("示例县自然资源和规划局", "Natural Resources and Planning Bureau of Sample County", 73),
    ("示例县住房和城乡建设局", "Housing and Urban-Rural Development Bureau of Sample County", 92),
    ("示例市住房公积金管理中心示例县管理部", "Sample County Office of the Housing Fund Centre", 18),
    ("示例县农业农村局", "Agriculture and Rural Affairs Bureau of Sample County", 64),
    ("示例县文化广电旅游体育局", "Culture, Tourism and Sports Bureau of Sample County", 55),
    ("示例县退役军人事务局", "Veterans' Affairs Bureau of Sample County", 22),
)  # fmt: skip


def _shelves(facet: Facet, keys: tuple[str, ...]) -> tuple[ShelfTile, ...]:
    return tuple(
        ShelfTile(facet, key, count) for key, count in zip(keys, _COUNTS[: len(keys)], strict=True)
    )


SHELVES = {
    Facet.THEME: _shelves(Facet.THEME, tuple(Theme)),
    Facet.LIFE_EVENT: _shelves(Facet.LIFE_EVENT, tuple(LifeEvent)),
    Facet.LEVEL: _shelves(Facet.LEVEL, tuple(UseLevel)),
    Facet.DEPARTMENT: tuple(
        ShelfTile(Facet.DEPARTMENT, f"D{number}", count, Text(zh, en))
        for number, (zh, en, count) in enumerate(_OFFICES)
    ),
}


def bodies(tiles: tuple[ServiceTile, ...]) -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body. `tiles`: eight services."""
    home = ServicesBody(tiles, searchable=True, total=_TOTAL, shelves=SHELVES[Facet.THEME])
    office, federation = SHELVES[Facet.DEPARTMENT][:2]
    long = tuple(
        replace(tile, task_code=f"L{number}", department=(office, federation)[number % 2].name)
        for number, tile in enumerate(tiles * 2)
    )
    shelf = replace(home, shelves=())
    made = {
        "shelves": home,
        "shelves-known": replace(home, known="张*"),
        "shelves-both": replace(home, known="张*", helper="李*"),
        **{f"shelves-{facet}": replace(home, facet=facet, shelves=SHELVES[facet])
           for facet in list(Facet)[1:]},
        "shelf": replace(shelf, shelf=SHELVES[Facet.THEME][0], tiles=long, found=4128),
        "shelf-office": replace(shelf, facet="department", shelf=office, tiles=long[:5],
                                found=5, known="张*"),
        "search-open": replace(shelf, words=" ", tiles=long, found=16),
        "search": replace(shelf, words="yanglao", tiles=long[:7], found=7),
        "search-one": replace(shelf, words="juzhuzheng", tiles=long[5:6], found=1),
        "search-nothing": replace(shelf, words="qqzz", tiles=(), found=0),
    }  # fmt: skip
    return {f"services-{name}": (State.SERVICES, body) for name, body in made.items()}
