"""For tests of updates: a repository, small honest releases, a terminal's folder of them."""

from __future__ import annotations

import base64
import hashlib
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from fleet.updates.pack import pack
from fleet.updates.repository import Repository, Terms
from kiosk.updates.place import Place
from kiosk.updates.source import ROOT, Depot, FolderFetcher
from kiosk.wire import Piece

SCRIPT = "#!/bin/sh\n"


@dataclass
class Clock:
    """Epoch seconds that can be set."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


class Town:
    """An office with a repository, and a terminal that trusts its first root."""

    def __init__(self, folder: Path, roots: int = 3, threshold: int = 2) -> None:
        self.folder, self.clock = folder, Clock()
        self.repository = Repository(folder / "updates", self.clock, Terms())
        self.repository.begin(roots, threshold)
        self.trust = folder / "trust"
        self.trust.mkdir()
        first = self.repository.metadata / "1.root.json"
        (self.trust / ROOT).write_bytes(first.read_bytes())
        self.root = folder / "opt"
        self.root.mkdir()

    def depot(self, name: str = "terminal", source: Path | None = None) -> Depot:
        fetcher = FolderFetcher(source or self.repository.folder)
        return Depot(self.folder / name, self.trust, "file://", fetcher, self.clock)

    def publish(self, file: Path, name: str, version: str) -> Piece:
        made = self.repository.add(file, name, {"version": version})
        return Piece(version, name, made.hashes["sha256"], made.length)

    def place(self) -> Place:
        return Place(self.root, self.folder / "terminal.toml")

    def release(
        self, version: str, run: str = "exit 0", check: str = "exit 0", wheel: Path | None = None
    ) -> Path:
        """Of two shell scripts; with a wheel, of that too."""
        tree = self.folder / f"tree-{version}"
        for name, body in (("run", run), ("check", check)):
            path = tree / "bin" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SCRIPT + body + "\n")
            path.chmod(0o755)
        wheels = [wheel] if wheel is not None else []
        out = self.folder / f"software-{version}.zip"
        return pack(version, wheels, tree, out, run=["bin/run"], check=["bin/check"])


def wheel(folder: Path, version: str) -> Path:
    """A real one, of one module and one program."""
    info = f"sample_kiosk-{version}.dist-info"
    files = {
        "sample_kiosk.py": f'VERSION = "{version}"\ndef main():\n    print(VERSION)\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: sample-kiosk\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nsample-kiosk = sample_kiosk:main\n",
    }
    record = "".join(
        f"{name},sha256={_digest(text)},{len(text.encode())}\n" for name, text in files.items()
    )
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"sample_kiosk-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
