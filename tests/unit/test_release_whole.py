"""The project's own wheel as a release: built, packed, installed from a stick, checked by itself.

What it needs from others is not installed again: a wheel with nothing but a `.pth` leads the new
environment to this one's libraries. Everything of the project comes from the wheel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from fleet.updates.pack import pack
from kiosk import __version__, update_command
from kiosk.update_command import UpdateError
from kiosk.updates import boot
from updateswork import Town

LONG = pytest.mark.skipif("KIOSK_LONG" not in os.environ, reason="builds a wheel: KIOSK_LONG=1")
ROOT = Path(__file__).parents[2]
PARTS = ("kiosk", "screens", "drivers", "config", "fleet")
LIBRARIES = "kiosk_libraries-1-py3-none-any.whl"


def build(folder: Path) -> Path:
    """As `pip wheel .` does, of a copy: a build leaves its traces beside the sources."""
    copy = folder / "sources"
    copy.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    argv = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
            "--wheel-dir", str(folder / "wheels"), str(copy)]  # fmt: skip
    subprocess.run(argv, check=True, timeout=300)
    (made,) = (folder / "wheels").glob("kiosk_terminal-*.whl")
    return made


def libraries(folder: Path) -> Path:
    """Where the project's own name leads nowhere: an editable install is none of its paths."""
    info = "kiosk_libraries-1.dist-info"
    files = {
        "kiosk_libraries.pth": sysconfig.get_path("purelib") + "\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: kiosk-libraries\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    path = folder / LIBRARIES
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def tree(folder: Path, *without: str) -> Path:
    """What a version reads from its folder."""
    made = folder / f"tree-{len(without)}"
    ignore = shutil.ignore_patterns("__pycache__", "*.py", *without)
    shutil.copytree(ROOT / "config", made / "config", ignore=ignore)
    return made


@LONG
@pytest.mark.timeout(600)
def test_the_project_s_own_wheel_from_a_stick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, wheels = Town(tmp_path, 1, 1), [build(tmp_path), libraries(tmp_path)]
    settings = ROOT / "config/terminal.toml"
    for name, value in (("UPDATES__ROOT", town.root), ("TERMINAL__TRUST", town.trust),
                        ("TERMINAL__VAR", tmp_path / "var")):  # fmt: skip
        monkeypatch.setenv(f"KIOSK_{name}", str(value))
    stick = town.repository.folder
    for version, without in (("9.0", ()), ("9.1", ("themes",))):
        out = pack(version, wheels, tree(tmp_path, *without), tmp_path / f"{version}.zip")
        town.publish(out, f"software-{version}.zip", version)

    with pytest.raises(UpdateError, match=r"9\.1 is not installed: check_failed"):
        update_command.run(settings, stick, "9.1")
    assert boot.current(town.root) == ""
    assert update_command.run(settings, stick, "9.0") == 0
    assert boot.current(town.root) == "9.0"

    folder = town.root / "releases" / "9.0"
    inside = (
        "import kiosk, fleet.digest, screens, drivers; print(kiosk.__file__, kiosk.__version__)"
    )
    said = subprocess.run(
        [folder / "venv/bin/python", "-c", inside], cwd=folder, capture_output=True, text=True,
        check=True,
    ).stdout.split()  # fmt: skip
    assert said[0].startswith(str(folder / "venv")), "the wheel's, not the sources'"
    assert said[1] == __version__
    checked = subprocess.run(
        [folder / "venv/bin/kiosk", "selfcheck", "--settings", settings], cwd=folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout) == (0, f"kiosk {__version__}: ready\n")
    with zipfile.ZipFile(wheels[0]) as made:
        names = set(made.namelist())
    data = (path for part in PARTS for path in (ROOT / part).rglob("*") if path.is_file())
    lost = {
        str(path.relative_to(ROOT)) for path in data
        if path.suffix in {".py", ".sql", ".html", ".css"} and "__pycache__" not in path.parts
    } - names  # fmt: skip
    assert lost == set()
