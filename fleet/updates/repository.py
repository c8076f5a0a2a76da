"""The repository on disk (TUF 1.0, consistent snapshots): who may sign what, and until when.

metadata/   1.root.json … N.root.json, N.targets.json, N.snapshot.json, timestamp.json
targets/    <sha256>.<name>: the bytes

`timestamp.json` is written last: whatever a stop leaves before it, clients see the state before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.repository import Repository as TufRepository

from fleet.certificates import files
from fleet.errors import UpdatesError
from fleet.updates.keyring import ONLINE, Keyring

ROLES: dict[str, Callable[[], Any]] = {
    Targets.type: Targets, Snapshot.type: Snapshot, Timestamp.type: Timestamp,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """Days for which each role's word is good; refreshed by the fleet when half is left."""

    root: float = 365
    targets: float = 180
    snapshot: float = 30
    timestamp: float = 7

    def of(self, role: str) -> float:
        days: float = getattr(self, role)
        return days


class Repository(TufRepository):
    """`clock`: epoch seconds. One process at a time: `fleet.certificates.files.locked(folder)`."""

    def __init__(
        self, folder: Path, clock: Callable[[], float], terms: Terms | None = None
    ) -> None:
        self.folder, self._clock, self.terms = folder, clock, terms or Terms()
        self.metadata, self.bytes = folder / "metadata", folder / "targets"
        self.keys = Keyring(folder / "keys")

    # ---- As python-tuf asks for it -----------------------------------------------------------

    def open(self, role: str) -> Metadata[Any]:
        path = self._newest(role)
        if path is not None:
            return Metadata.from_file(str(path))
        if role not in ROLES:
            raise UpdatesError(f"{self.metadata}: there is no repository; make one: updates init")
        return Metadata(ROLES[role]())

    def close(self, role: str, md: Metadata[Any]) -> None:
        before = self._newest(role)
        if before is not None:
            md.signed.version += 1
        md.signed.expires = self._in(self.terms.of(role))
        self._sign(role, md, None if role != Root.type else before)
        name = f"{role}.json" if role == Timestamp.type else f"{md.signed.version}.{role}.json"
        self.metadata.mkdir(parents=True, exist_ok=True)
        files.write(self.metadata / name, md.to_bytes(), files.PUBLIC)

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        return {"targets.json": MetaFile(self.targets().version)}

    @property
    def snapshot_info(self) -> MetaFile:
        return MetaFile(self.snapshot().version)

    # ---- What people do ----------------------------------------------------------------------

    def begin(self, roots: int, threshold: int, publishers: int = 1, both: int = 1) -> None:
        """Keys and the first metadata. `threshold` of `roots`, `both` of `publishers` must sign."""
        if self._newest(Root.type) is not None:
            raise UpdatesError(f"{self.metadata}: there is a repository already")
        if not (1 <= threshold <= roots and 1 <= both <= publishers):
            raise UpdatesError("a threshold is at least 1, and not more than there are keys")
        self.bytes.mkdir(parents=True, exist_ok=True)
        root = Root(consistent_snapshot=True)
        makers = [self.keys.make(self.keys.free_name(Root.type)) for _ in range(roots)]
        for maker in makers:
            root.add_key(maker.public_key, Root.type)
        for _ in range(publishers):
            publisher = self.keys.make(self.keys.free_name(Targets.type))
            root.add_key(publisher.public_key, Targets.type)
        online = self.keys.make(ONLINE)
        for role in (Snapshot.type, Timestamp.type):
            root.add_key(online.public_key, role)
        root.roles[Root.type].threshold, root.roles[Targets.type].threshold = threshold, both
        self.close(Root.type, Metadata(root))
        with self.edit_targets():
            """The first, without any target."""
        self.refresh()

    def add(self, file: Path, name: str, custom: Mapping[str, Any]) -> TargetFile:
        """Publish a file as `name`; another content under a name that is taken is refused."""
        made = TargetFile.from_file(name, str(file), ["sha256"])
        made.unrecognized_fields["custom"] = dict(custom)
        there = self.targets().targets.get(name)
        if there is not None and there.hashes != made.hashes:
            raise UpdatesError(f"{name} is there with another content: raise the version")
        self.bytes.mkdir(parents=True, exist_ok=True)
        draft = self.bytes / f".{made.hashes['sha256']}"
        shutil.copyfile(file, draft)
        draft.replace(self.bytes / f"{made.hashes['sha256']}.{name}")
        with self.edit_targets() as targets:
            targets.targets[name] = made
        self.refresh()
        return made

    def withdraw(self, name: str) -> None:
        with self.edit_targets() as targets:
            if targets.targets.pop(name, None) is None:
                raise UpdatesError(f"there is no {name}")
        self.refresh()

    def rotate(self, role: str, keep: int) -> None:
        """A new key for a role in the place of its oldest; `keep` is how many it then has."""
        with self.edit_root() as root:
            fresh = self.keys.make(
                f"{ONLINE}-{root.version + 1}"
                if role in {Snapshot.type, Timestamp.type}
                else self.keys.free_name(role)
            )
            roles = (
                (Snapshot.type, Timestamp.type) if role in {Snapshot.type, Timestamp.type}
                else (role,)
            )  # fmt: skip
            gone: list[str] = []
            for one in roles:
                gone = root.roles[one].keyids[: max(0, len(root.roles[one].keyids) + 1 - keep)]
                root.add_key(fresh.public_key, one)
                for keyid in gone:
                    root.revoke_key(keyid, one)
        if role == Targets.type:
            with self.edit_targets():
                """Signed anew, by those who may now."""
        self.refresh(force=role != Root.type)
        for keyid in gone:
            self.keys.retire(keyid)

    def refresh(self, *, force: bool = False) -> None:
        """Snapshot and timestamp as things are now; `force`: although nothing has changed."""
        self.do_snapshot(force=force)
        self.do_timestamp(force=force)

    def due(self) -> bool:
        """Has the online roles' word lived half of its time?"""
        now = datetime.fromtimestamp(self._clock(), UTC)
        return any(
            self.open(role).signed.expires - now < timedelta(days=self.terms.of(role) / 2)
            for role in (Snapshot.type, Timestamp.type)
        )

    # ---- Inside ------------------------------------------------------------------------------

    def _newest(self, role: str) -> Path | None:
        if role == Timestamp.type:
            path = self.metadata / "timestamp.json"
            return path if path.exists() else None
        found = self.metadata.glob(f"*.{role}.json")
        return max(found, key=lambda path: int(path.name.split(".")[0]), default=None)

    def _in(self, days: float) -> datetime:
        return datetime.fromtimestamp(int(self._clock() + days * 86400), UTC)

    def _sign(self, role: str, md: Metadata[Any], before: Path | None) -> None:
        """A new root is signed by those of the one before, too."""
        root: Root = md.signed if role == Root.type else self.root()
        judges = [root] if before is None else [root, Metadata.from_file(str(before)).signed]
        able = {keyid for judge in judges for keyid in judge.roles[role].keyids}
        md.signatures.clear()
        for signer in self._at_hand(role, able):
            md.sign(signer, append=True)
        for judge in judges:
            try:
                judge.verify_delegate(role, md.signed_bytes, md.signatures)
            except UnsignedMetadataError:
                wanted = judge.roles[role].threshold
                raise UpdatesError(
                    f"{role} must be signed by {wanted} of its keys; only"
                    f" {len(md.signatures)} are in {self.keys.folder}"
                ) from None
            except RepositoryError as error:
                raise UpdatesError(str(error)) from None

    def _at_hand(self, role: str, able: set[str]) -> list[CryptoSigner]:
        return [one for one in self.keys.signers(role) if one.public_key.keyid in able]
