"""A release's zip, out of wheels and a folder of data files: what a terminal unpacks.

The same input gives the same bytes: names are sorted, times are those of zip's first day.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from fleet.errors import UpdatesError

RUN = ("venv/bin/kiosk", "run")
CHECK = ("venv/bin/kiosk", "selfcheck", "--settings", "{settings}")
FIRST = (1980, 1, 1, 0, 0, 0)
WHEEL = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<version>[A-Za-z0-9_.!+]+)-.*\.whl")


def pack(
    version: str,
    wheels: Iterable[Path],
    tree: Path | None,
    out: Path,
    *,
    run: Sequence[str] = RUN,
    check: Sequence[str] = CHECK,
) -> Path:
    """Writes `out`. Raises `UpdatesError` when a file is no wheel."""
    files = {f"wheels/{wheel.name}": wheel for wheel in wheels}
    told = {
        "version": version, "run": list(run), "check": list(check),
        "requirements": [_line(wheel) for wheel in sorted(files.values())],
    }  # fmt: skip
    if tree is not None:
        inside = (path for path in tree.rglob("*") if path.is_file() and "__pycache__" not in
                  path.parts)  # fmt: skip
        files |= {f"tree/{path.relative_to(tree)}": path for path in inside}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("release.json", FIRST), json.dumps(told, sort_keys=True))
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, FIRST)
            entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return out


def _line(wheel: Path) -> str:
    """As pip wants it with --require-hashes."""
    found = WHEEL.fullmatch(wheel.name)
    if found is None:
        raise UpdatesError(f"{wheel}: not a wheel")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{found['name']}=={found['version']} --hash=sha256:{digest}"
