"""Sensors on the lines of a GPIO chip (Linux character device, libgpiod 2).

Not tried on hardware: here is no GPIO chip, and no gpio-sim. What talks to the kernel is the few
lines of `_requested` and `_Chip`; all else is tested with lines of another make.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Literal, Protocol, Self

import gpiod
from gpiod.line import Bias, Direction, Edge, Value
from pydantic import Field, field_validator

from drivers.bell import Bell
from drivers.options import Options, Site
from drivers.sensors.readings import Contact, served
from drivers.sensors.settle import SETTLE_SECONDS
from drivers.sensors.status import DEVICE, Seen, SensorFault, of_contacts
from drivers.sensors.transport import WatchedSensors
from drivers.sensors.wiring import EXPLAINED, Wire, Wiring

_EVERY = 5.0  # seconds between looks while no edge comes
_BIASES: Mapping[str, Bias] = MappingProxyType(
    {"as_is": Bias.AS_IS, "pull_up": Bias.PULL_UP, "pull_down": Bias.PULL_DOWN}
)
_OF_ERROR: Mapping[int, SensorFault] = MappingProxyType(
    {
        errno.EACCES: SensorFault.PORT_DENIED,
        errno.EPERM: SensorFault.PORT_DENIED,
        errno.EBUSY: SensorFault.PORT_DENIED,
        errno.EINVAL: SensorFault.MODULE_REFUSED,
        errno.ENOTTY: SensorFault.MODULE_REFUSED,
    }
)


class GpioOptions(Options):
    chip: str = Field("/dev/gpiochip0", description="Character device of the GPIO chip")
    bias: Literal["as_is", "pull_up", "pull_down"] = Field(
        "pull_up",
        description="Pull resistor of each line; with pull_up, a contact to ground is inverted",
    )
    inputs: Wiring = Field(description=EXPLAINED.replace("input", "line"))

    @field_validator("inputs")
    @classmethod
    def _some(cls, inputs: dict[Contact, Wire]) -> dict[Contact, Wire]:
        if not inputs:
            raise ValueError("no contact is given")
        return inputs


class Lines(Protocol):
    """Requested lines. `OSError` when the chip is gone."""

    def values(self) -> Mapping[int, bool]: ...

    def fileno(self) -> int:
        """Readable when an edge has come."""

    def forget_edges(self) -> None: ...

    def close(self) -> None: ...


class GpioSource:
    """The kernel debounces and tells of edges: a look costs nothing while nothing happens."""

    name = "gpio"
    every = _EVERY
    times = 1

    def __init__(self, request: Callable[[], Lines], wiring: Mapping[Contact, Wire]) -> None:
        self.serves = served(wiring)
        self._request = request
        self._wiring = wiring
        self._bell = Bell()
        self._lines: Lines | None = None

    def look(self) -> Seen | SensorFault:
        try:
            lines = self._lines = self._lines or self._request()
            lines.forget_edges()  # first: an edge after this wakes the rest that follows
            values = lines.values()
        except (OSError, ValueError) as error:
            self._drop()
            return _fault(error)
        return of_contacts(
            {
                contact: values[wire.number] is not wire.inverted
                for contact, wire in self._wiring.items()
            }
        )

    def rest(self, seconds: float) -> None:
        self._bell.wait(seconds, *([] if self._lines is None else [self._lines.fileno()]))

    def wake(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        self._drop()
        self._bell.close()

    def _drop(self) -> None:
        lines, self._lines = self._lines, None
        if lines is not None:
            with suppress(OSError):
                lines.close()


def _fault(error: OSError | ValueError) -> SensorFault:
    """`ValueError`: the chip has no such line."""
    if isinstance(error, ValueError):
        return SensorFault.MODULE_REFUSED
    return _OF_ERROR.get(error.errno or 0, SensorFault.SENSOR_UNREACHABLE)


class _Chip:
    """`Lines` of the real kernel."""

    def __init__(self, request: gpiod.LineRequest) -> None:
        self._request = request

    def values(self) -> Mapping[int, bool]:
        lines = self._request.offsets
        got = self._request.get_values(lines)
        return {line: value is Value.ACTIVE for line, value in zip(lines, got, strict=True)}

    def fileno(self) -> int:
        return self._request.fd

    def forget_edges(self) -> None:
        while self._request.wait_edge_events(timedelta(0)):
            self._request.read_edge_events()

    def close(self) -> None:
        self._request.release()


def _requested(chip: str, bias: str, lines: tuple[int, ...]) -> Lines:
    settings = gpiod.LineSettings(
        direction=Direction.INPUT,
        edge_detection=Edge.BOTH,
        bias=_BIASES[bias],
        debounce_period=timedelta(seconds=SETTLE_SECONDS),
    )
    return _Chip(gpiod.request_lines(chip, {lines: settings}, consumer=f"kiosk-{DEVICE}"))


class GpioSensors(WatchedSensors):
    Options: ClassVar = GpioOptions

    @classmethod
    def build(cls, options: GpioOptions, _site: Site) -> Self:
        lines = tuple(sorted(wire.number for wire in options.inputs.values()))

        def request() -> Lines:
            return _requested(options.chip, options.bias, lines)

        return cls([GpioSource(request, options.inputs)])
