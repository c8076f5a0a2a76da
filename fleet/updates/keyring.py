"""The keys of the repository: one PEM file each, its owner's alone.

`root-1.pem`, `root-2.pem`, … belong into different hands, away from this machine; `targets-*.pem`
with whoever publishes; `online.pem` signs snapshot and timestamp, and stays.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from fleet.certificates import files
from fleet.errors import UpdatesError

ONLINE = "online"
KEEPER = {
    Root.type: Root.type,
    Targets.type: Targets.type,
    Snapshot.type: ONLINE,
    Timestamp.type: ONLINE,
}


class Keyring:
    """`folder`: of the files. Those that are elsewhere are simply not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str) -> CryptoSigner:
        """A new Ed25519 key in `name`.pem; a file that is there stays, and is an error."""
        path = self.folder / f"{name}.pem"
        if path.exists():
            raise UpdatesError(f"{path} is there already")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        signer = CryptoSigner.generate_ed25519()
        files.write(path, signer.private_bytes)
        return signer

    def signers(self, role: str) -> list[CryptoSigner]:
        """Every key at hand that may be one of this role's."""
        return [_read(path) for path in sorted(self.folder.glob(f"{KEEPER[role]}*.pem"))]

    def free_name(self, role: str) -> str:
        """Of the role's next key: root-3."""
        taken = {path.stem for path in self.folder.glob("*.pem*")}
        return next(
            name for number in range(1, 1000) if (name := f"{KEEPER[role]}-{number}") not in taken
        )

    def retire(self, keyid: str) -> None:
        """Set a key's file aside that is of no use any more."""
        for path in self.folder.glob("*.pem"):
            if _read(path).public_key.keyid == keyid:
                path.rename(path.with_suffix(".pem.retired"))


def _read(path: Path) -> CryptoSigner:
    try:
        key = serialization.load_pem_private_key(files.read_secret(path), None)
        return CryptoSigner(key)
    except (ValueError, TypeError):
        raise UpdatesError(f"{path}: not a private key") from None
