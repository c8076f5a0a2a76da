"""Totals that somebody has published, held against themselves: do the parts make the whole?

A file of them is TOML: `[[sum]]` with `what`, `total`, `parts`; `[[share]]` with `what`, `part`,
`whole`, `percent` as printed, such as "93.87" (a string: its places say how it was rounded).
"""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated

import msgspec

Number = Annotated[int, msgspec.Meta(ge=0)]


class ClaimsError(ValueError):
    """Not a file of published totals; names the place."""


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    what: str
    total: Number
    parts: Annotated[tuple[Number, ...], msgspec.Meta(min_length=1)]

    def fault(self) -> str:
        """'' when it adds up."""
        found = sum(self.parts)
        if found == self.total:
            return ""
        told = " + ".join(f"{part:,}" for part in self.parts)
        return f"{self.what}: {told} = {found:,}, not {self.total:,} ({self.total - found:+,})"


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    what: str
    part: Number
    whole: Annotated[int, msgspec.Meta(gt=0)]
    percent: Annotated[str, msgspec.Meta(pattern=r"^\d{1,3}(\.\d{1,6})?$")]

    def fault(self) -> str:
        """'' when it agrees as far as it was printed; otherwise also which whole would fit."""
        told = Decimal(self.percent)
        places = Decimal(1).scaleb(told.as_tuple().exponent)  # type: ignore[arg-type]
        found = (Decimal(self.part) / self.whole * 100).quantize(places, ROUND_HALF_UP)
        if found == told:
            return ""
        said = f"{self.what}: {self.part:,} of {self.whole:,} = {found} %, not {told} %"
        if not told:
            return said
        guess = round(Decimal(self.part) / told * 100)
        fits = guess > 0 and _percent(self.part, guess, places) == told
        return f"{said} (that would be of {guess:,})" if fits else said


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sum: tuple[Sum, ...] = ()
    share: tuple[Share, ...] = ()

    def faults(self) -> list[str]:
        told = [*(one.fault() for one in self.sum), *(one.fault() for one in self.share)]
        return [said for said in told if said]

    def __len__(self) -> int:
        return len(self.sum) + len(self.share)


def read(path: Path) -> Claims:
    """Raises `ClaimsError`."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Claims)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ClaimsError(f"{path}: {error}") from None


def _percent(part: int, whole: int, places: Decimal) -> Decimal:
    return (Decimal(part) / whole * 100).quantize(places, ROUND_HALF_UP)
