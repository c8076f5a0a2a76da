"""Four real-time replies -> what is known of the printer. Pure.

`DLE EOT n` (n = 1 printer, 2 why offline, 3 which error, 4 paper) answers one byte of the form
0xx1xx10. Anything else, and silence, is unknown; and what is unknown is never fine.
Bits: Epson's ESC/POS reference.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from drivers.receipt.answers import is_real_time
from kiosk.model import DeviceState, DeviceStatus, Fault, FaultAction, SupplyLevel

DEVICE = "receipt"
REPLIES = (1, 2, 3, 4)


class ReceiptFault(StrEnum):
    """The receipt printer's closed set of fault codes."""

    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    CUTTER_ERROR = "cutter_error"
    RECOVERABLE_ERROR = "recoverable_error"  # goes on after a reset
    UNRECOVERABLE_ERROR = "unrecoverable_error"
    AUTO_RECOVERING = "auto_recovering"  # too hot: goes on by itself
    NOT_READY = "not_ready"  # says that it is offline, and not why: someone holds the feed button
    UNREACHABLE = "unreachable"  # power is off, or the cable is out
    NO_ANSWER = "no_answer"  # connected, but says nothing or nonsense
    PORT_DENIED = "port_denied"  # there, but not for us: rights, or another program has it
    CANNOT_CONFIRM = "cannot_confirm"  # knows no question that waits its turn behind a slip
    TOO_LONG = "too_long"  # a slip beyond all measure, or a QR code that no paper holds


@dataclass(frozen=True, slots=True)
class _Meaning:
    state: DeviceState
    action: FaultAction


_MEANINGS = {
    ReceiptFault.COVER_OPEN: _Meaning(DeviceState.USER_ERROR, FaultAction.CLEAR),
    ReceiptFault.PAPER_OUT: _Meaning(DeviceState.OFFLINE, FaultAction.REFILL),
    ReceiptFault.CUTTER_ERROR: _Meaning(DeviceState.HARDWARE_ERROR, FaultAction.CLEAR),
    ReceiptFault.RECOVERABLE_ERROR: _Meaning(DeviceState.HARDWARE_ERROR, FaultAction.RESET),
    ReceiptFault.UNRECOVERABLE_ERROR: _Meaning(DeviceState.HARDWARE_ERROR, FaultAction.MAINTENANCE),
    ReceiptFault.AUTO_RECOVERING: _Meaning(DeviceState.HARDWARE_ERROR, FaultAction.SUSPEND),
    ReceiptFault.NOT_READY: _Meaning(DeviceState.OFFLINE, FaultAction.RESET),
    ReceiptFault.UNREACHABLE: _Meaning(DeviceState.NO_DEVICE, FaultAction.RESET),
    ReceiptFault.NO_ANSWER: _Meaning(DeviceState.OFFLINE, FaultAction.RESET),
    ReceiptFault.PORT_DENIED: _Meaning(DeviceState.NO_DEVICE, FaultAction.CONFIGURATION),
    ReceiptFault.CANNOT_CONFIRM: _Meaning(DeviceState.OFFLINE, FaultAction.CONFIGURATION),
    ReceiptFault.TOO_LONG: _Meaning(DeviceState.ONLINE, FaultAction.CONFIGURATION),
}
FAULTS: Mapping[str, FaultAction] = {code: one.action for code, one in _MEANINGS.items()}
ABSENT = (ReceiptFault.UNREACHABLE, ReceiptFault.NO_ANSWER)  # believed after three misses
_DENIALS = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EAGAIN)

# (reply, bits of which all must be set, what it means), the most telling first.
_CAUSES = (
    (2, 0x04, ReceiptFault.COVER_OPEN),
    (4, 0x60, ReceiptFault.PAPER_OUT),
    (2, 0x20, ReceiptFault.PAPER_OUT),
    (3, 0x08, ReceiptFault.CUTTER_ERROR),
    (3, 0x20, ReceiptFault.UNRECOVERABLE_ERROR),
    (3, 0x40, ReceiptFault.AUTO_RECOVERING),
    (3, 0x04, ReceiptFault.RECOVERABLE_ERROR),
    (2, 0x40, ReceiptFault.RECOVERABLE_ERROR),
    (1, 0x08, ReceiptFault.NOT_READY),
)
_NEAR_END, _END = 0x0C, 0x60


def fault_of(code: ReceiptFault) -> Fault:
    return Fault(code, _MEANINGS[code].action)


def cause(error: OSError) -> Fault:
    """What it means that a line could not be opened, or broke."""
    denied = error.errno in _DENIALS
    return fault_of(ReceiptFault.PORT_DENIED if denied else ReceiptFault.UNREACHABLE)


def broken(error: OSError) -> DeviceStatus:
    return failing(ReceiptFault(cause(error).code))


def missed(status: DeviceStatus) -> bool:
    """Nothing was heard, so the printer may be away."""
    return status.fault is not None and status.fault.code in ABSENT


def flag(reply: bytes, mask: int) -> bool | None:
    """Are the bits of `mask` set? None: nobody can know.

    A sensor's two bits always say the same; when they differ, the reply is not one.
    """
    if len(reply) != 1 or not is_real_time(reply[0]) or reply[0] & mask not in (0, mask):
        return None
    return bool(reply[0] & mask)


def paper(reply: bytes) -> SupplyLevel:
    near, end = flag(reply, _NEAR_END), flag(reply, _END)
    if near is None or end is None:
        return SupplyLevel.UNKNOWN
    if end:
        return SupplyLevel.OUT
    return SupplyLevel.LOW if near else SupplyLevel.FULL


def understand(replies: Mapping[int, bytes]) -> DeviceStatus:
    """`replies` by n; what did not come is left out or empty."""
    flags = [(flag(replies.get(n, b""), mask), code) for n, mask, code in _CAUSES]
    level = paper(replies.get(4, b""))
    for is_set, code in flags:
        if is_set:
            return failing(code, SupplyLevel.OUT if code is ReceiptFault.PAPER_OUT else level)
    if level is SupplyLevel.UNKNOWN or any(is_set is None for is_set, _ in flags):
        return failing(ReceiptFault.NO_ANSWER, level)
    return DeviceStatus(DEVICE, DeviceState.ONLINE, {"paper": level})


def failing(code: ReceiptFault, level: SupplyLevel = SupplyLevel.UNKNOWN) -> DeviceStatus:
    return DeviceStatus(DEVICE, _MEANINGS[code].state, {"paper": level}, fault_of(code))
