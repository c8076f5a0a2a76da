"""The document printer's wire: garbage, silence, floods, names that hang, and what stays open."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import ippserver
from documentwork import PDF, Simulated, driver
from drivers.document.link import MAX_ANSWER
from drivers.document.status import FAULTS
from drivers.document.transport import IppPrinter
from drivers.worker import MAX_LEFT
from kiosk.model import DeviceStatus, Rung

FIXTURES = Path(__file__).parents[1] / "fixtures/document"
GOOD = (FIXTURES / "printer-all.ipp").read_bytes()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n"
Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(talk: Talk) -> AsyncIterator[str]:
    """Answers each request with what `talk` writes; gives the address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with running:
        yield f"ipp://127.0.0.1:{running.sockets[0].getsockname()[1]}/ipp/print"


async def told(talk: Talk, looks: int = 3) -> DeviceStatus:
    """What the driver makes of it when it has seen it three times."""
    async with server(talk) as uri:
        printer = driver(uri, timeout=0.4)
        async with asyncio.timeout(30):
            for _ in range(looks):
                status = await printer.status()
            outcome = await printer.print("job-1", PDF, lambda _: None)
        assert (outcome.rung, outcome.fault) == (Rung.QUEUED, status.fault)
        await printer.close()
    return status


def code(status: DeviceStatus) -> str:
    assert status.fault
    assert FAULTS[status.fault.code] is status.fault.action
    return status.fault.code


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["raw", "body", "cut", "changed"]))
def test_whatever_answers_is_a_typed_fault(noise: bytes, manner: str) -> None:
    async def talk(writer: asyncio.StreamWriter) -> None:
        half = len(GOOD) // 2
        body = {"raw": noise, "body": noise, "cut": GOOD[:half], "changed": GOOD[:half] + noise}
        writer.write(b"" if manner == "raw" else HEAD % len(body[manner]))
        writer.write(body[manner])

    async def look() -> str:
        async with server(talk) as uri:
            printer = driver(uri, timeout=1)
            async with asyncio.timeout(60):
                statuses = [await printer.status() for _ in range(3)]
            await printer.close()
        return code(statuses[-1])

    assert asyncio.run(look()) in FAULTS


async def test_silence_ends_in_time() -> None:
    async def talk(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    assert code(await told(talk)) == "no_answer"


async def test_an_answer_that_drips_for_ever_ends_in_time() -> None:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD % len(GOOD))
        for byte in GOOD:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.05)

    assert code(await told(talk)) == "no_answer"


async def test_a_flood_is_not_taken_in() -> None:
    sent: list[int] = []

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n")
        while True:
            writer.write(bytes(1 << 16))
            await writer.drain()
            sent.append(1 << 16)

    async with server(talk) as uri:
        printer = driver(uri)
        for _ in range(3):
            status = await printer.status()
        assert code(status) == "no_answer"
        await printer.close()
    # What the sockets hold besides is the system's own.
    assert sum(sent) < 3 * (MAX_ANSWER + (8 << 20))


async def test_a_door_that_leads_to_itself_ends() -> None:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 307 Here\r\nLocation: /ipp/print\r\nContent-Length: 0\r\n\r\n")

    assert code(await told(talk)) == "no_answer"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"404 Not Found", "wrong_address"),
        (b"426 Upgrade Required", "wrong_address"),
        (b"401 Unauthorized", "access_denied"),
        (b"503 Busy", "no_answer"),
    ],
)
async def test_a_web_server_says_what_is_wrong(head: bytes, expected: str) -> None:
    page = "<html>打印机</html>".encode("gb18030")

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (head, len(page)) + page)

    assert code(await told(talk)) == expected


async def test_a_name_that_nobody_knows_is_unreachable() -> None:
    printer = driver("ipp://printer.invalid/ipp/print")
    async with asyncio.timeout(60):
        for _ in range(3):
            status = await printer.status()
    assert code(status) == "unreachable"
    await printer.close()


async def test_a_name_server_that_hangs_costs_few_threads_and_little_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hangs = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: hangs.wait(60))
    printer = driver("ipp://printer.sample/ipp/print", timeout=0.4)
    before = threading.active_count()
    try:
        async with asyncio.timeout(60):
            statuses = [await printer.status() for _ in range(8)]
        assert code(statuses[-1]) == "unreachable"
        assert threading.active_count() <= before + 1 + MAX_LEFT
    finally:
        hangs.set()
        await printer.close()


@pytest.fixture
def simulated(tmp_path: Path) -> Simulated:
    return Simulated(tmp_path)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_nothing_stays_open_between_errands(simulated: Simulated) -> None:
    printer = driver(simulated.uri)
    await printer.status()
    await asyncio.sleep(0.1)
    before = open_files()
    for number in range(5):
        await printer.status()
        assert (await printer.print(f"job-{number}", PDF, lambda _: None)).done
    await asyncio.sleep(0.1)
    assert open_files() == before
    await printer.close()
    simulated.stop()


async def test_no_log_holds_anything_of_the_document(
    simulated: Simulated, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    printer = driver(simulated.uri)
    canary = "张小满 445299199003071124".encode()
    assert (await printer.print("job-1", PDF + canary, lambda _: None)).done
    assert "张小满" not in caplog.text
    assert "4452991990" not in caplog.text
    assert repr(canary)[2:-1] not in caplog.text
    await printer.close()
    simulated.stop()


@pytest.mark.skipif(bool(ippserver.missing()), reason=ippserver.missing())
async def test_a_certificate_that_nobody_vouches_for_is_refused_unless_told_otherwise(
    tmp_path: Path,
) -> None:
    with ippserver.running(tmp_path) as real:
        uri = real.uri.replace("ipp:", "ipps:")
        refused = await driver(uri, timeout=4).status()
        assert (code(refused), refused.usable) == ("access_denied", False)
        trusting = driver(uri, timeout=4, verify_tls=False)
        assert (await trusting.print("job-1", PDF, lambda _: None)).done
        await trusting.close()


@pytest.mark.parametrize(
    "options",
    [
        {"uri": "http://printer/ipp/print"},
        {"uri": "ipp://user@printer/"},
        {"media": "A4 or so"},
        {"sides": "both"},
        {"user": ""},
        {"timeout": "0"},
        {"spool": "var/spool"},
    ],
)
def test_settings_that_make_no_sense_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        IppPrinter.Options.model_validate(options)


def test_settings_may_come_from_the_environment_and_are_explained() -> None:
    made = IppPrinter.Options.model_validate({"timeout": "1.5", "verify_tls": "false"})
    assert (made.timeout, made.verify_tls) == (1.5, False)
    assert all(field.description for field in IppPrinter.Options.model_fields.values())


@pytest.mark.skipif(shutil.which("ipptool") is None, reason="ipptool is not installed")
async def test_the_simulator_passes_the_conformance_tests_of_cups(
    simulated: Simulated, tmp_path: Path
) -> None:
    (tmp_path / "x.pdf").write_bytes(PDF)
    argv = ["ipptool", "-tI", "-f", str(tmp_path / "x.pdf"), simulated.uri, "ipp-1.1.test"]
    done = await asyncio.to_thread(subprocess.run, argv, capture_output=True, text=True, timeout=60)
    simulated.stop()
    assert "24 passed, 0 failed" in done.stdout, done.stdout
