"""Keys of backups: a public one that the fleet may know, and a private one that is kept elsewhere,
itself encrypted with a passphrase. Both in the format of age."""

from __future__ import annotations

from pathlib import Path

import pyrage
from pyrage import passphrase, x25519

from fleet.certificates import files
from fleet.errors import FleetError

SHORTEST = 12
PLAIN = b"AGE-SECRET-KEY-1"


class BackupError(FleetError):
    """No backup, or none that can be used; says what to do."""


def new(path: Path, secret: str) -> str:
    """Writes a private key, encrypted with `secret`; returns its public half."""
    if len(secret) < SHORTEST:
        raise BackupError(f"the passphrase is too short: {SHORTEST} characters at least")
    if path.exists():
        raise BackupError(f"{path} exists: a key is never written over")
    key = x25519.Identity.generate()
    files.write(path, passphrase.encrypt(f"{key}\n".encode(), secret))
    return str(key.to_public())


def recipients(words: str) -> list[x25519.Recipient]:
    """Public keys with spaces between. Raises `BackupError`."""
    try:
        found = [x25519.Recipient.from_str(word) for word in words.split()]
    except pyrage.RecipientError:
        raise BackupError("a recipient is no public age key (age1…)") from None
    if not found:
        raise BackupError(
            "nobody is named who could read the backup: set backup.recipients, or say --to;"
            " `fleet backup --new-key FILE` makes a key"
        )
    return found


def identity(path: Path, secret: str | None) -> x25519.Identity:
    """The private key of a file, as `new` or `age-keygen` writes it. Raises `BackupError`."""
    try:
        content = path.read_bytes()
        if not is_plain(content):
            content = passphrase.decrypt(content, secret or "")
        line = next(one for one in content.splitlines() if one.startswith(PLAIN))
        return x25519.Identity.from_str(line.decode("ascii"))
    except (pyrage.DecryptError, ValueError):
        raise BackupError(f"{path}: another passphrase, or no private key") from None
    except (pyrage.IdentityError, StopIteration):
        raise BackupError(f"{path}: no private age key") from None
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror}") from None


def is_plain(content: bytes) -> bool:
    return content.startswith((PLAIN, b"#"))
