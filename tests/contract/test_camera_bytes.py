"""Bytes that a broken camera, or a broken process, may send; and what is asked of a device."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camerawork import BOUND
from drivers.camera.process import End, Mode, ProcessGrabber, camera_process
from drivers.camera.ring import SLOTS, Ring
from drivers.camera.source import AUTOMATIC, MANUAL, device_settings
from drivers.camera.wire import Offer, Order, pack_end, unpack, unpack_order
from drivers.process import Spare

RECORDED = (Path(__file__).parents[1] / "fixtures/camera/stream.http").read_bytes()
HEAD = RECORDED.index(b"\r\n\r\n") + 4
MODE = Mode(open_seconds=3, read_seconds=1, rate=1000)
MOST_MEMORY = 700 << 10  # kB that the camera's process may have in memory, absurd stream or not


class Server:
    """Sends the same bytes to whoever connects, and closes."""

    def __init__(self) -> None:
        self.said = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(4096)
                    connection.sendall(self.said)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(BOUND)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="module")
def spare() -> Iterator[Spare]:
    spare = camera_process()
    yield spare
    spare.close()


def pictures_of(server: Server, spare: Spare, said: bytes, mode: Mode = MODE) -> tuple[int, End]:
    """How many pictures came before the end, and which end it was. Always ends by itself."""
    server.said = said
    running = ProcessGrabber(server.address, mode, spare=spare)
    running.start()
    spare.prepare()
    count = 0
    while not running.ended:
        picture = running.take(BOUND)
        if picture is not None:
            assert picture.shape[0] * picture.shape[1] <= mode.largest
            count += 1
    assert running.released(BOUND)
    assert running.end is not None
    return count, running.end


def test_the_recorded_stream_has_pictures(server: Server, spare: Spare) -> None:
    count, end = pictures_of(server, spare, RECORDED)
    assert count > 0
    assert end is End.NO_MORE


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_damaged_stream_ends_in_a_word_of_its_own(
    server: Server, spare: Spare, data: st.DataObject
) -> None:
    said = bytearray(RECORDED)
    for _ in range(data.draw(st.integers(0, 20))):
        said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(said)))
    _, end = pictures_of(server, spare, bytes(said[:cut]))
    assert end in (End.NO_MORE, End.NOT_OPENED, End.TOO_LARGE)


def grey_jpeg(width: int, height: int) -> bytes:
    """An even grey picture, whole and of any size: each block of 8 x 8 takes the same six bits."""
    small = cv2.imencode(".jpg", np.full((8, 8), 128, np.uint8))[1].tobytes()
    start = small.index(b"\xff\xda")
    head = small[: start + 2 + int.from_bytes(small[start + 2 : start + 4], "big")]
    size = small.index(b"\xff\xc0") + 5
    head = head[:size] + struct.pack(">HH", height, width) + head[size + 4 :]
    blocks = -(-width // 8) * -(-height // 8)
    return head + b"\x28\xa2\x8a" * -(-blocks // 4) + b"\xff\xd9"


def stream_of(jpeg: bytes) -> bytes:
    part = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n".encode()
    return RECORDED[:HEAD] + (part + jpeg + b"\r\n") * 2


def test_a_grey_picture_is_a_picture(server: Server, spare: Spare) -> None:
    assert pictures_of(server, spare, stream_of(grey_jpeg(640, 480)) * 2)[0] > 0


@pytest.mark.parametrize("sides", [(20_000, 20_000), (30_000, 12_000), (65_500, 300)])
def test_absurd_sizes_end_and_cost_no_memory(
    server: Server, spare: Spare, sides: tuple[int, int]
) -> None:
    server.said = stream_of(grey_jpeg(*sides))
    end, peak = end_and_peak(ProcessGrabber(server.address, MODE, spare=spare))
    assert end in (End.NO_MORE, End.NOT_OPENED, End.TOO_LARGE, End.CRASHED)
    assert 0 < peak < MOST_MEMORY


def test_a_huge_picture_file_ends_and_costs_no_memory(tmp_path: Path, spare: Spare) -> None:
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(grey_jpeg(20_000, 20_000))
    end, peak = end_and_peak(ProcessGrabber(str(huge), MODE, spare=spare))
    assert end in (End.NO_MORE, End.NOT_OPENED, End.TOO_LARGE, End.CRASHED)
    assert 0 < peak < MOST_MEMORY


def end_and_peak(running: ProcessGrabber) -> tuple[End | None, int]:
    """How it ended without a picture, and the most memory (kB) that its process had."""
    running.start()
    peak = 0
    while not running.ended:
        assert running.take(0.005) is None
        peak = max(peak, memory_peak(running.pid))
    assert running.released(BOUND)
    return running.end, peak


def memory_peak(pid: int | None) -> int:
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        if "VmHWM:" in status:
            return int(status.partition("VmHWM:")[2].split()[0])
    return 0


def test_a_stream_beyond_the_largest_is_refused(server: Server, spare: Spare) -> None:
    count, end = pictures_of(server, spare, RECORDED, Mode(largest=640 * 480 - 1))
    assert (count, end) == (0, End.TOO_LARGE)


# ---- Between the processes -------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=64) | st.binary(min_size=26, max_size=26).map(lambda b: b"F" + b[1:]))
def test_any_message_of_a_process_is_understood_or_a_crash(message: bytes) -> None:
    told = unpack(message)
    assert told is None or isinstance(told, Offer | End)


@given(st.sampled_from(End))
def test_each_end_survives_the_way(end: End) -> None:
    assert unpack(pack_end(end)) is end


def test_an_order_survives_the_way() -> None:
    order = Order("a:b", "http://x/", Mode(1, 2, 3.5, 4, (5, 6), 7, 8, 9))
    assert unpack_order(order.pack()) == order
    offer = Offer(2, 1 << 40, (480, 640), (240, 320))
    assert unpack(offer.pack()) == offer


@pytest.fixture
def ring() -> Iterator[Ring]:
    ring = Ring.create(64 * 48, 16 * 12)
    yield ring
    ring.close()


def test_a_ring_gives_only_what_was_written_under_that_number(ring: Ring) -> None:
    picture = np.arange(64 * 48 * 3, dtype=np.uint32).astype(np.uint8).reshape(48, 64, 3)
    for slot in range(SLOTS):
        ring.write(slot, slot + 1, picture, picture[:12, :16])
    for slot in range(SLOTS):
        full, view = ring.read(slot, slot + 1, 0, (48, 64)), ring.read(slot, slot + 1, 1, (12, 16))
        assert full is not None
        assert view is not None
        assert (full == picture).all()
        assert (view == picture[:12, :16]).all()
        assert ring.read(slot, slot + 2, 0, (48, 64)) is None


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 255), st.integers(0, 2**64 - 1), st.integers(0, 1),
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
)  # fmt: skip
def test_an_offer_of_anything_else_is_refused(
    slot: int, number: int, part: int, shape: tuple[int, int]
) -> None:
    ring = Ring.create(64 * 48, 16 * 12)
    try:
        copy = ring.read(slot, number, part, shape)
        assert copy is None or copy.shape == (*shape, 3)
    finally:
        ring.close()


# ---- What is asked of a device ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("exposure", "automatic", "units"),
    [(None, AUTOMATIC, None), (10, MANUAL, 100), (0.01, MANUAL, 1), (33.3, MANUAL, 333)],
)
def test_exposure_is_set_in_units_of_the_device(
    exposure: float | None, automatic: int, units: int | None
) -> None:
    asked = dict(device_settings(Mode(1920, 1080, exposure)))
    assert asked[cv2.CAP_PROP_AUTO_EXPOSURE] == automatic
    assert asked.get(cv2.CAP_PROP_EXPOSURE) == units
    assert (asked[cv2.CAP_PROP_FRAME_WIDTH], asked[cv2.CAP_PROP_FRAME_HEIGHT]) == (1920, 1080)
