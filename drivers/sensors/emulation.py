"""What a simulated I/O module and a simulated UPS answer, as bytes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu.bit_message import ReadDiscreteInputsRequest, ReadDiscreteInputsResponse

from drivers.sensors.megatec import QUESTION, Report, encode
from drivers.sensors.readings import Contact

STATION: Final = 1
FAULTS: Final = (
    "silent",  # the module answers nothing
    "checksum",  # its replies have a wrong CRC
    "cut_short",  # its replies end early
    "garbage",  # both lines speak nonsense
    "refused",  # the module has no such inputs
    "contradiction",  # the operator's switch is in two positions
    "ups_silent",
)
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "door": "closed",
        "ups": "good",
        "proximity": "not_present",
        "headphones": "not_present",
        "operator_switch": "run",
        "plugged": True,
        "fault": None,
    }
)
# on which input of the module each contact is
INPUTS: Mapping[Contact, int] = MappingProxyType(
    {
        Contact.DOOR_CLOSED: 0,
        Contact.TAMPERED: 1,
        Contact.PERSON_PRESENT: 2,
        Contact.HEADPHONES: 3,
        Contact.MAINTENANCE: 4,
        Contact.SUPERVISOR: 5,
    }
)
_ADDRESSES = 16  # inputs that the module has
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS = 1, 2
_NOISE = b"\xff\x00\x55(\x02\r" * 2

_GOOD = Report(228.4, 228.4, 228.4, 12, 50.0, 27.3, 31.0, *[False] * 8)
_UPS_FLAGS: Mapping[str, Mapping[str, bool]] = MappingProxyType(
    {
        "good": {},
        "engaged": {"mains_failed": True, "beeping": True},
        "low": {"mains_failed": True, "battery_low": True, "beeping": True},
        "powering": {"testing": True},
        "failed": {"failed": True},
        "battery_low": {"battery_low": True},
        "shutting_down": {"shutting_down": True},
    }
)


def bits(state: Mapping[str, Any]) -> list[bool]:
    """The module's inputs."""
    both = state["fault"] == "contradiction"
    on = {
        Contact.DOOR_CLOSED: state["door"] != "open",
        Contact.TAMPERED: state["door"] == "tampered",
        Contact.PERSON_PRESENT: state["proximity"] == "present",
        Contact.HEADPHONES: state["headphones"] == "present",
        Contact.MAINTENANCE: both or state["operator_switch"] == "maintenance",
        Contact.SUPERVISOR: both or state["operator_switch"] == "supervisor",
    }
    numbers = {number: on[contact] for contact, number in INPUTS.items()}
    return [numbers.get(number, False) for number in range(_ADDRESSES)]


def module(buffer: bytes, state: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The reply to the request in `buffer` (empty: none), and what is left of the buffer."""
    framer = FramerRTU(DecodePDU(True))
    try:
        used, asked = framer.handleFrame(buffer, 0, 0)
    except (ModbusException, ValueError, IndexError):
        return b"", b""
    if asked is None or asked.dev_id != STATION:
        return b"", buffer[used:]
    return _spoiled(framer.buildFrame(_answer(asked, state)), state["fault"]), buffer[used:]


def ups(buffer: bytes, state: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The reply to the last question in `buffer` (empty: none), and what is left of it."""
    lines = buffer.split(b"\r")
    if QUESTION.rstrip() not in lines[:-1] or state["fault"] == "ups_silent":
        return b"", lines[-1]
    if state["fault"] == "garbage":
        return _NOISE, lines[-1]
    flags = _UPS_FLAGS.get(state["ups"], {})
    told = {name: flags.get(name, getattr(_GOOD, name)) for name in Report.__slots__}
    return encode(Report(**told)), lines[-1]


def _answer(asked: ModbusPDU, state: Mapping[str, Any]) -> ModbusPDU:
    if not isinstance(asked, ReadDiscreteInputsRequest):
        return ExceptionResponse(asked.function_code, _ILLEGAL_FUNCTION, STATION)
    first, end = asked.address, asked.address + asked.count
    if end > _ADDRESSES or state["fault"] == "refused":
        return ExceptionResponse(asked.function_code, _ILLEGAL_ADDRESS, STATION)
    return ReadDiscreteInputsResponse(bits=bits(state)[first:end], dev_id=STATION)


def _spoiled(frame: bytes, fault: str | None) -> bytes:
    match fault:
        case "silent":
            return b""
        case "checksum":
            return frame[:-1] + bytes([frame[-1] ^ 0xFF])
        case "cut_short":
            return frame[:3]
        case "garbage":
            return _NOISE
        case _:
            return frame
