"""pcscd through pyscard's plain calls: what they return, in this package's words.

`smartcard.scard` returns a result code and never raises for what a reader or a card does.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from smartcard import scard

from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.status import Trouble

PLUG_AND_PLAY = "\\\\?PnP?\\Notification"  # stands for readers that come and go

_TROUBLES: Mapping[int, Trouble] = MappingProxyType(
    {
        scard.SCARD_W_SECURITY_VIOLATION: Trouble.SERVICE_REFUSED,
        scard.SCARD_E_NO_ACCESS: Trouble.SERVICE_REFUSED,
        scard.SCARD_E_UNSUPPORTED_FEATURE: Trouble.SERVICE_REFUSED,
        scard.SCARD_E_READER_UNAVAILABLE: Trouble.READER_UNAVAILABLE,
        scard.SCARD_E_SHARING_VIOLATION: Trouble.READER_IN_USE,
    }
)
_LINK_FAULTS: Mapping[int, LinkFault] = MappingProxyType(
    {
        scard.SCARD_W_REMOVED_CARD: LinkFault.GONE,
        scard.SCARD_E_NO_SMARTCARD: LinkFault.GONE,
        scard.SCARD_W_UNRESPONSIVE_CARD: LinkFault.MUTE,
        scard.SCARD_W_UNPOWERED_CARD: LinkFault.MUTE,
        scard.SCARD_W_UNSUPPORTED_CARD: LinkFault.MUTE,
        scard.SCARD_E_PROTO_MISMATCH: LinkFault.MUTE,
        scard.SCARD_E_SHARING_VIOLATION: LinkFault.IN_USE,
        scard.SCARD_E_NO_SERVICE: LinkFault.NO_READER,
        scard.SCARD_E_SERVICE_STOPPED: LinkFault.NO_READER,
        scard.SCARD_W_SECURITY_VIOLATION: LinkFault.NO_READER,
        scard.SCARD_E_UNKNOWN_READER: LinkFault.NO_READER,
        scard.SCARD_E_READER_UNAVAILABLE: LinkFault.NO_READER,
        scard.SCARD_E_INVALID_HANDLE: LinkFault.NO_READER,
        scard.SCARD_F_COMM_ERROR: LinkFault.NO_READER,
    }
)
_PCI: Mapping[int, Any] = MappingProxyType(
    {
        scard.SCARD_PROTOCOL_T0: scard.SCARD_PCI_T0,
        scard.SCARD_PROTOCOL_T1: scard.SCARD_PCI_T1,
    }
)


def trouble_of(result: int) -> Trouble:
    """An undocumented code means that the service has to be asked anew."""
    return _TROUBLES.get(result, Trouble.SERVICE_DOWN)


class Context:
    """A connection to pcscd. One thread calls at a time; `cancel` from any."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    @classmethod
    def open(cls) -> Context | Trouble:
        result, handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        return cls(handle) if result == scard.SCARD_S_SUCCESS else trouble_of(result)

    def readers(self) -> list[str] | Trouble:
        result, names = scard.SCardListReaders(self._handle, [])
        if result == scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        return list(names) if result == scard.SCARD_S_SUCCESS else trouble_of(result)

    def wait(
        self, known: Mapping[str, int], seconds: float
    ) -> dict[str, tuple[int, bytes]] | Trouble:
        """States and answers to reset once one of them is not as `known`, or after the time.

        Empty when it was cancelled, or a reader of `known` has gone meanwhile.
        """
        asked = [(name, state & ~scard.SCARD_STATE_CHANGED) for name, state in known.items()]
        result, states = scard.SCardGetStatusChange(self._handle, int(seconds * 1000), asked)
        if result in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            return {name: (state, bytes(atr)) for name, state, atr in states}
        nothing = result in (scard.SCARD_E_CANCELLED, scard.SCARD_E_UNKNOWN_READER)
        return {} if nothing else trouble_of(result)

    def connect(self, reader: str, atr: bytes, given_up: threading.Event) -> Card | LinkFault:
        """Power the card up, for this program alone. `atr` as `wait` has told it."""
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, handle, protocol = scard.SCardConnect(
            self._handle, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
        )
        if result != scard.SCARD_S_SUCCESS:
            return _LINK_FAULTS.get(result, LinkFault.BROKEN)
        return Card(handle, protocol, atr, given_up)

    def cancel(self) -> None:
        """Ends a `wait`, if one is under way just now. Waits itself while pcscd hangs."""
        scard.SCardCancel(self._handle)

    def close(self) -> None:
        scard.SCardReleaseContext(self._handle)


class Card:
    """A powered card. `given_up` set: no further exchange begins."""

    def __init__(self, handle: Any, protocol: int, atr: bytes, given_up: threading.Event) -> None:
        self.atr = atr
        self._handle = handle
        self._protocol = protocol
        self._given_up = given_up

    @property
    def t0(self) -> bool:
        return bool(self._protocol == scard.SCARD_PROTOCOL_T0)

    def transmit(self, command: bytes) -> bytes | LinkFault:
        if self._given_up.is_set():
            return LinkFault.GIVEN_UP
        result, answer = scard.SCardTransmit(self._handle, _PCI[self._protocol], list(command))
        if result != scard.SCARD_S_SUCCESS:
            return _LINK_FAULTS.get(result, LinkFault.BROKEN)
        return bytes(answer)

    def close(self) -> None:
        """Unpowered, the chip forgets its session."""
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)
