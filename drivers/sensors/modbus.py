"""Modbus RTU, function 2 (read discrete inputs): request and reply as bytes. Pure.

Frames, CRC and PDUs are pymodbus's; this says what a reply to our one question means.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.pdu.bit_message import ReadDiscreteInputsRequest, ReadDiscreteInputsResponse

LONGEST = 256  # bytes of an RTU frame
MOST_INPUTS = 2000
_OF_PYMODBUS = (ModbusException, struct.error, IndexError, ValueError)


@dataclass(frozen=True, slots=True)
class Inputs:
    bits: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The module's exception code: 1 function, 2 address, 3 count, 4 its own failure."""

    code: int


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes that are no reply to the question: a wrong CRC, another station, another function."""


def request(station: int, first: int, count: int) -> bytes:
    """`station` 1 to 247; inputs `first` to `first + count - 1`, counted from 0."""
    question = ReadDiscreteInputsRequest(address=first, count=count, dev_id=station)
    return FramerRTU(DecodePDU(False)).buildFrame(question)


def reply(buffer: bytes, station: int, count: int) -> Inputs | Refused | Damaged | None:
    """None: the frame is not whole yet."""
    try:
        used, pdu = FramerRTU(DecodePDU(False)).handleFrame(buffer, 0, 0)
    except _OF_PYMODBUS:
        return Damaged()
    if pdu is None:
        return Damaged() if used or len(buffer) >= LONGEST else None
    if pdu.dev_id != station:
        return Damaged()
    if isinstance(pdu, ExceptionResponse):
        return Refused(pdu.exception_code)
    whole = 8 * ((count + 7) // 8)
    if not isinstance(pdu, ReadDiscreteInputsResponse) or len(pdu.bits) != whole:
        return Damaged()
    return Inputs(tuple(pdu.bits[:count]))
