"""The virtual reader's line: messages of pcscd's vpcd to a card, 2 bytes of length before each."""

from __future__ import annotations

import socket

from drivers.chipcard.faults import Card, TornError

PORT = 35963  # of the first slot; the second has the next
_TELL_ATR = 4
_OFF, _ON, _RESET = 0, 1, 2
_MAX_MESSAGE = 1 << 16


class Slot:
    """A card in the reader: to connect is to put it in, to close is to pull it out."""

    def __init__(self, card: Card, port: int = PORT) -> None:
        """`OSError` while nobody listens."""
        self._card = card
        self._line = socket.create_connection(("127.0.0.1", port), timeout=1)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def fileno(self) -> int:
        return self._line.fileno()

    def serve(self) -> bool:
        """Answer what has come; False when the card has been pulled or the reader has gone."""
        try:
            part = self._line.recv(_MAX_MESSAGE)
            # vpcd writes length and command apart: a late ACK would cost 40 ms for each
            self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            self._received += part
            while part and self._one():
                pass
        except (OSError, TornError):
            return False
        return bool(part)

    def close(self) -> None:
        self._line.close()

    def _one(self) -> bool:
        size = int.from_bytes(self._received[:2], "big")
        message, rest = self._received[2 : 2 + size], self._received[2 + size :]
        if len(self._received) < 2 or len(message) < size:
            return False
        self._received = rest
        answer = self._control(message[0]) if size == 1 else self._card.answer(message)
        if answer is not None:
            self._line.sendall(len(answer).to_bytes(2, "big") + answer)
        return True

    def _control(self, code: int) -> bytes | None:
        if code in (_OFF, _ON, _RESET):
            self._card.reset()
        return self._card.atr if code == _TELL_ATR else None
