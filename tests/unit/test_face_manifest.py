"""`models.toml` in words and numbers: what ships can be read, what is wrong is told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.face.manifest import MAX_BYTES, Manifest, PackFault, PackProblem, parse

SHIPPED = sorted((Path(__file__).parents[2] / "config/models").glob("*.toml"))
GOOD = next(path for path in SHIPPED if "mobilefacenet" in path.name).read_bytes()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_manifest_is_good_and_named_as_its_file(path: Path) -> None:
    told = parse(path.read_bytes())
    assert isinstance(told, Manifest), str(told)
    assert told.name == path.stem
    assert len({one.file for one in told.networks}) == len(told.networks)


def test_the_openly_published_pack_is_named_by_hash_and_size() -> None:
    told = parse(next(path for path in SHIPPED if path.stem == "opencv-zoo").read_bytes())
    assert isinstance(told, Manifest)
    assert (told.recogniser.kind, told.recogniser.bytes) == ("sface", 38_696_353)
    assert told.recogniser.sha256.startswith("0ba9fbfa")
    assert told.thresholds.match == 0.363
    assert told.thresholds.liveness is None


def changed(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("text", "fault", "about"),
    [
        (b"", PackFault.NOT_READABLE, "format"),
        (b"\xff", PackFault.NOT_READABLE, "TOML"),
        (b"[[[", PackFault.NOT_READABLE, "TOML"),
        (b"x = " + b"[" * 20_000, PackFault.NOT_READABLE, "TOML"),
        (b"#" * (MAX_BYTES + 1), PackFault.NOT_READABLE, "larger"),
        (changed("format = 1", "format = 2"), PackFault.UNKNOWN_KIND, "format"),
        (changed('kind = "yunet"', 'kind = "magic"'), PackFault.UNKNOWN_KIND, "detector"),
        (changed('kind = "embedding"', 'kind = "magic"'), PackFault.UNKNOWN_KIND, "recogniser"),
        (changed('kind = "minifasnet"', 'kind = "magic"'), PackFault.UNKNOWN_KIND, "liveness"),
        (changed('kind = "embedding"', ""), PackFault.UNKNOWN_KIND, "recogniser"),
        (changed('"mobilefacenet_', '"../'), PackFault.UNSAFE_PATH, "recogniser"),
        (changed('"mobilefacenet_', '"/etc/'), PackFault.UNSAFE_PATH, "recogniser"),
        (changed('"mobilefacenet_', '".'), PackFault.UNSAFE_PATH, "recogniser"),
        (changed('"mobilefacenet_foamliu.onnx', r'"a\\b'), PackFault.UNSAFE_PATH, "recogniser"),
        (changed("bytes = 232589", "bytes = 999999999999"), PackFault.NOT_READABLE, "bytes"),
        (changed("sha256 = \"8f", "sha256 = \"XX"), PackFault.NOT_READABLE, "sha256"),
        (changed("match = 0.40", "match = 1.5"), PackFault.NOT_READABLE, "match"),
        (changed("match = 0.40", "match = nan"), PackFault.NOT_READABLE, "match"),
        (changed("match = 0.40", "mach = 0.40"), PackFault.NOT_READABLE, "match"),
        (changed("liveness = 0.5", ""), PackFault.NOT_READABLE, "liveness"),
        (changed("std = [58.395,", "std = [0,"), PackFault.NOT_READABLE, "std"),
        (changed("real = 1", "real = 3"), PackFault.NOT_READABLE, "real"),
        (changed('name = "yunet-', 'name = "../'), PackFault.NOT_READABLE, "name"),
        (changed('version = "2023.1"', 'version = "../x"'), PackFault.NOT_READABLE, "version"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_word_and_names_the_place(
    text: bytes, fault: PackFault, about: str
) -> None:
    problem = parse(text)
    assert isinstance(problem, PackProblem)
    assert problem.fault is fault
    assert about in problem.about


def test_what_leads_out_of_the_folder_is_told_before_all_else() -> None:
    worse = changed('"mobilefacenet_', '"../').replace(b"match = 0.40", b"match = 7")
    problem = parse(worse.replace(b'"yunet"', b'"magic"'))
    assert isinstance(problem, PackProblem)
    assert problem.fault is PackFault.UNSAFE_PATH


@given(st.data())
def test_no_bytes_make_it_raise(data: st.DataObject) -> None:
    text = bytearray(GOOD)
    for _ in range(data.draw(st.integers(0, 8))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(parse(bytes(text)), Manifest | PackProblem)
