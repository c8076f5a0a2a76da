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

from drivers.idcard.frames import Command, Reply, Status, read_reply, reply, request
from drivers.idcard.line import LineFault, SdtLine

LIMIT = 10.0
HANG_UP = b"hang up"
FOUND = reply(Status.FOUND, bytes(4))
NOT_FOUND = reply(Status.NOT_FOUND)
WHOLE = read_reply(bytes(256), bytes(1024))


class Peer:
    """Answers the nth request with the nth of `answers`; `HANG_UP` closes the pty."""

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
    answer = line.exchange(Command.READ)
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
    assert line.exchange(Command.FIND) is fault


def test_the_rest_of_a_damaged_reply_does_not_disturb_the_next(peer: Peer, line: SdtLine) -> None:
    damaged = bytearray(WHOLE)
    damaged[5] = 0  # a shorter length: the reply is refused with a thousand bytes to come
    peer.will_say((bytes(damaged),), (NOT_FOUND,))
    assert line.exchange(Command.READ) is LineFault.CHECKSUM
    assert line.exchange(Command.FIND) == Reply(Status.NOT_FOUND)


def test_what_came_unasked_is_thrown_away(peer: Peer, line: SdtLine) -> None:
    peer.will_say((NOT_FOUND + FOUND,), (NOT_FOUND,))
    assert line.exchange(Command.FIND) == Reply(Status.NOT_FOUND)
    os.write(peer.device, FOUND)
    assert line._port is not None
    end = time.monotonic() + LIMIT
    while line._port.in_waiting < len(FOUND):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert line.exchange(Command.FIND) == Reply(Status.NOT_FOUND)


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


def test_late_bytes_of_a_damaged_reply_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    port = FakePort(FOUND[:-1] + b"\x00", b"", b"", b"late", b"", b"later", b"", b"", b"", FOUND)
    monkeypatch.setattr(serial, "Serial", lambda *_, **__: port)
    line = SdtLine("fake", 115200)
    assert line.exchange(Command.FIND) is LineFault.CHECKSUM
    assert port.chunks == [FOUND]


def test_the_port_is_opened_again_after_silence(peer: Peer, line: SdtLine) -> None:
    peer.will_say((), (FOUND,))
    assert line.exchange(Command.FIND) is LineFault.SILENT
    with serial.Serial(peer.path, exclusive=True):
        pass  # nobody else holds it
    assert line.exchange(Command.FIND) == Reply(Status.FOUND, bytes(4))


def test_no_port_is_absent(tmp_path: Path) -> None:
    assert SdtLine(str(tmp_path / "none.tty"), 115200).exchange(Command.FIND) is LineFault.ABSENT


def test_something_that_is_no_port_is_absent(tmp_path: Path) -> None:
    (tmp_path / "file.tty").write_text("not a terminal")
    assert SdtLine(str(tmp_path / "file.tty"), 115200).exchange(Command.FIND) is LineFault.ABSENT


def test_a_port_that_another_program_holds_is_denied(peer: Peer, line: SdtLine) -> None:
    with serial.Serial(peer.path, exclusive=True):
        assert line.exchange(Command.FIND) is LineFault.DENIED


def test_a_port_without_rights_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "no rights")

    monkeypatch.setattr(serial, "Serial", refuse)
    assert SdtLine("/dev/none", 115200).exchange(Command.FIND) is LineFault.DENIED
