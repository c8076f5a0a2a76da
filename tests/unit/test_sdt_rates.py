"""The line's rate, felt by a simulated reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.idcard.frames import Command, Reply, Status
from drivers.idcard.line import LineFault
from drivers.idcard.rates import FIND_OUT, RATES, TunedLine
from drivers.idcard.simulator import SdtSimulator
from drivers.statefile import replace_json

GO_ON = threading.Event()  # never set
WELL = Reply(Status.OK)
Tuned = Callable[[int], TunedLine]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    simulator = SdtSimulator(tmp_path)
    simulator.start()
    yield tmp_path
    simulator.stop()


@pytest.fixture
def tuned(folder: Path) -> Iterator[Tuned]:
    made: list[TunedLine] = []

    def tune(baud: int) -> TunedLine:
        made.append(TunedLine(str(folder / "idcard.tty"), baud))
        return made[-1]

    yield tune
    for line in made:
        line.close()


@pytest.mark.parametrize("baud", RATES)
def test_an_unknown_rate_is_found_by_the_first_question(
    folder: Path, tuned: Tuned, baud: int
) -> None:
    replace_json(folder / "idcard.json", {"baud": baud})
    line = tuned(FIND_OUT)
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL
    assert line.detect(GO_ON) == baud


def test_a_known_rate_is_kept_to_until_one_asks_for_another(folder: Path, tuned: Tuned) -> None:
    replace_json(folder / "idcard.json", {"baud": 57600})
    line = tuned(115200)
    assert line.exchange(Command.SAM_STATUS, GO_ON) is LineFault.SILENT
    assert line.exchange(Command.SAM_STATUS, GO_ON) is LineFault.SILENT
    assert line.detect(GO_ON) == 57600
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL


def test_a_rate_that_was_found_is_looked_for_again_after_a_silence(
    folder: Path, tuned: Tuned
) -> None:
    line = tuned(FIND_OUT)
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL
    replace_json(folder / "idcard.json", {"baud": 19200})
    assert line.exchange(Command.SAM_STATUS, GO_ON) is LineFault.SILENT
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL


@pytest.mark.parametrize(
    ("fault", "told"), [("silent", LineFault.SILENT), ("garbled", LineFault.GARBLED)]
)
def test_a_reader_that_answers_at_no_rate_has_none(
    folder: Path, tuned: Tuned, fault: str, told: LineFault
) -> None:
    replace_json(folder / "idcard.json", {"fault": fault})
    line = tuned(FIND_OUT)
    assert line.exchange(Command.SAM_STATUS, GO_ON) is told


def test_a_search_that_is_given_up_leaves_the_rate_as_it_was(folder: Path, tuned: Tuned) -> None:
    stop = threading.Event()
    line = tuned(57600)
    threading.Timer(0.4, stop.set).start()  # while it tries the second rate, or the first
    replace_json(folder / "idcard.json", {"fault": "silent"})
    assert line.detect(stop) == 0
    replace_json(folder / "idcard.json", {"baud": 57600})
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL


def test_the_search_for_a_rate_ends_where_there_is_no_port(tmp_path: Path) -> None:
    line = TunedLine(str(tmp_path / "none.tty"), FIND_OUT)
    assert line.exchange(Command.SAM_STATUS, GO_ON) is LineFault.ABSENT
    assert line.detect(GO_ON) == 0


@pytest.mark.parametrize("search", [False, True])
def test_reader_and_port_change_their_rate_together(tuned: Tuned, search: bool) -> None:
    line = tuned(FIND_OUT if search else 115200)
    for baud in (9600, 38400, 115200):
        assert line.change(baud, GO_ON)
        assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL
        assert line.detect(GO_ON) == baud


def test_a_reader_forgets_a_changed_rate_when_it_loses_power(folder: Path, tuned: Tuned) -> None:
    line = tuned(FIND_OUT)
    assert line.change(9600, GO_ON)
    for plugged in (False, True):
        replace_json(folder / "idcard.json", {"plugged": plugged})
        link = folder / "idcard.tty"
        while link.exists() != plugged:
            GO_ON.wait(0.01)
    while line.exchange(Command.SAM_STATUS, GO_ON) != WELL:
        GO_ON.wait(0.01)
    assert line.detect(GO_ON) == 115200


def test_a_reader_that_refuses_a_rate_stays_where_it_was(folder: Path, tuned: Tuned) -> None:
    line = tuned(115200)
    replace_json(folder / "idcard.json", {"fault": "sam_error"})
    assert not line.change(9600, GO_ON)
    replace_json(folder / "idcard.json", {"fault": "silent"})
    assert not line.change(9600, GO_ON)
    replace_json(folder / "idcard.json", {})
    assert line.exchange(Command.SAM_STATUS, GO_ON) == WELL
