"""The same screen three times: our terminal's, a Chromium kiosk page, and Qt Quick."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).with_name("same_screen")
ROOT = Path(__file__).parents[2]
ICONS = Path(
    "/usr/share/fonts/truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf"
)
# Somebody who has PySide6 already names its interpreter here; else it is fetched into a folder
# that goes with the bench.
QT_PYTHON = "KIOSK_QT_PYTHON"
_QT_DEBS = ("libxcb-icccm4", "libxcb-keysyms1", "libxcb-cursor0")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Peer:
    name: str
    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self, display: str) -> Iterator[int]:
        """Its first process; all are ended by the id of their group."""
        env = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT), **self.env}
        process = subprocess.Popen(
            self.argv, cwd=ROOT, env=env, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process.pid
        finally:
            os.killpg(process.pid, 9)
            process.wait(20)


def peers(folder: Path) -> list[Peer]:
    """Ours first. `folder`: for what they write."""
    found = [Peer("ours", (sys.executable, str(HERE / "ours.py"), str(folder / "fonts")))]
    if (chromium := shutil.which("chromium")) is not None:
        options = ("--kiosk", "--no-first-run", "--no-sandbox", "--window-position=0,0",
                   "--window-size=1080,1920", f"--user-data-dir={folder / 'chromium'}")  # fmt: skip
        found.append(Peer("Chromium", (chromium, *options, written(folder, "page.html").as_uri())))
    if (python := qt_python(folder)) is not None:
        page = written(folder, "page.qml")
        libraries = {"LD_LIBRARY_PATH": qt_libraries(folder)}
        found.append(Peer("Qt Quick", (python, str(HERE / "qt.py"), str(page)), libraries))
    return found


def written(folder: Path, name: str) -> Path:
    """The page with the same services as ours, and the same icons."""
    from kiosk.model import Language
    from screens.samples import TILES

    tiles = [
        (tile.name.into(Language.ZH), tile.department.into(Language.ZH), "当场办结")
        for tile in TILES
    ]
    text = (HERE / name).read_text("utf-8").replace("ICONS", ICONS.as_uri())
    path = folder / name
    path.write_text(text.replace("TILES", json.dumps(tiles, ensure_ascii=False)), "utf-8")
    return path


def qt_python(folder: Path) -> str | None:
    if named := os.environ.get(QT_PYTHON):
        return named
    place = folder / "qt"
    venv.create(place, with_pip=True)
    python = str(place / "bin/python")
    got = subprocess.run([python, "-m", "pip", "install", "-q", "PySide6-Essentials"], check=False)
    return python if got.returncode == 0 else None


def qt_libraries(folder: Path) -> str:
    """Where its X11 plugin finds what Debian has beside PySide6's own; nothing is installed."""
    fetch = ["apt-get", "download", "-qq", *_QT_DEBS]
    subprocess.run(fetch, cwd=folder, stderr=subprocess.DEVNULL, check=False)
    for deb in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(deb), str(folder / "debs")], check=False)
    return str(folder / "debs/usr/lib/x86_64-linux-gnu")


# ---- What a group of processes takes ---------------------------------------------------------


def group(pid: int) -> list[Path]:
    """Processes of that session, as folders of /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int(stat(path)[3]) == pid:
                found.append(path)
        except OSError:
            continue
    return found


def stat(path: Path) -> list[str]:
    return (path / "stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pid: int) -> float:
    return sum(sum(map(int, stat(path)[11:13])) for path in group(pid)) / TICK


def memory_mb(pid: int) -> float:
    """Of all its processes; what they share is counted once (PSS)."""
    each = [(path / "smaps_rollup").read_text() for path in group(pid)]
    return sum(int(text.partition("\nPss:")[2].split()[0]) for text in each) / 1024
