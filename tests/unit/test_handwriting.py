"""Characters written by hand are read: wherever, however large, with joined and swapped strokes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import metadata
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from screens.sample_ink import character
from screens.writing import both, picture, port, zinnia
from screens.writing.places import MissingError, squared
from strokework import CHARACTERS, Strokes, written

SECONDS = 60
SHOWN = 6  # as many words as a page of candidates has in the narrowest window


@pytest.fixture(scope="module")
def reader() -> both.Both:
    try:
        made = both.Both()
    except MissingError as error:
        pytest.skip(str(error))
    assert made.wait(SECONDS), "without the extra `handwriting` only strokes are read"
    return made


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    port.shared.cache_clear()
    yield
    port.shared.cache_clear()


@pytest.mark.parametrize("sign", CHARACTERS)
def test_a_character_is_among_the_first(reader: both.Both, sign: str) -> None:
    assert sign in reader.candidates(written(sign), SHOWN)


@pytest.mark.parametrize("sign", "张小满")
def test_the_sample_citizen_is_read(reader: both.Both, sign: str) -> None:
    strokes = [[(x, -y) for x, y in stroke] for stroke in character(sign)]
    assert reader.candidates(strokes, 1) == [sign]


def test_an_unsteady_hand_is_read(reader: both.Both) -> None:
    """Nineteen of twenty, among the first."""
    tries = [(one, seed) for one in CHARACTERS for seed in range(6)]
    read = [one in reader.candidates(written(one, unsteady=2.5, seed=seed), SHOWN)
            for one, seed in tries]  # fmt: skip
    assert sum(read) >= 0.95 * len(tries)


@pytest.mark.parametrize(("size", "at"), [(20, (900, 5)), (100, (0, 0)), (3000, (-50, 400))])
def test_place_and_size_mean_nothing(
    reader: both.Both, size: float, at: tuple[float, float]
) -> None:
    for sign in "李明山":
        here = reader.candidates(written(sign, size=size, at=at), SHOWN)
        assert here[0] == reader.candidates(written(sign), 1)[0]


def joined(strokes: Strokes) -> Strokes:
    """The first two in one go."""
    return [strokes[0] + strokes[1], *strokes[2:]]


@pytest.mark.parametrize("how", [joined, lambda strokes: strokes[::-1]], ids=["joined", "reversed"])
def test_the_picture_counts_where_the_strokes_do_not(reader: both.Both, how: Any) -> None:
    characters = "李明王大"
    read = [reader.candidates(how(written(one)), SHOWN) for one in characters]
    assert sum(one in found for one, found in zip(characters, read, strict=True)) >= 3
    by_strokes = zinnia.StrokeReader()
    alone = [by_strokes.candidates(squared(how(written(one))), SHOWN) for one in characters]
    assert sum(one in found for one, found in zip(characters, alone, strict=True)) < 3


def test_scribbles_and_dots_do_no_harm(reader: both.Both) -> None:
    assert reader.candidates([], 5) == []
    assert reader.candidates([[]], 5) == []
    for strokes in (
        [[(3.0, 3.0)]],
        [[(3.0, 3.0), (3.0, 3.0)], []],
        [[(1e9, -1e9), (0.0, 0.0)]] * 200,
        [[(i % 97.0, i * 7 % 89.0) for i in range(400)]] * 25,
    ):
        found = reader.candidates(strokes, 5)
        assert len(found) == len(set(found)) == 5
        assert all(len(one) == 1 for one in found)


def test_strokes_alone_are_read_where_the_pictures_model_is_missing(
    reader: both.Both, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(picture, "_PACKAGE", "no_such_package")
    made = both.Both()
    assert not made.wait(SECONDS)
    assert "handwriting_without_pictures" in caplog.text
    assert "李" in made.candidates(written("李"), SHOWN)


class Other:
    """What a package from outside brings."""

    def prepare(self) -> None: ...

    def candidates(self, strokes: port.Strokes, count: int) -> list[str]:
        return ["鑫"][:count]


def broken() -> Other:
    raise OSError("no licence")


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("names", [("Other",), ("broken", "Other")])
def test_another_package_brings_its_own(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    found = [EntryPoint(name, f"{__name__}:{name}", port.GROUP) for name in names]
    monkeypatch.setattr(
        metadata, "entry_points", lambda group: found if group == port.GROUP else []
    )
    made = port.shared()
    assert made is not None
    assert made.candidates(written("李"), 1) == ["鑫"]
    assert ("no licence" in caplog.text) == ("broken" in names)


@pytest.mark.usefixtures("nothing_kept")
def test_without_zinnia_there_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(zinnia, "_LIBRARY", "libnothing.so.7")
    with caplog.at_level(logging.WARNING):
        assert port.shared() is None
    assert "apt-get install libzinnia0" in caplog.text


def test_a_damaged_model_is_none(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "a.model"
    model.write_bytes(b"not a model" * 50)
    monkeypatch.setattr(zinnia, "MODEL", model)
    with pytest.raises(MissingError, match="damaged"):
        zinnia.StrokeReader()
