"""Model packs as they lie on a disk: each way in which one can be wrong has its word."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.face.manifest import NAME, PackFault, PackProblem
from drivers.face.packs import Pack, load
from drivers.face.times import times
from facework import pack

RECOGNISER = "mobilefacenet_foamliu.onnx"
DETECTOR = "face_detection_yunet_2023mar.onnx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return pack(tmp_path / "pack")


def edit(folder: Path, *changes: tuple[str, str]) -> None:
    text = (folder / NAME).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / NAME).write_text(text)


def put(folder: Path, name: str, blob: bytes, *, true: bool) -> None:
    """Other bytes under that name; `true`: the manifest tells of these."""
    (folder / name).unlink()
    (folder / name).write_bytes(blob)
    if true:
        lines = (folder / NAME).read_text().splitlines()
        at = next(number for number, line in enumerate(lines) if name in line)
        lines[at + 1] = f'sha256 = "{hashlib.sha256(blob).hexdigest()}"'
        lines[at + 2] = f"bytes = {len(blob)}"
        (folder / NAME).write_text("\n".join(lines))


def test_a_good_pack_is_loaded_and_each_network_has_run(folder: Path) -> None:
    made = load(folder)
    assert isinstance(made, Pack)
    assert made.manifest.label == "yunet-mobilefacenet 2023.1"
    assert len(made.liveness) == 2
    taken = list(times(made))
    assert [what.split()[0] for what, _ in taken] == ["detector", "recogniser", "liveness,"]
    assert all(0 < seconds < 10 for _, seconds in taken)


def rotten(blob: bytes) -> bytes:
    return bytes([blob[0] ^ 1]) + blob[1:]


def test_the_table_of_faults_is_complete() -> None:
    assert {fault for _, fault, _ in WRONG} == set(PackFault)


WRONG: list[tuple[Callable[[Path], object], PackFault, str]] = [
    (lambda f: (f / NAME).unlink(), PackFault.NOT_FOUND, NAME),
    (lambda f: (f / RECOGNISER).unlink(), PackFault.NOT_FOUND, RECOGNISER),
    (lambda f: (f / NAME).write_text("["), PackFault.NOT_READABLE, NAME),
    (lambda f: edit(f, ('"minifasnet"', '"magic"')), PackFault.UNKNOWN_KIND, "liveness"),
    (lambda f: edit(f, (f'"{DETECTOR}', f'"../pack/{DETECTOR}')), PackFault.UNSAFE_PATH, "detect"),
    (lambda f: put(f, DETECTOR, (f / DETECTOR).read_bytes()[:-1], true=False),
     PackFault.WRONG_SIZE, DETECTOR),
    (lambda f: put(f, DETECTOR, (f / DETECTOR).read_bytes() + b"\0", true=False),
     PackFault.WRONG_SIZE, DETECTOR),
    (lambda f: put(f, RECOGNISER, rotten((f / RECOGNISER).read_bytes()), true=False),
     PackFault.WRONG_HASH, RECOGNISER),
    (lambda f: put(f, RECOGNISER, b"no network" * 9, true=True), PackFault.NOT_LOADED, RECOGNISER),
    (lambda f: put(f, DETECTOR, (f / RECOGNISER).read_bytes(), true=True),
     PackFault.NOT_LOADED, DETECTOR),
    (lambda f: edit(f, ("input = 112", "input = 96")), PackFault.NOT_LOADED, RECOGNISER),
    (lambda f: edit(f, ("dimension = 128", "dimension = 512")), PackFault.WRONG_SHAPE, RECOGNISER),
    (lambda f: edit(f, ("classes = 3", "classes = 2")), PackFault.WRONG_SHAPE, "MiniFASNet"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "fault", "about"), WRONG, ids=lambda value: str(value)[:20])
def test_each_way_to_be_wrong_is_told(
    folder: Path, spoil: Callable[[Path], object], fault: PackFault, about: str
) -> None:
    spoil(folder)
    problem = load(folder)
    assert isinstance(problem, PackProblem)
    assert problem.fault is fault
    assert about in problem.about


def test_a_folder_that_is_none_is_not_found(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere") == PackProblem(PackFault.NOT_FOUND, NAME)
    (tmp_path / "file").touch()
    assert load(tmp_path / "file") == PackProblem(PackFault.NOT_FOUND, NAME)


def test_a_network_of_the_kind_sface_is_run_by_opencvs_own_class(folder: Path) -> None:
    """Not SFace itself: any network of 112 x 112 shows that the way is open."""
    text = (folder / NAME).read_text()
    start, end = text.index("input = 112"), text.index("[[liveness]]")
    text = text[:start] + "dimension = 128\n\n" + text[end:]
    (folder / NAME).write_text(text.replace('kind = "embedding"', 'kind = "sface"'))
    made = load(folder)
    assert isinstance(made, Pack)
    vector = made.recogniser.embed(np.full((112, 112, 3), 90, np.uint8))
    assert vector.shape == (128,)
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)


def test_a_pack_without_liveness_networks_says_nothing_of_liveness(folder: Path) -> None:
    text = (folder / NAME).read_text().partition("[[liveness]]")[0]
    (folder / NAME).write_text(text.replace("liveness = 0.5\n", ""))
    made = load(folder)
    assert isinstance(made, Pack)
    assert made.liveness == ()
