"""How each kind of piece gets into use: one class for each, with the same acts.

`using`     the version in use
`refused`   it was in use, and did not come up well; `forgive`: the fleet wants it once more
`admit`     check the bytes and lay them ready; '' or why not
`switch`    use them from the next start on; True: that needs a start
`prove`     None: still open; True: it came up well; False: it did not
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from kiosk.catalogue import bundle
from kiosk.catalogue.keys import trusted
from kiosk.catalogue.statement import Refusal
from kiosk.updates import release
from kiosk.updates.place import Place
from kiosk.wire import Piece

PROVE_SECONDS = 180.0  # in which a screen comes up with other settings


@dataclass(frozen=True, slots=True)
class Standing:
    """How the terminal does. `catalogue`: the version that it offers."""

    screen_up: bool
    online: bool
    catalogue: str


class Kind(Protocol):
    def using(self, now: Standing) -> str: ...

    def has(self, piece: Piece) -> bool: ...

    def refused(self, piece: Piece) -> bool: ...

    def forgive(self, piece: Piece) -> None: ...

    def admit(self, piece: Piece, file: Path | None) -> str: ...

    def switch(self, piece: Piece, now: Standing) -> bool: ...

    def prove(self, piece: Piece, now: Standing) -> bool | None: ...


@dataclass
class Software:
    place: Place

    def using(self, _now: Standing) -> str:
        return self.place.current

    def has(self, piece: Piece) -> bool:
        return self.place.has(piece.version)

    def refused(self, piece: Piece) -> bool:
        return bool(self.place.refusal(piece.version))

    def forgive(self, piece: Piece) -> None:
        self.place.forgive(piece.version)

    def admit(self, piece: Piece, file: Path | None) -> str:
        if file is None:
            return "" if self.has(piece) else str(release.ReleaseFault.NOT_A_RELEASE)
        return str(self.place.add(file, piece.version) or "")

    def switch(self, piece: Piece, now: Standing) -> bool:
        self.place.switch(piece.version, online=now.online)
        return True

    def prove(self, piece: Piece, now: Standing) -> bool | None:
        if self.place.current != piece.version:
            return False
        if now.screen_up:
            self.place.prove(online=now.online)
        return None if self.place.on_trial else True


class GivenSettings(Protocol):
    """`kiosk.settings.Given`."""

    @property
    def version(self) -> str: ...

    @property
    def refused(self) -> str: ...

    @property
    def on_trial(self) -> bool: ...

    def forgive(self) -> None: ...

    def use(self, name: str, text: bytes) -> None: ...

    def prove(self) -> None: ...

    def fall_back(self) -> None: ...


@dataclass
class Settings:
    """`objection`: why a text may not be used; ''. `clock`: any seconds that only grow."""

    given: GivenSettings
    objection: Callable[[bytes], str]
    clock: Callable[[], float] = time.monotonic
    _ready: dict[str, bytes] = field(default_factory=dict)
    _since: float | None = None

    def using(self, _now: Standing) -> str:
        return self.given.version

    def has(self, piece: Piece) -> bool:
        return not piece.version or piece.version in self._ready

    def refused(self, piece: Piece) -> bool:
        return bool(piece.version) and self.given.refused == piece.version

    def forgive(self, piece: Piece) -> None:
        if self.refused(piece):
            self.given.forgive()

    def admit(self, piece: Piece, file: Path | None) -> str:
        text = b"" if file is None else file.read_bytes()
        if not release.VERSION.fullmatch(piece.version or "none"):
            return "wrong_version"
        why = self.objection(text)
        if not why:
            self._ready = {piece.version: text}
        return why

    def switch(self, piece: Piece, _now: Standing) -> bool:
        self.given.use(piece.version, self._ready.get(piece.version, b""))
        return True

    def prove(self, piece: Piece, now: Standing) -> bool | None:
        """By the screen that comes up; without one, what was in use before is used again."""
        if self.given.version != piece.version:
            return False
        if not self.given.on_trial:
            return True
        self._since = self.clock() if self._since is None else self._since
        if now.screen_up:
            self.given.prove()
            return True
        if self.clock() - self._since < PROVE_SECONDS:
            return None
        self.given.fall_back()
        return False


@dataclass
class Catalogue:
    """`incoming`: where the screen process looks for bundles, and takes them between visits."""

    incoming: Path
    trust: Path
    tenant: str

    def using(self, now: Standing) -> str:
        return now.catalogue

    def has(self, _piece: Piece) -> bool:
        return False

    def refused(self, _piece: Piece) -> bool:
        return False

    def forgive(self, _piece: Piece) -> None:
        """Nothing is remembered but by the shelf, which takes no older bundle."""

    def admit(self, piece: Piece, file: Path | None) -> str:
        if file is None or any(self.incoming.glob("*.toml")):
            return "not_from_bundles"
        found = bundle.check(file, trusted(self.trust), self.tenant)
        if isinstance(found, Refusal):
            return str(found)
        if found.statement.version != piece.version:
            return str(release.ReleaseFault.OTHER_VERSION)
        self.incoming.mkdir(parents=True, exist_ok=True)
        draft = self.incoming / f".{piece.sha256}"
        _copy(file, draft)
        draft.replace(self.incoming / f"{found.statement.number}{bundle.SUFFIX}")
        return ""

    def switch(self, _piece: Piece, _now: Standing) -> bool:
        return False  # the screen process does, by itself

    def prove(self, piece: Piece, now: Standing) -> bool | None:
        if now.catalogue == piece.version:
            return True
        newer = _number(now.catalogue) >= _number(piece.version)
        return False if newer else None  # the shelf takes no older one


def _number(version: str) -> int:
    head = version.partition("-")[0]
    return int(head) if head.isdecimal() else 0


def _copy(source: Path, target: Path) -> None:
    """In slices: a county's catalogue has a hundred megabytes."""
    with source.open("rb") as inner, target.open("wb") as outer:
        shutil.copyfileobj(inner, outer, 1 << 20)
        outer.flush()
        os.fsync(outer.fileno())
