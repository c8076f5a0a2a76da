"""A scanner that types like a keyboard (USB HID), read from its input device and kept from the
screen: the device is grabbed from the first `status` on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import ClassVar, Self

from pydantic import Field, model_validator

from drivers import options
from drivers.evdev import EvdevSource, SourceFault
from drivers.options import Site
from drivers.scanner.frames import Framing, Piece
from drivers.scanner.keys import AltCodes, Typing
from drivers.scanner.status import ScannerFault
from drivers.scanner.text import code
from drivers.scanner.transport import LineScanner

_OF_SOURCE: Mapping[SourceFault, ScannerFault] = MappingProxyType(
    {
        SourceFault.ABSENT: ScannerFault.NOT_CONNECTED,
        SourceFault.DENIED: ScannerFault.DENIED,
        SourceFault.TAKEN: ScannerFault.TAKEN,
        SourceFault.NO_INPUT: ScannerFault.WRONG_DEVICE,
    }
)


class WedgeOptions(options.Options):
    path: str = Field("", description="the input device, e.g. /dev/input/by-id/usb-…-event-kbd")
    name: str = Field("", description="without path: part of its name under /dev/input/by-id")
    enter: bool = Field(True, description="the scanner presses Enter behind each code")
    idle_seconds: float = Field(
        0.2, ge=0.02, le=2, description="a pause that no code has inside: what began is over"
    )
    alt_codes: AltCodes = Field(
        AltCodes.GBK,
        description="what numbers typed with Alt mean: gbk (characters or bytes), unicode, off",
    )
    aim: bool = Field(True, description="understand the AIM prefix (]Q1) if the scanner sends it")

    @model_validator(mode="after")
    def _one_way_to_find_it(self) -> Self:
        if not self.path and not self.name:
            raise ValueError("either path or name is needed")
        return self


class WedgeWire:
    def __init__(self, source: EvdevSource, alt_codes: AltCodes) -> None:
        self._source = source
        self._typing = Typing(alt_codes)

    def open(self) -> ScannerFault | None:
        fault = self._source.open()
        return None if fault is None else self._lost(fault)

    def read(self, seconds: float) -> Sequence[Piece] | ScannerFault | None:
        came = self._source.read(seconds)
        if isinstance(came, SourceFault):
            return self._lost(came)
        if not came:
            return None
        return [piece for event in came for piece in self._typing.pieces(event)]

    def wait(self, seconds: float) -> None:
        self._source.wait(seconds)

    def wake(self) -> None:
        self._source.wake()

    def close(self) -> None:
        self._source.end()

    def _lost(self, fault: SourceFault) -> ScannerFault:
        self._typing.release()
        return _OF_SOURCE[fault]


class WedgeScanner(LineScanner):
    Options: ClassVar[type[WedgeOptions]] = WedgeOptions

    @classmethod
    def build(cls, options: WedgeOptions, site: Site) -> Self:
        wire = WedgeWire(EvdevSource(options.path, options.name), options.alt_codes)
        framing = Framing.LINE if options.enter else Framing.SILENCE
        return cls(wire, framing, options.idle_seconds, partial(code, aim=options.aim))
