"""Paper and toner, from a printer's reasons, markers and supplies (PWG 5100.9, RFC 3805). Pure.

A level never says that a supply is out: printers go on at 0 %, and tell by a reason when it is
over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from drivers.document.faults import DocumentFault, supply_of
from drivers.document.messages import Attributes, Value
from drivers.document.reasons import low_in
from kiosk.model import SupplyLevel

_LOW_PERCENT = 10
_WORST_FIRST = (
    SupplyLevel.JAMMED,
    SupplyLevel.OUT,
    SupplyLevel.LOW,
    SupplyLevel.UNKNOWN,
    SupplyLevel.FULL,
)
_SIZE = re.compile(r"_(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)mm$")  # of a PWG 5101.1 name
_SOME = -3  # a level that says: not empty, more is not known
_CONSUMED = "supplyThatIsConsumed"
_TONERS = ("toner", "toner-cartridge", "tonerCartridge", "ink", "ink-cartridge", "inkCartridge")


def supplies_of(
    said: Attributes, reasons: Sequence[str], causes: Iterable[DocumentFault]
) -> dict[str, SupplyLevel]:
    found: dict[str, list[SupplyLevel]] = {"paper": [SupplyLevel.FULL], "toner": toners(said)}
    for cause in causes:
        if supply := supply_of(cause):
            found[supply[0]].append(supply[1])
    for name in low_in(reasons):
        found[name].append(SupplyLevel.LOW)
    return {name: worst(levels) for name, levels in found.items()}


def tray_has(said: Attributes, media: str) -> bool:
    """Does a tray say that it holds paper of that size? (`printer-input-tray`, PWG 5100.13)

    Of many trays one is always empty, and then the printer says `media-empty`, whichever it is.
    """
    size = _SIZE.search(media)
    if size is None:
        return False
    wanted = {round(float(side) * 100) for side in size.groups()}
    trays = map(_pairs, said.get("printer-input-tray", ()))
    return any(
        {_whole(tray.get("mediafeed")), _whole(tray.get("mediaxfeed"))} == wanted
        and _holds(_whole(tray.get("level")))
        for tray in trays
    )


def _holds(level: int | None) -> bool:
    return level is not None and (level > 0 or level == _SOME)


def worst(levels: Iterable[SupplyLevel]) -> SupplyLevel:
    """NOT_SUPPORTED when nobody says anything."""
    seen = set(levels)
    return next((level for level in _WORST_FIRST if level in seen), SupplyLevel.NOT_SUPPORTED)


def toners(said: Attributes) -> list[SupplyLevel]:
    """One level for each toner that the printer tells of."""
    kinds, levels = said.get("marker-types", ()), said.get("marker-levels", ())
    low = said.get("marker-low-levels", ())
    markers = [
        _level(level, 100, lowest)
        for kind, level, lowest in zip_longest(kinds, levels, low)
        if kind in _TONERS
    ]
    return markers or [
        _level(_whole(supply.get("level")), _whole(supply.get("maxcapacity")), None)
        for supply in map(_pairs, said.get("printer-supply", ()))
        if supply.get("class") == _CONSUMED and supply.get("type") in _TONERS
    ]


def _level(level: Value | None, capacity: Value | None, low: Value | None) -> SupplyLevel:
    """Negative numbers say in which way it is unknown (RFC 3805)."""
    if not isinstance(level, int) or not isinstance(capacity, int) or level < 0 or capacity <= 0:
        return SupplyLevel.UNKNOWN
    least = low if isinstance(low, int) and low >= 0 else _LOW_PERCENT
    return SupplyLevel.LOW if level * 100 <= least * capacity else SupplyLevel.FULL


def _pairs(supply: Value) -> dict[str, str]:
    """`index=2;class=supplyThatIsConsumed;type=toner;…`"""
    parts = (part.partition("=") for part in str(supply).split(";"))
    return {name.strip(): value.strip() for name, _, value in parts}


def _whole(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
