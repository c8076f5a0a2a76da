"""The PC/SC driver when pcscd, its reader, or another program gives trouble."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from smartcard import scard

from drivers.chipcard.pcsc import Context
from drivers.chipcard.status import FAULTS, Trouble
from drivers.chipcard.transport import PcscReader
from kiosk.model import CardFault, DeviceState, DeviceStatus, IdCard
from pcsc import LIMIT, SOCKET, ChipcardRoom, chipcard_room, page

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChipcardRoom]:
    with chipcard_room(tmp_path_factory.mktemp("chipcard")) as made:
        yield made


@pytest.fixture
async def reader(room: ChipcardRoom) -> AsyncIterator[PcscReader]:
    room.set()
    driver = room.driver()
    await room.empty(driver)
    yield driver
    await driver.close()


async def seen(reader: PcscReader, trouble: Trouble | None) -> None:
    async with asyncio.timeout(LIMIT):
        while (await reader.look()).trouble is not trouble:
            await asyncio.sleep(0.02)


async def settled(reader: PcscReader) -> DeviceStatus:
    return [await reader.status() for _ in range(3)][-1]


@pytest.mark.parametrize(
    ("state", "trouble", "device"),
    [
        ({"service": "off"}, Trouble.SERVICE_DOWN, DeviceState.OFFLINE),
        ({"service": "hung"}, Trouble.SERVICE_HUNG, DeviceState.OFFLINE),
        ({"plugged": False}, Trouble.NO_READER, DeviceState.NO_DEVICE),
    ],
)
async def test_trouble_ends_a_wait_shows_its_action_and_passes_by_itself(
    room: ChipcardRoom,
    reader: PcscReader,
    state: dict[str, object],
    trouble: Trouble,
    device: DeviceState,
) -> None:
    waiting = asyncio.create_task(reader.arrival())
    await asyncio.sleep(0.1)
    room.set(**state)
    assert await asyncio.wait_for(waiting, LIMIT) is CardFault.NO_READER
    await seen(reader, trouble)
    assert await reader.arrival() is CardFault.NO_READER
    assert await reader.read() is CardFault.NO_READER
    status = await settled(reader)
    assert (status.state, status.usable) == (device, False)
    assert status.fault is not None
    assert (status.fault.code, status.fault.action) == (trouble, FAULTS[trouble])
    room.set(card="social_zhang")
    await seen(reader, None)
    assert (await reader.status()).state is DeviceState.ONLINE
    assert await asyncio.wait_for(reader.arrival(), LIMIT) is None
    assert isinstance(await reader.read(), IdCard)


async def test_one_or_two_misses_are_not_an_absence(room: ChipcardRoom, reader: PcscReader) -> None:
    assert (await reader.status()).state is DeviceState.ONLINE
    room.set(service="off")
    await seen(reader, Trouble.SERVICE_DOWN)
    states = [(await reader.status()).state for _ in range(3)]
    assert states == [DeviceState.ONLINE, DeviceState.ONLINE, DeviceState.OFFLINE]


async def test_a_service_that_dies_amid_a_read_ends_the_read(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang", "slow")
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0.2)
    room.set(service="off")
    assert await asyncio.wait_for(reading, LIMIT) in (CardFault.NO_READER, CardFault.LIFTED)
    room.set(card="social_li")
    await seen(reader, None)
    assert await asyncio.wait_for(reader.arrival(), LIMIT) is None
    assert isinstance(await reader.read(), IdCard)


async def test_a_service_that_comes_later_is_found(room: ChipcardRoom) -> None:
    room.set(service="off")
    reader = room.driver()
    try:
        await seen(reader, Trouble.SERVICE_DOWN)
        assert await reader.arrival() is CardFault.NO_READER
        room.set()
        await seen(reader, None)
        assert (await reader.status()).usable
    finally:
        await reader.close()


async def test_another_reader_than_the_settings_name_is_told(room: ChipcardRoom) -> None:
    room.set()
    reader = room.driver(reader="Some Other Maker")
    try:
        await seen(reader, Trouble.OTHER_READER)
        assert await reader.arrival() is CardFault.NO_READER
        status = await settled(reader)
        assert status.fault is not None
        assert status.fault.code == "other_reader"
    finally:
        await reader.close()


async def test_a_folder_of_issuers_that_is_not_there_is_told_and_nobody_is_trusted(
    room: ChipcardRoom, tmp_path: Path
) -> None:
    room.set()
    reader = room.driver(issuers=tmp_path / "issuers")
    try:
        await seen(reader, None)
        status = await reader.status()
        assert (status.usable, status.fault and status.fault.code) == (True, "issuers_missing")
        await room.put(reader, "passport_zhang")
        assert await reader.read(page("passport_zhang")) is CardFault.REFUSED
        (tmp_path / "issuers").mkdir()
        assert (await reader.status()).fault is None
    finally:
        await reader.close()


async def test_the_second_slot_is_chosen_by_its_name(room: ChipcardRoom) -> None:
    room.set(card="social_zhang")
    reader = room.driver(reader="PCD 00 01")
    try:
        await seen(reader, None)
        assert (await reader.look()).reader == "Virtual PCD 00 01"
        assert (await reader.look()).card == 0
    finally:
        await reader.close()


async def test_a_reader_that_another_program_holds_is_told(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang")
    context = Context.open()
    assert isinstance(context, Context)
    theirs = context.connect("Virtual PCD 00 00", b"", threading.Event())
    assert not isinstance(theirs, str)
    await seen(reader, Trouble.READER_IN_USE)
    status = await reader.status()
    assert (status.usable, status.fault and status.fault.code) == (False, "reader_in_use")
    assert await reader.read() is CardFault.NO_READER
    theirs.close()
    context.close()
    await seen(reader, None)
    assert isinstance(await reader.read(), IdCard)


async def test_own_reads_are_not_taken_for_another_programs(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang", "slow")
    reading = asyncio.create_task(reader.read())
    while not reading.done():
        assert (await reader.look()).trouble is None
        await asyncio.sleep(0.02)
    for _ in range(30):
        assert (await reader.look()).trouble is None
        await asyncio.sleep(0.02)


def refusing(listener: socket.socket, result: int) -> Callable[[], None]:
    """pcscd's side of the first two messages: version, then a refused context."""

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(5)
                client.recv(8, socket.MSG_WAITALL)
                version = client.recv(12, socket.MSG_WAITALL)
                client.sendall(version[:8] + struct.pack("I", 0))
                client.recv(8, socket.MSG_WAITALL)
                client.recv(12, socket.MSG_WAITALL)
                client.sendall(struct.pack("III", 0, 0, result & 0xFFFFFFFF))

    return serve


