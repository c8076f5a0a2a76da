"""Status bytes -> what is known; and a printer that answers oddly on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.options import Site
from drivers.receipt.answers import QUESTIONS
from drivers.receipt.bits import real_time_reply
from drivers.receipt.engine import DEFAULTS
from drivers.receipt.link import Link
from drivers.receipt.network import EscposNetworkPrinter, NetworkOptions, NetworkWire
from drivers.receipt.status import FAULTS, paper, understand
from kiosk.model import DeviceState, FaultAction, Receipt, Rung, SupplyLevel, TextLine

ASK = QUESTIONS[0].ask
CUT = b"\x1dVB"
FINE = {1: b"\x12", 2: b"\x12", 3: b"\x12", 4: b"\x12"}


@pytest.mark.parametrize(
    ("change", "state", "code", "action", "level"),
    [
        ({}, DeviceState.ONLINE, None, None, "full"),
        ({4: b"\x1e"}, DeviceState.ONLINE, None, None, "low"),
        ({4: b"\x7e"}, DeviceState.OFFLINE, "paper_out", FaultAction.REFILL, "out"),
        ({4: b"\x72"}, DeviceState.OFFLINE, "paper_out", FaultAction.REFILL, "out"),
        ({2: b"\x32"}, DeviceState.OFFLINE, "paper_out", FaultAction.REFILL, "out"),
        ({2: b"\x16"}, DeviceState.USER_ERROR, "cover_open", FaultAction.CLEAR, "full"),
        ({3: b"\x1a"}, DeviceState.HARDWARE_ERROR, "cutter_error", FaultAction.CLEAR, "full"),
        (
            {3: b"\x32"},
            DeviceState.HARDWARE_ERROR,
            "unrecoverable_error",
            FaultAction.MAINTENANCE,
            "full",
        ),
        ({3: b"\x52"}, DeviceState.HARDWARE_ERROR, "auto_recovering", FaultAction.SUSPEND, "full"),
        ({3: b"\x16"}, DeviceState.HARDWARE_ERROR, "recoverable_error", FaultAction.RESET, "full"),
        ({2: b"\x52"}, DeviceState.HARDWARE_ERROR, "recoverable_error", FaultAction.RESET, "full"),
        ({1: b"\x1a"}, DeviceState.OFFLINE, "not_ready", FaultAction.RESET, "full"),
        ({1: b"\x1a", 2: b"\x16"}, DeviceState.USER_ERROR, "cover_open", FaultAction.CLEAR, "full"),
        # Unknown is never fine.
        ({1: b""}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "full"),
        ({1: b"\x00"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "full"),
        ({2: b"\xff"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "full"),
        ({3: b"\x13"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "full"),
        ({4: b""}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "unknown"),
        ({4: b"\x02"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "unknown"),
        ({4: b"\x16"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "unknown"),
        ({4: b"\x12\x12"}, DeviceState.OFFLINE, "no_answer", FaultAction.RESET, "unknown"),
    ],
)
def test_four_replies_have_one_meaning(
    change: dict[int, bytes],
    state: DeviceState,
    code: str | None,
    action: FaultAction | None,
    level: str,
) -> None:
    status = understand({**FINE, **change})
    assert status.state is state
    assert (status.fault.code if status.fault else None) == code
    assert (status.fault.action if status.fault else None) == action
    assert status.supplies["paper"] == level
    assert status.usable == (code is None)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.integers(0, 5), st.binary(max_size=3)))
def test_whatever_is_said_is_understood_and_only_four_good_replies_are_fine(
    replies: dict[int, bytes],
) -> None:
    status = understand(replies)
    assert status.fault is None or status.fault.code in FAULTS
    good = all(len(replies.get(n, b"")) == 1 for n in FINE)
    assert good or not status.usable


def test_no_reply_at_all_is_not_fine() -> None:
    assert not understand({}).usable


def test_of_all_bytes_only_three_kinds_say_what_paper_there_is() -> None:
    """Fixed bits 0xx1xx10, and each sensor's pair of bits equal."""
    known = {n: paper(bytes([n])) for n in range(256)}
    told = {n: level for n, level in known.items() if level is not SupplyLevel.UNKNOWN}
    assert told == {0x12: "full", 0x1E: "low", 0x72: "out", 0x7E: "out"}


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({}, None),
        ({"paper": "low"}, None),
        ({"paper": "out"}, "paper_out"),
        ({"cover": "open"}, "cover_open"),
        ({"cutter": "error"}, "cutter_error"),
        ({"error": "recoverable"}, "recoverable_error"),
        ({"error": "unrecoverable"}, "unrecoverable_error"),
        ({"error": "auto_recovering"}, "auto_recovering"),
        ({"feed_button": True}, "not_ready"),
    ],
)
def test_simulator_and_driver_agree_on_the_bits(state: dict[str, str], code: str | None) -> None:
    replies = {n: real_time_reply(n, {**DEFAULTS, **state}) for n in FINE}
    fault = understand(replies).fault
    assert (fault.code if fault else None) == code


