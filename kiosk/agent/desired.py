"""What the fleet wants this terminal to have: taken if it is signed, ours and newer; kept.

desired.json   the last pointer taken, and how far each piece of it is
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk import durable, wire
from kiosk.wire import Desired, Piece, PieceKind, Step

log = structlog.get_logger("desired")

FILE = "desired.json"
KEYS = "commands.json"  # in the trust folder, as of commands
FINAL = {Step.CONFIRMED, Step.REFUSED, Step.FELL_BACK}  # nothing more is done about that version


class Progress(msgspec.Struct, frozen=True):
    version: str = ""
    step: Step | None = None
    why: str = ""


class _Kept(msgspec.Struct, frozen=True):
    desired: Desired | None = None
    progress: dict[PieceKind, Progress] = {}


class Wish:
    """`folder`: where it is kept. Belongs to one thread."""

    def __init__(self, folder: Path, trust: Path, tenant: str, terminal: str) -> None:
        self._file, self._trust = folder / FILE, trust
        self._tenant, self._terminal = tenant, terminal
        self._kept = self._read()

    @property
    def number(self) -> int:
        return self._kept.desired.number if self._kept.desired else 0

    @property
    def window(self) -> str:
        return self._kept.desired.window if self._kept.desired else ""

    def take(self, desired: Desired) -> dict[PieceKind, Piece]:
        """Which pieces are others than before; {} when it is not taken: unsigned, or not newer."""
        if desired.terminal != self._terminal or not self._signed(desired):
            log.warning("desired_refused", why="not_ours_or_unsigned")
            return {}
        if desired.number <= self.number:
            return {}
        before = self._kept.desired
        changed: dict[PieceKind, Piece] = {}
        for kind in PieceKind:
            piece = piece_of(desired, kind)
            if piece is not None and (before is None or piece_of(before, kind) != piece):
                changed[kind] = piece
        fresh = {kind: one for kind, one in self._kept.progress.items() if kind not in changed}
        self._put(_Kept(desired, fresh))
        log.info("desired_taken", number=desired.number)
        return changed

    def open(self) -> list[tuple[PieceKind, Piece]]:
        """What is still to be done."""
        if self._kept.desired is None:
            return []
        found = [(kind, piece_of(self._kept.desired, kind)) for kind in PieceKind]
        return [
            (kind, piece)
            for kind, piece in found
            if piece is not None and self.progress(kind, piece).step not in FINAL
        ]

    def progress(self, kind: PieceKind, piece: Piece) -> Progress:
        known = self._kept.progress.get(kind, Progress())
        return known if known.version == piece.version else Progress(piece.version)

    def note(self, kind: PieceKind, version: str, step: Step, why: str = "") -> bool:
        """False: that was known."""
        now = Progress(version, step, why)
        if self._kept.progress.get(kind) == now:
            return False
        progress = {**self._kept.progress, kind: now}
        self._put(msgspec.structs.replace(self._kept, progress=progress))
        return True

    def _signed(self, desired: Desired) -> bool:
        """By a key in the trust folder, which is read anew: keys change."""
        try:
            text = json.loads((self._trust / KEYS).read_text("ascii"))[desired.key]
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return wire.desired_holds(desired, self._tenant, public)

    def _read(self) -> _Kept:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return _Kept()

    def _put(self, kept: _Kept) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(self._file, msgspec.json.encode(kept))
        self._kept = kept


def piece_of(desired: Desired, kind: PieceKind) -> Piece | None:
    found: Piece | None = getattr(desired, kind.value)
    return found
