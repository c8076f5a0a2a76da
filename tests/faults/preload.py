"""Libraries in C that go before the system's own, for one process (`LD_PRELOAD`)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def missing() -> str:
    """'' when they can be built."""
    return "" if shutil.which("gcc") else "gcc is not here, and what goes wrong is written in C"


def build(name: str, folder: Path) -> Path:
    """`name`: of the C file beside this one."""
    source, library = Path(__file__).with_name(f"{name}.c"), folder / f"{name}.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    return library
