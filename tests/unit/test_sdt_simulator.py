from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from drivers.idcard.codes import sam_number
from drivers.idcard.emulation import EmulatedReader, SimFault, SimState
from drivers.idcard.frames import PREAMBLE, Command, Reply, Status, parse, reply, request
from drivers.idcard.line import LineFault, SdtLine
from drivers.idcard.samples import sample_wlt
from drivers.idcard.simulator import SdtSimulator
from drivers.statefile import replace_json

LIMIT = 10.0
GO_ON = threading.Event()  # never set


def write(folder: Path, **state: object) -> None:
    replace_json(folder / "idcard.json", state)


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    simulator = SdtSimulator(tmp_path)
    simulator.start()
    yield tmp_path
    simulator.stop()
    assert not (tmp_path / "idcard.tty").is_symlink()


@pytest.fixture
def line(folder: Path) -> Iterator[SdtLine]:
    made = SdtLine(str(folder / "idcard.tty"), 115200)
    yield made
    made.close()


def test_the_security_module_tells_its_state_and_number(line: SdtLine) -> None:
    assert line.exchange(Command.SAM_STATUS, GO_ON) == Reply(Status.OK)
    answer = line.exchange(Command.SAM_ID, GO_ON)
    assert isinstance(answer, Reply)
    assert sam_number(answer.data) == "05.01-20260101-0000000007-0000000042"
    assert sam_number(answer.data[1:]) == ""


def test_without_a_state_file_the_plate_is_empty(line: SdtLine) -> None:
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"card": ',
        b'{"fault": "unheard of"}',
        b'{"plugged": "no"}',
        b'{"baud": "fast"}',
        b"[]",
        b'{"card": "\xff"}',
    ],
)
def test_a_wrong_state_file_changes_nothing(folder: Path, line: SdtLine, content: bytes) -> None:
    write(folder, card="zhang")
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.FOUND, bytes(4))
    (folder / "idcard.json").write_bytes(content)
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.FOUND, bytes(4))
    (folder / "idcard.json").unlink()
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)


def test_writing_the_same_card_again_puts_it_down_anew(folder: Path, line: SdtLine) -> None:
    for _ in range(2):
        write(folder, card="zhang")
        for command in (Command.FIND, Command.SELECT, Command.READ):
            assert isinstance(line.exchange(command, GO_ON), Reply)
        assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)


def test_an_unplugged_reader_has_no_name_and_comes_back_as_a_new_one(
    folder: Path, line: SdtLine
) -> None:
    link = folder / "idcard.tty"
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)
    write(folder, plugged=False)
    wait_for(lambda: not link.is_symlink())
    assert line.exchange(Command.FIND, GO_ON) is LineFault.ABSENT
    write(folder, plugged=True, card="li")
    wait_for(link.exists)
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.FOUND, bytes(4))


def test_a_simulator_starts_over_the_remains_of_a_killed_one(tmp_path: Path) -> None:
    (tmp_path / "idcard.tty").symlink_to("/dev/pts/99999")
    write(tmp_path, card="zhang")
    simulator = SdtSimulator(tmp_path)
    line = SdtLine(str(tmp_path / "idcard.tty"), 115200)
    for _ in range(2):
        simulator.start()
        assert line.exchange(Command.FIND, GO_ON) == Reply(Status.FOUND, bytes(4))
        simulator.stop()
        assert line.exchange(Command.FIND, GO_ON) is LineFault.ABSENT


def test_bytes_take_their_time_on_the_wire(folder: Path) -> None:
    """Both ways, and at the reader's rate: never faster than ten bits a byte."""
    write(folder, baud=9600, card="zhang")
    line = SdtLine(str(folder / "idcard.tty"), 9600)
    for command, length in ((Command.FIND, 15), (Command.SELECT, 19), (Command.READ, 1295)):
        begun = time.monotonic()
        assert isinstance(line.exchange(command, GO_ON), Reply)
        assert time.monotonic() - begun >= (10 + length) * 10 / 9600
    line.close()


def test_a_reader_at_another_rate_hears_nothing_that_it_understands(folder: Path) -> None:
    line = SdtLine(str(folder / "idcard.tty"), 19200)
    assert line.exchange(Command.SAM_STATUS, GO_ON) is LineFault.SILENT
    line.retune(115200)
    assert line.exchange(Command.SAM_STATUS, GO_ON) == Reply(Status.OK)
    line.close()


def test_a_host_that_changes_its_rate_too_early_hears_rubbish(folder: Path, line: SdtLine) -> None:
    write(folder, card="zhang")
    for command in (Command.FIND, Command.SELECT):
        line.exchange(command, GO_ON)
    line.close()
    with serial.Serial(str(folder / "idcard.tty"), 115200, timeout=LIMIT) as port:
        port.write(request(Command.READ))
        assert port.read(64)[:5] == PREAMBLE
        port.baudrate = 57600
        rubbish = port.read(1295 - 64)
    assert bytes(byte ^ 0xFF for byte in rubbish[-64:-1]) == sample_wlt("zhang")[-63:]


# ---- The emulated reader ---------------------------------------------------------------------


def ask(reader: EmulatedReader, command: Command) -> Reply:
    parsed, rest = parse(reader.answer(command.value), command)
    assert isinstance(parsed, Reply)
    assert rest == b""
    return parsed


@pytest.fixture
def reader() -> EmulatedReader:
    made = EmulatedReader()
    made.change(SimState(card="zhang"))
    return made


def test_a_card_that_was_read_is_not_found_until_it_is_put_down_anew(
    reader: EmulatedReader,
) -> None:
    assert ask(reader, Command.FIND).status == Status.FOUND
    assert ask(reader, Command.SELECT).status == Status.OK
    assert ask(reader, Command.READ).status == Status.OK
    assert ask(reader, Command.FIND).status == Status.NOT_FOUND
    assert ask(reader, Command.SELECT).status == Status.SELECT_FAILED
    reader.change(SimState(card="zhang"))
    assert ask(reader, Command.FIND).status == Status.FOUND


def test_reading_needs_a_selected_card(reader: EmulatedReader) -> None:
    assert ask(reader, Command.READ).status == Status.READ_FAILED


def test_a_card_that_is_lifted_midway_was_selected_and_is_gone(reader: EmulatedReader) -> None:
    reader.change(SimState(card="zhang", fault=SimFault.LIFTED))
    assert ask(reader, Command.SELECT).status == Status.OK
    assert ask(reader, Command.READ).status == Status.READ_FAILED
    assert ask(reader, Command.FIND).status == Status.NOT_FOUND


@pytest.mark.parametrize("content", ["1000", "6005", "61FF50", "2001FF", "77"])
def test_other_commands_are_refused(reader: EmulatedReader, content: str) -> None:
    assert reader.answer(bytes.fromhex(content)) == reply(Status.BAD_COMMAND)


def test_a_damaged_request_is_told(reader: EmulatedReader) -> None:
    assert reader.answer(b"") == reply(Status.CHECKSUM_ERROR)


def test_a_name_that_no_sample_has_is_an_empty_plate(
    reader: EmulatedReader, caplog: pytest.LogCaptureFixture
) -> None:
    reader.change(SimState(card="nobody"))
    assert ask(reader, Command.FIND).status == Status.NOT_FOUND
    assert "does not exist" in caplog.text
