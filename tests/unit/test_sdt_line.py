"""The serial line against a pty whose other end says exactly what a test wants."""

from __future__ import annotations

import errno
import os
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.idcard.blocks import join_blocks
from drivers.idcard.frames import Command, Reply, Status, reply, request
from drivers.idcard.line import LineFault, SdtLine

LIMIT = 10.0
HANG_UP = b"hang up"
SLOW = b"slow"
GO_ON = threading.Event()  # never set
FOUND = reply(Status.FOUND, bytes(4))
NOT_FOUND = reply(Status.NOT_FOUND)
WHOLE = reply(Status.OK, join_blocks(bytes(256), bytes(1024)))


class Peer:
    """Answers the nth request with the nth of `answers`.

    `HANG_UP` closes the pty, `SLOW` takes its time.
    """

    def __init__(self) -> None:
        self.device, self.terminal = os.openpty()
        tty.setraw(self.terminal)
        self.path = os.ttyname(self.terminal)
        self.requests = b""
        self._thread: threading.Thread | None = None
        self._open = True

    def will_say(self, *answers: tuple[bytes, ...]) -> None:
        self._thread = threading.Thread(target=self._serve, args=(answers,), daemon=True)
        self._thread.start()

    def was_asked(self, times: int) -> None:
        end = time.monotonic() + LIMIT
        while len(self.requests) < times * len(request(Command.FIND)):
            assert time.monotonic() < end, "it was never asked"
            time.sleep(0.005)

    def _serve(self, answers: tuple[tuple[bytes, ...], ...]) -> None:
        for parts in answers:
            got = b""
            while len(got) < len(request(Command.FIND)):
                got += os.read(self.device, 4096)
            self.requests += got
            for part in parts:
                if part is HANG_UP:
                    self._hang_up()
                    return
                if part is SLOW:
                    time.sleep(0.3)
                else:
                    os.write(self.device, part)

    def _hang_up(self) -> None:
        if self._open:
            self._open = False
            os.close(self.terminal)
            os.close(self.device)

    def close(self) -> None:
        if self._thread:
            self._thread.join(LIMIT)
            assert not self._thread.is_alive()
        self._hang_up()


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


@pytest.fixture
def line(peer: Peer) -> Iterator[SdtLine]:
    made = SdtLine(peer.path, 115200)
    yield made
    made.close()


def test_a_reply_in_pieces_is_put_together(peer: Peer, line: SdtLine) -> None:
    peer.will_say((b"noise", WHOLE[:3], WHOLE[3:9], WHOLE[9:1000], WHOLE[1000:]))
    answer = line.exchange(Command.READ, GO_ON)
    assert isinstance(answer, Reply)
    assert answer.data == WHOLE[10:-1]
    assert peer.requests == request(Command.READ)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ((), LineFault.SILENT),
        ((b"\x00" * 40,), LineFault.GARBLED),
        ((b"\xaa\xaa\xaa",), LineFault.GARBLED),
        ((FOUND[:-1] + b"\x00",), LineFault.CHECKSUM),
        ((FOUND[:9],), LineFault.CUT_SHORT),
        ((FOUND[:5],), LineFault.CUT_SHORT),
        ((reply(Status.FOUND),), LineFault.CUT_SHORT),
        ((FOUND[:9], HANG_UP), LineFault.ABSENT),
        ((HANG_UP,), LineFault.ABSENT),
    ],
)
def test_each_way_a_reply_can_fail_has_its_own_name(
    peer: Peer, line: SdtLine, parts: tuple[bytes, ...], fault: LineFault
) -> None:
    peer.will_say(parts)
    assert line.exchange(Command.FIND, GO_ON) is fault


def test_the_rest_of_a_damaged_reply_does_not_disturb_the_next(peer: Peer, line: SdtLine) -> None:
    damaged = bytearray(WHOLE)
    damaged[5] = 0  # a shorter length: the reply is refused with a thousand bytes to come
    peer.will_say((bytes(damaged),), (NOT_FOUND,))
    assert line.exchange(Command.READ, GO_ON) is LineFault.CHECKSUM
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)