async def test_a_service_that_refuses_this_user_is_told(room: ChipcardRoom, tmp_path: Path) -> None:
    """As pcscd with polkit does it: Debian's of today is built without."""
    target = SOCKET.readlink()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        serving = threading.Thread(
            target=refusing(listener, scard.SCARD_W_SECURITY_VIOLATION), daemon=True
        )
        serving.start()
        SOCKET.unlink()
        SOCKET.symlink_to(tmp_path / "s")
        reader = room.driver()
        try:
            await seen(reader, Trouble.SERVICE_REFUSED)
            status = await reader.status()
            assert status.fault is not None
            assert status.fault.code == "service_refused"
        finally:
            await reader.close()
            SOCKET.unlink()
            SOCKET.symlink_to(target)
            listener.shutdown(socket.SHUT_RDWR)
            serving.join(5)


async def test_a_service_that_is_killed_comes_again_with_the_card_that_lies_there(
    room: ChipcardRoom, reader: PcscReader
) -> None:
    await room.put(reader, "social_zhang")
    killed = _service(room.folder)
    os.kill(killed, signal.SIGKILL)
    async with asyncio.timeout(LIMIT):
        while _service(room.folder) in (None, killed):
            await asyncio.sleep(0.02)
    await seen(reader, None)
    async with asyncio.timeout(LIMIT):
        while isinstance(await reader.uid(), CardFault):
            await asyncio.sleep(0.05)


def _service(folder: Path) -> int | None:
    """The pid of the pcscd that was told of this folder, as seen from outside its namespace."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = entry.read_bytes().split(b"\0")
            if words[0].endswith(b"pcscd") and str(folder).encode() in words[-2]:
                return int(entry.parent.name)
    return None


async def test_waiting_costs_no_processor_time(room: ChipcardRoom, reader: PcscReader) -> None:
    waiting = asyncio.create_task(reader.arrival())
    await asyncio.sleep(0.2)
    before = os.times()
    await asyncio.sleep(3)
    after = os.times()
    waiting.cancel()
    spent = after.user - before.user + after.system - before.system
    assert spent <= 0.15, "polls"


def test_the_simulator_ends_with_the_process_that_started_it(
    room: ChipcardRoom, tmp_path: Path
) -> None:
    """Killed, it can say nothing to its children."""
    code = (
        "import sys, time; from pathlib import Path;"
        "from drivers.chipcard.simulator import ChipcardSimulator;"
        "simulator = ChipcardSimulator(Path(sys.argv[1])); simulator.start();"
        "print('ready', flush=True); time.sleep(60)"
    )
    careless = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert careless.stdout is not None
    try:
        assert careless.stdout.readline() == b"ready\n"
        assert _connects(tmp_path)
    finally:
        careless.kill()
        careless.wait(10)
        careless.stdout.close()
    for _ in range(200):
        if not _connects(tmp_path):
            return
        threading.Event().wait(0.05)
    pytest.fail("pcscd still runs")


def _connects(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(folder / "pcscd" / "pcscd.comm"))
        except OSError:
            return False
    return True
