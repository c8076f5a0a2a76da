"""What every driver's section in the settings has in common, and what a driver is built with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

from pydantic import BaseModel, ConfigDict

from kiosk.ports import FrameSlot


class Options(BaseModel):
    """Base of a driver's options: `[<device>.<driver>]` in the settings. Typos are refused.

    Each field has a `description`: `docs/drivers.md` and `kiosk check` show it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Site:
    """What a terminal lends to its drivers.

    `frames`: pictures for the mirror on screen. `headphones`: are they plugged in now?
    """

    frames: FrameSlot = field(default_factory=FrameSlot)
    headphones: Callable[[], bool] = lambda: False


class Driver(Protocol):
    """A driver's class, as the registry needs it."""

    Options: ClassVar[type[Options]]

    @classmethod
    def build(cls, options: Any, site: Site) -> Self:
        """`options` is an instance of `cls.Options`. Opens nothing and never blocks."""

    async def status(self) -> Any: ...

    async def close(self) -> None: ...
