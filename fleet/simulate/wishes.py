"""How a simulated station comes to have what the fleet wants it to have: the steps of a real one.

Nothing is fetched: which bytes these would be is what other tests are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from kiosk import wire
from kiosk.wire import Desired, Piece, PieceKind, Step

if TYPE_CHECKING:
    from fleet.simulate.station import Station

FETCHES = (1.0, 3.0)  # seconds
SWITCHES = 2.0  # seconds after it is ready
PROVES = 3.0  # seconds until it is known whether it came up well


class Wishes:
    """Of one station."""

    def __init__(self, station: Station, receiver: wire.Receiver) -> None:
        self._station, self._receiver = station, receiver
        self._number = 0

    def take(self, desired: Desired) -> None:
        """If it is signed, its own, and newer than what it knows."""
        receiver = self._receiver
        public = wire.public_key(receiver.keys, desired.key)
        signed = public is not None and wire.desired_holds(desired, receiver.tenant, public)
        if not signed or desired.terminal != self._station.id or desired.number <= self._number:
            return
        self._number = desired.number
        for kind, piece in _pieces(desired):
            if self._station.versions[kind] == piece.version:
                self._tell(kind, piece, Step.CONFIRMED)
            else:
                seconds = self._station.luck.uniform(*FETCHES)
                self._station.plan(seconds, partial(self._fetched, kind, piece, desired.number))

    def _fetched(self, kind: PieceKind, piece: Piece, number: int) -> None:
        if number != self._number:
            return  # something else is wanted by now
        if piece.target:
            self._tell(kind, piece, Step.FETCHED)
        self._tell(kind, piece, Step.READY)
        self._station.plan(SWITCHES, partial(self._switched, kind, piece, number))

    def _switched(self, kind: PieceKind, piece: Piece, number: int) -> None:
        if number == self._number:
            self._tell(kind, piece, Step.SWITCHED)
            self._station.plan(PROVES, partial(self._proved, kind, piece))

    def _proved(self, kind: PieceKind, piece: Piece) -> None:
        """What it had before runs again, if the dice say so; there is always a way back to that."""
        station = self._station
        if piece.target and station.luck.random() < station.profile.faults.updates:
            self._tell(kind, piece, Step.FELL_BACK, "not_healthy")
            return
        station.versions[kind] = piece.version
        if kind is PieceKind.CATALOGUE:
            station.news.add("state")
        else:
            station.start_again()
        self._tell(kind, piece, Step.CONFIRMED)

    def _tell(self, kind: PieceKind, piece: Piece, step: Step, why: str = "") -> None:
        said = {"kind": str(kind), "version": piece.version, "step": str(step), "why": why}
        self._station.record("desired.event", {**said, "number": self._number})


def _pieces(desired: Desired) -> Iterator[tuple[PieceKind, Piece]]:
    for kind in PieceKind:
        piece: Piece | None = getattr(desired, kind.value)
        if piece is not None:
            yield kind, piece
