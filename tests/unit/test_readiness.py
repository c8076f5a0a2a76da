"""Findings and their words, the printed report, the guided acts, and what `--find` lists."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from serial.tools import list_ports

import fakes
from drivers import finder
from kiosk import checks
from kiosk.guided import Guide
from kiosk.model import (
    CardFault,
    Code,
    DeviceState,
    DeviceStatus,
    Fault,
    FaultAction,
    Key,
    Language,
    PrintOutcome,
    Rung,
    ScanFault,
    Spoken,
    SupplyLevel,
)
from kiosk.readiness import Finding, Heading, Sayer, Verdict, compose, line, of_status
from screens.words import Words

WORDS = Words(fakes.ROOT / "config/locales", strict=True)
EN, ZH = Sayer(WORDS, Language.EN), Sayer(WORDS, Language.ZH)
MARKUP = '示例县 #1 [A] $x$ \\ "q"'
HEADING = Heading("KT-0042", MARKUP, datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "0.3.0", "5e", "ca")
PAPER_OUT = Fault("paper_out", FaultAction.REFILL)


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(fakes.ROOT)


def status(state: DeviceState, fault: Fault | None = None, **more: Any) -> DeviceStatus:
    return DeviceStatus("receipt", state, fault=fault, **more)


# ---- A finding --------------------------------------------------------------------------------


def test_a_device_that_can_serve_passes_and_tells_its_supplies_and_readings() -> None:
    readings = {"door": "closed", "ups": "unknown", "humidity": "41"}
    supplies = {"paper": SupplyLevel.LOW}
    well = DeviceStatus("sensors", DeviceState.ONLINE, supplies, readings=readings)
    finding = of_status(well, EN, "serial")
    assert (finding.verdict, finding.action) == (Verdict.PASS, "")
    assert finding.found == "online"
    assert finding.detail == "serial, paper: low, door: closed, power: unknown, humidity: 41"
    assert of_status(well, ZH, "serial").detail.endswith("，电源：未知，humidity：41")


@pytest.mark.parametrize(
    "told",
    [
        status(DeviceState.OFFLINE),
        status(DeviceState.STARTING),
        status(DeviceState.ONLINE, PAPER_OUT),  # usable, but somebody has something to do
        status(DeviceState.ONLINE, supplies={"paper": SupplyLevel.OUT}),
        status(DeviceState.BUSY, supplies={"paper": SupplyLevel.JAMMED}),
    ],
)
def test_whatever_needs_a_hand_fails(told: DeviceStatus) -> None:
    assert of_status(told, EN, "escpos_usb").verdict is Verdict.FAIL


def test_a_fault_comes_first_with_its_remedy_and_an_unknown_code_as_it_is() -> None:
    told = line(of_status(status(DeviceState.OFFLINE, PAPER_OUT), EN, "escpos_usb"), EN)
    assert "out of paper  -> please refill  (escpos_usb, offline" in told
    odd = Fault("acme_42", FaultAction.RESET, "board 3")
    told = line(of_status(status(DeviceState.OFFLINE, odd), EN, "acme"), EN)
    assert "acme_42  -> please restart it  (acme, offline, board 3)" in told


def test_lines_stand_in_columns_in_both_languages() -> None:
    whats = ("check.settings", "device.idcard", "device.chipcard")
    for say, width in ((EN, 1), (ZH, 2)):
        starts = set()
        for what in whats:
            before, _, _ = line(Finding(Verdict.PASS, what, "@"), say).partition("@")
            starts.add(sum(width if ord(letter) > 0x2E80 else 1 for letter in before))
        assert len(starts) == 1, say.language


# ---- The report -------------------------------------------------------------------------------


def read(pdf: bytes, *options: str) -> str:
    return subprocess.run(["pdftotext", "-raw", *options, "-", "-"], input=pdf, check=True,
                          capture_output=True).stdout.decode()  # fmt: skip


@pytest.mark.parametrize("say", [EN, ZH], ids=["en", "zh"])
def test_the_report_holds_verdict_heading_findings_and_a_place_to_sign(say: Sayer) -> None:
    findings = [
        Finding(Verdict.PASS, "check.settings", "config/terminal.toml"),
        of_status(status(DeviceState.OFFLINE, PAPER_OUT), say, "escpos_usb"),
        Finding(Verdict.LEFT_OUT, "device.chipcard", say("check.not_fitted")),
    ]
    text = read(compose(HEADING, findings, say))
    keys = ("check.report", "check.not_ready", "check.left_out", "device.receipt", "action.refill",
            "fault.paper_out", "device.chipcard", "check.signature")  # fmt: skip
    for key in keys:
        assert say(key) in text, key
    assert say("check.summary", wrong=1, count=3) in text
    for part in ("KT-0042", MARKUP, "2026-11-21 09:30", "0.3.0", "5e"):
        assert part in text, "markup in a name is a name"
    assert say("check.ready") in read(compose(HEADING, findings[:1], say))


def test_what_a_person_tried_stands_below_its_device() -> None:
    findings = [Finding(Verdict.PASS, "device.idcard", found) for found in ("online", "read")]
    text = read(compose(HEADING, findings, EN))
    assert text.count("ID card reader") == 1
    assert "tried by hand" in text


def test_a_page_without_findings_claims_nothing() -> None:
    text = read(compose(HEADING, [], EN))
    assert "Trial page" in text
    assert EN("check.ready") not in text
    assert EN("check.signature") not in text


def test_a_long_report_has_its_columns_named_on_every_page() -> None:
    finding = Finding(Verdict.FAIL, "device.scanner", "word " * 60, "please " * 20, "detail " * 60)
    pdf = compose(HEADING, [finding] * 20, EN)
    for page in ("1", "2", "3"):
        assert EN("check.column.found") in read(pdf, "-f", page, "-l", page)


# ---- A person's help --------------------------------------------------------------------------


@dataclass
class Staff:
    """`answer`: to every question, after `pause` seconds."""

    answer: bool = True
    pause: float = 0.0
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        self.told.append(words)

    async def confirm(self, question: str) -> bool:
        self.asked.append(question)
        await asyncio.sleep(self.pause)
        return self.answer


def giving(value: Any) -> Callable[..., Any]:
    async def call(*_: Any, **__: Any) -> Any:
        return value

    return call


async def never(*_: Any, **__: Any) -> Any:
    await asyncio.Event().wait()


async def breaks(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("张小满")


def port(fault: Fault | None = None, **methods: Any) -> Any:
    return SimpleNamespace(status=giving(status(DeviceState.ONLINE, fault)), **methods)


def printer(outcome: PrintOutcome, fault: Fault | None = None) -> Any:
    return port(fault, print=giving(outcome))


async def tried(device: str, driver: Any, staff: Staff | None = None) -> Finding:
    return await Guide(EN, staff or Staff(), b"%PDF", seconds=0.2).finding(device, driver)


async def test_a_card_is_named_by_its_kind_and_nothing_else() -> None:
    reader = port(arrival=giving(None), read=giving(replace(fakes.ZHANG, photo=b"")))
    finding = await tried("idcard", reader)
    assert finding.verdict is Verdict.PASS
    assert finding.found == "read: resident card, without photo"


@pytest.mark.parametrize(
    ("fault", "verdict", "action"),
    [
        (CardFault.ACCESS_NEEDED, Verdict.PASS, ""),  # the chip and the reader do talk
        (CardFault.EXPIRED, Verdict.PASS, ""),
        (CardFault.LIFTED, Verdict.FAIL, "Please lay it down again and wait for the screen."),
        (CardFault.CHECKSUM, Verdict.FAIL, "please call maintenance"),
    ],
)
async def test_a_card_that_is_not_read_is_told_apart_from_a_reader_that_does_not(
    fault: CardFault, verdict: Verdict, action: str
) -> None:
    finding = await tried("chipcard", port(arrival=giving(None), read=giving(fault)))
    assert (finding.verdict, finding.action) == (verdict, action)
    assert finding.found == EN(f"problem.card.{fault}")


async def test_paper_is_judged_by_a_person_who_may_take_time() -> None:
    staff = Staff(pause=0.6)
    finding = await tried("receipt", printer(PrintOutcome(Rung.PRESENTED)), staff)
    assert (finding.verdict, finding.found) == (Verdict.PASS, "printed clearly")
    finding = await tried("document", printer(PrintOutcome(Rung.PRESENTED)), Staff(False))
    assert (finding.verdict, finding.found, finding.action) == (
        Verdict.FAIL, "printed badly", "please call maintenance",
    )  # fmt: skip


async def test_a_printer_that_cannot_confirm_leaves_it_to_the_person() -> None:
    staff = Staff()
    finding = await tried("receipt", printer(PrintOutcome(Rung.UNCONFIRMED)), staff)
    assert finding.verdict is Verdict.PASS
    assert len(staff.asked) == 1


async def test_a_print_that_fails_is_told_by_its_fault_and_nobody_is_asked() -> None:
    staff = Staff()
    finding = await tried("receipt", printer(PrintOutcome(Rung.UNCONFIRMED, PAPER_OUT)), staff)
    assert (finding.found, finding.action) == ("out of paper", "please refill")
    assert staff.asked == []


async def test_why_nothing_was_scanned_is_the_devices_own_word() -> None:
    broken = Fault("process_failed", FaultAction.RESET)
    scanner = port(broken, scan=giving(ScanFault.NO_SCANNER))
    finding = await tried("scanner", scanner)
    assert finding.found == "There is no scanner, the camera's process fails"
    assert finding.action == "please restart it"


async def test_what_a_code_says_is_not_told() -> None:
    finding = await tried("scanner", port(scan=giving(Code("qr", "13800000042"))))
    assert (finding.verdict, finding.found) == (Verdict.PASS, "qr, 11 characters")


async def test_keys_are_told_up_to_enter() -> None:
    keys = [Key.D1, Key.HELP, Key.ENTER]

    async def key() -> Key:
        return keys.pop(0)

    assert (await tried("keypad", port(key=key))).found == "1 help enter"
    finding = await tried("keypad", port(key=giving(None)))
    assert finding.verdict is Verdict.FAIL


async def test_speech_that_nobody_hears_fails() -> None:
    speaker = port(say=giving(Spoken.SAID))
    assert (await tried("speech", speaker)).verdict is Verdict.PASS
    finding = await tried("speech", speaker, Staff(False))
    assert (finding.verdict, finding.found) == (Verdict.FAIL, "not heard")
    silent = port(Fault("player_failed", FaultAction.MAINTENANCE), say=giving(Spoken.FAILED))
    assert (await tried("speech", silent)).found == "sound can't be played"


@pytest.mark.parametrize(
    ("device", "driver"),
    [
        ("idcard", port(arrival=never)),
        ("receipt", port(print=never)),
        ("keypad", port(key=never)),
        ("sensors", port(change=never)),
    ],
)
async def test_what_does_not_come_is_not_waited_for_for_ever(device: str, driver: Any) -> None:
    async with asyncio.timeout(60):
        finding = await tried(device, driver)
    assert (finding.verdict, finding.found) == (Verdict.FAIL, "nothing came in time")


async def test_a_driver_that_breaks_costs_its_device_and_tells_nothing_private() -> None:
    finding = await tried("camera", port(capture=breaks))
    assert (finding.verdict, finding.action) == (Verdict.FAIL, "please call maintenance")
    assert finding.found == "its driver fails (ZeroDivisionError)"


# ---- Looking ----------------------------------------------------------------------------------


async def test_a_driver_is_asked_until_it_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LOOK_SECONDS", 0.0)
    looks = [status(DeviceState.STARTING)] * 4 + [status(DeviceState.NO_DEVICE, PAPER_OUT)]

    async def look() -> DeviceStatus:
        return looks.pop(0)

    [finding] = await checks.look_at("receipt", SimpleNamespace(status=look), "x", None, EN)
    assert looks == []
    assert finding.verdict is Verdict.FAIL


async def test_a_class_that_is_not_fitted_is_left_out() -> None:
    absent = SimpleNamespace(status=giving(status(DeviceState.NO_DEVICE)))
    [finding] = await checks.look_at("receipt", absent, "none", None, EN)
    assert (finding.verdict, finding.found) == (Verdict.LEFT_OUT, "not fitted")


async def test_who_helps_is_not_asked_to_try_what_is_known_to_fail() -> None:
    staff = Staff()
    broken = port(PAPER_OUT)
    found = await checks.look_at("receipt", broken, "x", Guide(EN, staff, b"%PDF"), EN)
    assert len(found) == 1
    assert staff.told == []


# ---- What is plugged in -----------------------------------------------------------------------


def test_each_thing_that_is_found_comes_with_the_settings_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("input/usb-Sample_Keys-event-kbd", "usb/lp0", "gpiochip0"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "video/video2").mkdir(parents=True)
    (tmp_path / "video/video2/name").write_text("Sample Cam\n")
    folders = {"_INPUT": "input", "_VIDEO": "video", "_PRINTERS": "usb", "_GPIO": "."}
    for name, folder in folders.items():
        monkeypatch.setattr(finder, name, tmp_path / folder)
    line_of = SimpleNamespace(device="/dev/ttyUSB0", description="Sample UART", hwid="USB")
    monkeypatch.setattr(list_ports, "comports", lambda **_: [line_of])
    monkeypatch.setattr(finder, "_readers", lambda: (["Sample Reader 00"], ""))
    found = "\n".join(finder.find_devices())
    for part in ('[camera.opencv] source = "2"', "Sample Cam", "[keypad.evdev] path", "lp0",
                 "[receipt.escpos_file]", "[sensors.gpio] chip", "[idcard.sdt_serial] port",
                 "/dev/ttyUSB0", '[chipcard.pcsc] reader = "Sample Reader 00"'):  # fmt: skip
        assert part in found


def test_a_machine_without_devices_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("_INPUT", "_VIDEO", "_PRINTERS", "_GPIO"):
        monkeypatch.setattr(finder, name, tmp_path)
    monkeypatch.setattr(list_ports, "comports", lambda **_: [])
    monkeypatch.setattr(finder, "_readers", lambda: ([], "no service"))
    assert finder.find_devices() == [
        "nothing that a driver could use was found", "PC/SC could not be asked: no service",
    ]  # fmt: skip
