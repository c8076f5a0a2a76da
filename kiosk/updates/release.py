"""A release as it travels: one zip with `release.json`, wheels, and the tree of data files.

release.json   version; `run` and `check`: argument lists, the program relative to the release's
               folder; `requirements`: lines for pip, each with its hash; `{settings}` in `check`
               stands for the terminal's settings file
wheels/*.whl   everything that `requirements` names: nothing is fetched from elsewhere
tree/…         what the program reads from its folder: config, pictures
"""

from __future__ import annotations

import re
import shutil
import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath

import msgspec

MOST_FILES, MOST_BYTES = 20_000, 2 * 2**30
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")
NAME = "release.json"


class ReleaseFault(StrEnum):
    """Why a release is not installed."""

    NOT_A_RELEASE = "not_a_release"
    OTHER_VERSION = "other_version"  # than the one that was asked for
    UNSAFE = "unsafe"  # a path that leads out of its folder, or more than there may be
    NO_ROOM = "no_room"
    NOT_INSTALLED = "not_installed"  # pip could not
    CHECK_FAILED = "check_failed"  # its own check said no
    REFUSED = "refused"  # it was tried before, and did not come up well


class Release(msgspec.Struct, frozen=True):
    """`release.json`."""

    version: str
    run: list[str]
    check: list[str] = []
    requirements: list[str] = []


def peek(file: Path, version: str) -> Release | ReleaseFault:
    """What it says of itself."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = msgspec.json.decode(archive.read(NAME), type=Release)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, msgspec.DecodeError):
        return ReleaseFault.NOT_A_RELEASE
    if not VERSION.fullmatch(found.version) or not found.run:
        return ReleaseFault.NOT_A_RELEASE
    return found if found.version == version else ReleaseFault.OTHER_VERSION


def unpack(file: Path, folder: Path) -> ReleaseFault | None:
    """`wheels/` as it is and `tree/…` into `folder`; nothing outside it."""
    with zipfile.ZipFile(file) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
            return ReleaseFault.UNSAFE
        places = {one: _place(one) for one in members}
        if None in places.values():
            return ReleaseFault.UNSAFE
        for member, place in places.items():
            if place is None or place == PurePosixPath(NAME):
                continue
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            target.chmod(0o755 if member.external_attr >> 16 & 0o100 else 0o644)
    return None


def _place(member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where it goes; None: nowhere."""
    path = PurePosixPath(member.filename)
    link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if link or path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        return None
    if path.parts[0] == "tree" and len(path.parts) > 1:
        inner = PurePosixPath(*path.parts[1:])
        return None if inner.parts[0] in {"venv", "wheels", NAME} else inner
    return path if path.parts[0] == "wheels" or path == PurePosixPath(NAME) else None
