"""Sensors on serial lines: an I/O module (Modbus RTU), and a small UPS (Megatec). Both optional."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from drivers.options import Options, Site
from drivers.sensors import megatec, modbus
from drivers.sensors.line import LineFault, SerialLine
from drivers.sensors.megatec import Report
from drivers.sensors.modbus import MOST_INPUTS, Inputs, Refused
from drivers.sensors.readings import Contact, served
from drivers.sensors.status import Seen, SensorFault, of_contacts, of_ups
from drivers.sensors.transport import Source, WatchedSensors
from drivers.sensors.wiring import EXPLAINED, Wire, Wiring

_MODULE_SECONDS = 0.5  # for a reply
_UPS_SECONDS = 1.0  # 47 bytes at 2400 baud take 0.2
_UPS_BAUD = 2400

_OF_LINE: Mapping[LineFault, SensorFault] = MappingProxyType(
    {
        LineFault.ABSENT: SensorFault.SENSOR_UNREACHABLE,
        LineFault.DENIED: SensorFault.PORT_DENIED,
        LineFault.SILENT: SensorFault.SENSOR_UNREACHABLE,
    }
)


class SerialOptions(Options):
    module_port: str = Field(
        "", description="Serial port of the Modbus RTU input module; empty: there is none"
    )
    module_baud: int = Field(9600, gt=0, description="Baud rate of the module")
    module_parity: Literal["N", "E", "O"] = Field("N", description="Parity of the module")
    module_station: int = Field(1, ge=1, le=247, description="Modbus address of the module")
    module_every: float = Field(
        0.25, ge=0.05, le=5, description="Seconds between looks at the module"
    )
    inputs: Wiring = Field(default_factory=dict, description=EXPLAINED)
    ups_port: str = Field(
        "", description="Serial port of a UPS that speaks Megatec Q1; empty: there is none"
    )
    ups_every: float = Field(2.0, ge=0.05, le=60, description="Seconds between looks at the UPS")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not (self.module_port or self.ups_port):
            raise ValueError("neither module_port nor ups_port is given")
        if bool(self.module_port) is not bool(self.inputs):
            raise ValueError("module_port and inputs go together")
        if self.ups_port and Contact.UPS_ENGAGED in self.inputs:
            raise ValueError("the UPS is on ups_port and among the inputs")
        numbers = [wire.number for wire in self.inputs.values()]
        if numbers and max(numbers) - min(numbers) >= MOST_INPUTS:
            raise ValueError("the inputs are too far apart")
        return self


class ModbusSource:
    """The inputs of one module."""

    name = "module"
    times = 3

    def __init__(
        self, line: SerialLine, station: int, wiring: Mapping[Contact, Wire], every: float
    ) -> None:
        self.serves = served(wiring)
        self.every = every
        self.rest, self.wake, self.close = line.rest, line.wake, line.end
        self._line = line
        self._wiring = wiring
        numbers = [wire.number for wire in wiring.values()]
        self._first = min(numbers)
        count = max(numbers) - self._first + 1
        self._question = modbus.request(station, self._first, count)
        self._reply = partial(modbus.reply, station=station, count=count)

    def look(self) -> Seen | SensorFault:
        answer = self._line.ask(self._question, self._reply, _MODULE_SECONDS)
        if isinstance(answer, Inputs):
            return of_contacts(
                {
                    contact: answer.bits[wire.number - self._first] is not wire.inverted
                    for contact, wire in self._wiring.items()
                }
            )
        if isinstance(answer, Refused):
            return SensorFault.MODULE_REFUSED
        return _OF_LINE[answer if isinstance(answer, LineFault) else LineFault.SILENT]


class MegatecSource:
    """The UPS. It speaks whole sentences, so that one of them is believed."""

    name = "ups"
    serves = frozenset({"ups"})
    times = 1

    def __init__(self, line: SerialLine, every: float) -> None:
        self.every = every
        self.rest, self.wake, self.close = line.rest, line.wake, line.end
        self._line = line

    def look(self) -> Seen | SensorFault:
        answer = self._line.ask(megatec.QUESTION, megatec.reply, _UPS_SECONDS)
        if isinstance(answer, Report):
            return of_ups(answer)
        return _OF_LINE[answer if isinstance(answer, LineFault) else LineFault.SILENT]


class SerialSensors(WatchedSensors):
    """Tried on simulators only, whose bytes are those of the two specifications."""

    Options: ClassVar = SerialOptions

    @classmethod
    def build(cls, options: SerialOptions, _site: Site) -> Self:
        sources: list[Source] = []
        if options.module_port:
            line = SerialLine(options.module_port, options.module_baud, options.module_parity)
            every = options.module_every
            sources.append(ModbusSource(line, options.module_station, options.inputs, every))
        if options.ups_port:
            sources.append(
                MegatecSource(SerialLine(options.ups_port, _UPS_BAUD), options.ups_every)
            )
        return cls(sources)