Script = Callable[[socket.socket], None]


@pytest.fixture
def odd_printer() -> Iterator[Callable[[Script], int]]:
    """Listens; `script` does what it wants with the first connection."""
    listeners, threads = [], []

    def start(script: Script) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(10)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(10)
                script(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        listeners.append(listener)
        threads.append(thread)
        return int(listener.getsockname()[1])

    yield start
    for thread in threads:
        thread.join(15)
        assert not thread.is_alive()
    for listener in listeners:
        listener.close()


@contextmanager
def linked(port: int, timeout: float) -> Iterator[Link]:
    link = Link(NetworkWire("127.0.0.1", port, timeout), timeout, threading.Event())
    try:
        yield link
    finally:
        link.close()


def printer_at(port: int) -> EscposNetworkPrinter:
    options = NetworkOptions(host="127.0.0.1", port=port, timeout=0.5, finish_seconds=1)
    return EscposNetworkPrinter.build(options, Site())


def until_closed(connection: socket.socket, answer: Callable[[bytes], bytes]) -> None:
    with suppress(ConnectionResetError):  # how the driver leaves a printer that it doubts
        while data := connection.recv(65536):
            connection.sendall(answer(data))


def test_flow_control_is_not_taken_for_a_status(odd_printer: Callable[[Script], int]) -> None:
    port = odd_printer(lambda c: until_closed(c, lambda _: b"\x11\x13\x12"))
    with linked(port, 1) as link:
        assert link.status().state is DeviceState.ONLINE


def test_nonsense_is_not_taken_for_a_status(odd_printer: Callable[[Script], int]) -> None:
    port = odd_printer(lambda c: until_closed(c, lambda _: b"\xff"))
    with linked(port, 1) as link:
        status = link.status()
    assert status.fault
    assert status.fault.code == "no_answer"


def test_a_real_time_reply_is_not_taken_for_the_end_of_a_job(
    odd_printer: Callable[[Script], int],
) -> None:
    port = odd_printer(lambda c: until_closed(c, lambda _: b"\x12"))
    with linked(port, 0.5) as link:
        link.send(link.expect(QUESTIONS[0]))
        assert not link.wait_done(0.3)


def test_the_end_of_a_job_is_seen_between_real_time_replies(
    odd_printer: Callable[[Script], int],
) -> None:
    port = odd_printer(lambda c: until_closed(c, lambda _: b"\x00\x12"))
    with linked(port, 1) as link:
        link.expect(QUESTIONS[0])
        assert link.status().state is DeviceState.ONLINE
        assert link.done


async def test_a_printer_that_closes_at_once_gets_nothing(
    odd_printer: Callable[[Script], int],
) -> None:
    port = odd_printer(lambda _: None)
    printer = printer_at(port)
    outcome = await printer.print("job-1", Receipt((TextLine("x"),)), lambda _: None)
    await printer.close()
    assert outcome.rung is Rung.QUEUED
    assert outcome.fault


async def test_a_job_that_never_ends_is_unconfirmed(odd_printer: Callable[[Script], int]) -> None:
    def online_for_ever(data: bytes) -> bytes:
        if data == ASK:  # before the job; with an answer that an earlier one is owed
            return b"\x00\x00"
        return b"\x12" * data.count(b"\x10\x04")

    port = odd_printer(lambda c: until_closed(c, online_for_ever))
    printer = printer_at(port)
    rungs: list[Rung] = []
    outcome = await printer.print("job-1", Receipt((TextLine("x"),)), rungs.append)
    await printer.close()
    assert outcome.rung is Rung.UNCONFIRMED
    assert outcome.fault
    assert outcome.fault.code == "no_answer"
    assert rungs == [Rung.QUEUED, Rung.SENT]


async def test_a_fault_right_after_the_cut_keeps_the_slip_at_printed(
    odd_printer: Callable[[Script], int],
) -> None:
    asked = []

    def out_after_cut(data: bytes) -> bytes:
        asked.append(data)
        if data.endswith(ASK):
            return b"\x00"
        cut = any(CUT in seen for seen in asked)
        return b"\x72" if cut and data == b"\x10\x04\x04" else b"\x12"

    port = odd_printer(lambda c: until_closed(c, out_after_cut))
    printer = printer_at(port)
    outcome = await printer.print("job-1", Receipt((TextLine("x"),)), lambda _: None)
    await printer.close()
    assert outcome.rung is Rung.PRINTED
    assert outcome.fault
    assert outcome.fault.code == "paper_out"
