"""The settings that all receipt printers share, and what a printer's profile says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from drivers.options import Options
from drivers.receipt.escpos import Cut, Paper

_USUAL_WIDTH = 576  # dots: 72 mm, on paper of 80 mm
_PICTURES = "bitImageRaster"  # GS v 0: without it no rare name could be printed


class Answers(StrEnum):
    """What a printer can be relied on to say."""

    IN_TURN = "in_turn"  # when a slip is out: GS r, GS I or GS a
    REAL_TIME = "real_time"  # its faults alone (DLE EOT)
    NEVER = "never"  # nothing: its cable goes one way


class ReceiptOptions(Options):
    profile: str = Field(
        "default",
        description="capability profile of python-escpos: whether the printer draws QR codes by "
        "itself, how it cuts, and how wide it prints",
    )
    width_dots: int | None = Field(
        None,
        ge=256,
        le=832,
        multiple_of=8,
        description="printable dots across: 576 on 80 mm paper, 384 on 58 mm; else the profile's",
    )
    cutter: bool = Field(True, description="it has a knife; else the slip is fed to be torn off")
    answers: Answers = Field(
        Answers.IN_TURN,
        description="what the printer can say. in_turn: when a slip is out; real_time: only its "
        "faults, and never: nothing; with these two every slip ends unconfirmed",
    )
    timeout: float = Field(2.0, gt=0, le=4, description="seconds for each act on the line")
    finish_seconds: float = Field(
        20.0, gt=0, le=120, description="seconds for a slip to be printed and cut"
    )

    @field_validator("profile")
    @classmethod
    def _prints_pictures(cls, name: str) -> str:
        if name not in _profiles():
            raise ValueError("python-escpos has no such profile")
        if not _profiles()[name]["features"].get(_PICTURES):
            raise ValueError("this printer can't print pictures, so not every name")
        return name

    @model_validator(mode="after")
    def _fits(self) -> Self:
        most = _width(self.profile)
        if most and self.width_dots and self.width_dots > most:
            raise ValueError(f"width_dots: this profile's printer has {most} dots")
        return self

    @property
    def paper(self) -> Paper:
        features = _profiles()[self.profile]["features"]
        width = self.width_dots or _width(self.profile) or _USUAL_WIDTH
        return Paper(width, bool(features.get("qrCode")), self._cut(features))

    def _cut(self, features: Mapping[str, bool]) -> Cut:
        if not self.cutter:
            return Cut.NONE
        known = {Cut.PARTIAL: "paperPartCut", Cut.FULL: "paperFullCut"}
        return next((cut for cut, name in known.items() if features.get(name)), Cut.NONE)


def _width(profile: str) -> int | None:
    pixels = _profiles()[profile]["media"]["width"].get("pixels")
    return pixels if isinstance(pixels, int) else None


@cache
def _profiles() -> Mapping[str, Any]:
    """The library's own data, without importing all of it when settings are checked."""
    text = files("escpos").joinpath("capabilities.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)["profiles"]
    return found