def test_what_came_unasked_is_thrown_away(peer: Peer, line: SdtLine) -> None:
    peer.will_say((NOT_FOUND + FOUND,), (NOT_FOUND,))
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)
    os.write(peer.device, FOUND)
    assert line._port is not None
    end = time.monotonic() + LIMIT
    while line._port.in_waiting < len(FOUND):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.NOT_FOUND)


class FakePort:
    """Gives `chunks` one by one; an empty one is a tick without a byte."""

    in_waiting = 0

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)

    def read(self, _: int) -> bytes:
        return self.chunks.pop(0) if self.chunks else b""

    def write(self, _: bytes) -> None:
        """Whatever is asked, the answers are prepared."""

    def reset_input_buffer(self) -> None:
        """Nothing waits."""

    def set_low_latency_mode(self, _: bool) -> None:
        """It has no adapter."""


def test_late_bytes_of_a_damaged_reply_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    port = FakePort(FOUND[:-1] + b"\x00", b"", b"", b"late", b"", b"later", b"", b"", b"", FOUND)
    monkeypatch.setattr(serial, "Serial", lambda *_, **__: port)
    line = SdtLine("fake", 115200)
    assert line.exchange(Command.FIND, GO_ON) is LineFault.CHECKSUM
    assert port.chunks == [FOUND]


def test_an_exchange_that_is_told_to_stop_ends_at_once(peer: Peer, line: SdtLine) -> None:
    stop = threading.Event()
    answers: list[object] = []
    asking = threading.Thread(
        target=lambda: answers.append(line.exchange(Command.FIND, stop, margin=3600))
    )
    peer.will_say(())
    asking.start()
    peer.was_asked(1)
    stop.set()
    asking.join(LIMIT)
    assert answers == [LineFault.ABSENT]
    assert line.exchange(Command.FIND, stop) is LineFault.ABSENT
    assert peer.requests == request(Command.FIND)


def test_a_reply_that_nobody_waited_for_is_not_the_answer_to_the_next_question(
    peer: Peer, line: SdtLine
) -> None:
    stop = threading.Event()
    stopping = threading.Thread(target=lambda: (peer.was_asked(1), stop.set()))
    peer.will_say((SLOW, NOT_FOUND), (reply(Status.OK),))
    stopping.start()
    assert line.exchange(Command.FIND, stop) is LineFault.ABSENT
    stopping.join(LIMIT)
    assert line.exchange(Command.SAM_STATUS, GO_ON) == Reply(Status.OK)
    assert peer.requests == request(Command.FIND) + request(Command.SAM_STATUS)


def test_the_port_is_opened_again_after_silence(peer: Peer, line: SdtLine) -> None:
    peer.will_say((), (FOUND,))
    assert line.exchange(Command.FIND, GO_ON) is LineFault.SILENT
    with serial.Serial(peer.path, exclusive=True):
        pass  # nobody else holds it
    assert line.exchange(Command.FIND, GO_ON) == Reply(Status.FOUND, bytes(4))


def test_no_port_is_absent(tmp_path: Path) -> None:
    assert (
        SdtLine(str(tmp_path / "none.tty"), 115200).exchange(Command.FIND, GO_ON)
        is LineFault.ABSENT
    )


def test_something_that_is_no_port_is_absent(tmp_path: Path) -> None:
    (tmp_path / "file.tty").write_text("not a terminal")
    assert (
        SdtLine(str(tmp_path / "file.tty"), 115200).exchange(Command.FIND, GO_ON)
        is LineFault.ABSENT
    )


def test_a_port_that_another_program_holds_is_denied(peer: Peer, line: SdtLine) -> None:
    with serial.Serial(peer.path, exclusive=True):
        assert line.exchange(Command.FIND, GO_ON) is LineFault.DENIED


def test_a_port_without_rights_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "no rights")

    monkeypatch.setattr(serial, "Serial", refuse)
    assert SdtLine("/dev/none", 115200).exchange(Command.FIND, GO_ON) is LineFault.DENIED
