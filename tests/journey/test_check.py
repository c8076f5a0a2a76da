"""`kiosk check` on simulated devices: all well, all wrong, with a person's help and without."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import fakes
import pcsc
from drivers.chipcard.pcscd import missing
from drivers.chipcard.samples import SAMPLES as CHIPS
from drivers.chipcard.samples import SocialCard
from drivers.idcard.samples import SAMPLES as CARDS
from drivers.statefile import replace_json, write_state
from kiosk import household, processes
from kiosk.checks import Options, run_checks
from kiosk.errors import SettingsError
from kiosk.model import Language
from kiosk.settings import load
from screens.words import Words

SETTINGS = fakes.ROOT / "config/terminal.toml"
WORDS = Words(fakes.ROOT / "config/locales", strict=True)
CODE = "示例 13800000042 SAMPLE-CODE"
PAUSE = 0.6  # seconds that a person takes; a code shown before the scan counts for nothing
LIMIT = 60.0

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing()),
    pytest.mark.timeout(240),
]


@dataclass
class Machine:
    """A terminal's devices, simulated in a process of their own, and the fleet's door."""

    sim: Path
    env: Mapping[str, str]

    def well(self) -> None:
        for device in DEVICES:
            replace_json(self.sim / f"{device}.json", {})

    def change(self, device: str, **state: object) -> None:
        write_state(self.sim / f"{device}.json", **state)


class Door(BaseHTTPRequestHandler):
    """What the check asks of a fleet: is anybody there?"""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder, ports = tmp_path_factory.mktemp("machine"), household.Ports.any()
    settings = load(SETTINGS)
    sim = folder / "sim"
    player = f"{sys.executable} -m drivers.speech.simulator {sim} loudspeaker"
    env = household.environment(settings, ports, folder) | {
        "KIOSK_GATEWAY__URL": f"http://127.0.0.1:{ports.http}",
        "KIOSK_CHIPCARD__PCSC__SOCKET": str(pcsc.SOCKET),  # one name for as long as we live
        "KIOSK_SPEECH__DRIVER": "espeak",
        "KIOSK_SPEECH__ESPEAK__PLAYER": player,
    }
    (folder / "trust").mkdir()
    (folder / "trust/case.pub").write_text("0f" * 32)
    with ExitStack() as stack:
        door = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", ports.http), Door))
        threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True).start()
        stack.callback(door.shutdown)
        children = household.background(settings, SETTINGS, env, ports)
        argv = next(child.argv for child in children if child.name == "simulators")
        log = stack.enter_context((folder / "simulators.log").open("wb"))
        running = subprocess.Popen(argv, cwd=fakes.ROOT, env={**os.environ, **env},
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # fmt: skip
        stack.callback(processes.stop, running, 15)
        deadline = time.monotonic() + LIMIT
        while not (sim / "ready.json").exists():
            assert running.poll() is None, (folder / "simulators.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        pcsc.SOCKET.unlink(missing_ok=True)
        pcsc.SOCKET.symlink_to(sim / "pcscd/pcscd.comm")
        stack.callback(pcsc.SOCKET.unlink, missing_ok=True)
        yield Machine(sim, env)


@pytest.fixture(autouse=True)
def at_the_machine(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.well()
    monkeypatch.chdir(fakes.ROOT)
    for key, value in machine.env.items():
        monkeypatch.setenv(key, value)


# ---- A person ---------------------------------------------------------------------------------

# What to write, one after the other, when this device is asked for.
Act = tuple[Mapping[str, Any], ...]
DEVICES: Mapping[str, Act] = {
    "idcard": ({"card": "zhang"},),
    "chipcard": ({"card": "social_zhang"},),
    "camera": ({"scene": "face"},),
    "receipt": (),
    "document": (),
    "scanner": ({"code": CODE},),
    "doccam": ({"scene": "page"},),
    "keypad": ({"key": "1"}, {"key": "help"}, {"key": "enter"}),
    "sensors": ({"door": "open"},),
    "speech": (),
}


@dataclass
class Helper:
    """Does what the check asks for, and finds all paper clean and all speech clear."""

    machine: Machine
    language: Language
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tell(self, words: str) -> None:
        self.told.append(words)
        [device] = [name for name in DEVICES
                    if WORDS.say(f"check.do.{name}", self.language) == words]  # fmt: skip
        loop = asyncio.get_running_loop()
        for number, state in enumerate(DEVICES[device], 1):
            loop.call_later(number * PAUSE, lambda s: self.machine.change(device, **s), state)

    async def confirm(self, question: str) -> bool:
        self.asked.append(question)
        return True


@dataclass
class Check:
    """What came of one."""

    code: int
    lines: list[str]
    report: str

    def of(self, key: str, language: Language = Language.EN) -> list[str]:
        """The lines about one thing."""
        name = WORDS.say(key, language)
        return [line for line in self.lines if line.split(maxsplit=1)[1].startswith(name)]


def check(
    folder: Path, language: Language = Language.EN, only: tuple[str, ...] = (), **more: Any
) -> Check:
    lines: list[str] = []
    report = folder / "reports/report.pdf"
    options = Options(language, report=report, only=only, tell=lines.append, **more)
    code = run_checks(SETTINGS, options)
    assert lines.pop() == WORDS.say("check.report_written", language, path=report)
    text = subprocess.run(["pdftotext", "-raw", str(report), "-"], check=True,
                          capture_output=True, text=True).stdout  # fmt: skip
    return Check(code, lines, text)


def closed_up(text: str) -> str:
    """Without spaces and line ends: words wrap in narrow columns."""
    return "".join(text.split())


# ---- All is well ------------------------------------------------------------------------------


def test_with_a_persons_help_every_device_shows_that_it_works(
    machine: Machine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    helper = Helper(machine, Language.EN)
    done = check(tmp_path, guided=helper)
    assert [line for line in done.lines if line.split()[0] != "ok"] == []
    assert done.code == 0
    for device in DEVICES:
        assert len(done.of(f"device.{device}")) == 2, "what it says, and what it does"
    assert len(helper.told) == len(DEVICES)
    assert len(helper.asked) == 3
    for part in ("resident card", "social security card", "qr, ", "1 help enter", "door: open"):
        assert any(part in line for line in done.lines), part
    assert "Ready for service" in done.report
    assert "KT-0001" in done.report
    private_parts_are_nowhere(done, "".join(capfd.readouterr()))
    for paper in ("receipts/0001.escpos", "certificates/0001.pdf"):
        assert (machine.sim / paper).stat().st_size


def private_parts_are_nowhere(done: Check, printed: str) -> None:
    card, chip = CARDS["zhang"], CHIPS["social_zhang"]
    assert isinstance(chip, SocialCard)
    parts = (card.name, card.number, card.address, card.issuer, chip.number, chip.card_number,
             chip.name, *CODE.split())  # fmt: skip
    everything = closed_up("\n".join([*done.lines, done.report, printed]))
    assert [part for part in parts if not part or closed_up(part) in everything] == []


def test_without_a_person_nothing_is_printed_and_nobody_is_asked(
    machine: Machine, tmp_path: Path
) -> None:
    before = list(machine.sim.glob("*/[0-9]*"))
    done = check(tmp_path, Language.ZH)
    assert done.code == 0
    for device in DEVICES:
        assert len(done.of(f"device.{device}", Language.ZH)) == 1
        assert closed_up(WORDS.say(f"device.{device}", Language.ZH)) in closed_up(done.report)
    assert WORDS.say("check.ready", Language.ZH) in done.report
    assert list(machine.sim.glob("*/[0-9]*")) == before


# ---- Something is wrong -----------------------------------------------------------------------

# Who is at fault: state of the simulator, settings, what is said of it.
Wrong = tuple[Mapping[str, object], Mapping[str, str], str, str]
WRONG: Mapping[str, Wrong] = {
    "receipt": ({"paper": "out"}, {}, "paper_out", "refill"),
    "document": ({"cover": "open"}, {}, "cover_open", "clear"),
    "idcard": ({}, {"KIOSK_IDCARD__SDT_SERIAL__BAUD": "9600"}, "silent", "configuration"),
    "keypad": ({}, {"KIOSK_KEYPAD__DRIVER": "evdef"}, "driver_unknown", "configuration"),
    "scanner": ({}, {"KIOSK_SCANNER__SERIAL__BOUD": "9600"}, "driver_settings", "configuration"),
    "doccam": ({"power": "off"}, {}, "not_connected", "maintenance"),
    "sensors": ({"door": "tampered"}, {}, "door_tampered", "suspend"),
    "speech": ({"output": "off"}, {}, "player_failed", "maintenance"),
}


@pytest.mark.parametrize("language", Language)
def test_whatever_is_wrong_is_named_with_its_remedy_and_the_terminal_is_not_ready(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    for device, (state, settings, _, _) in WRONG.items():
        machine.change(device, **state)
        for key, value in settings.items():
            monkeypatch.setenv(key, value)
    done = check(tmp_path, language)
    assert done.code == 1
    assert WORDS.say("check.not_ready", language) in done.report
    report = closed_up(done.report)
    for device, (_, _, fault, action) in WRONG.items():
        [line] = done.of(f"device.{device}", language)
        assert line.split()[0] == WORDS.say("check.fail", language)
        for key in (f"device.{device}", f"fault.{fault}", f"action.{action}"):
            assert WORDS.say(key, language) in line
            assert closed_up(WORDS.say(key, language)) in report
    for device in DEVICES.keys() - WRONG.keys():
        [line] = done.of(f"device.{device}", language)
        assert line.split()[0] == WORDS.say("check.pass", language)


def test_only_the_devices_that_were_asked_for_are_tried(machine: Machine, tmp_path: Path) -> None:
    machine.change("receipt", paper="out")
    done = check(tmp_path, only=("receipt", "keypad"))
    assert [line.split()[0] for line in done.lines] == ["wrong", "ok"]
    assert check(tmp_path, only=("keypad",)).code == 0


def test_paper_that_runs_out_in_the_trial_is_told_with_its_remedy(
    machine: Machine, tmp_path: Path
) -> None:
    machine.change("document", fault="out_while_printing")
    helper = Helper(machine, Language.EN)
    done = check(tmp_path, only=("document",), guided=helper)
    status, trial = done.of("device.document")
    assert status.split()[0] == "ok"
    assert "out of paper" in trial
    assert "please refill" in trial
    assert helper.asked == []


def test_without_fleet_and_its_key_the_check_says_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_TERMINAL__TRUST", str(tmp_path / "trust"))
    monkeypatch.setenv("KIOSK_GATEWAY__URL", f"http://127.0.0.1:{processes.free_port()}")
    done = check(tmp_path)
    assert done.code == 1
    wrong = [line for line in done.lines if line.split()[0] == "wrong"]
    assert len(wrong) == 2
    assert all("start the fleet" in line for line in wrong)


def test_a_device_that_there_is_none_of_is_a_mistake_and_not_a_pass(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no device printer; there are: idcard, "):
        check(tmp_path, only=("printer",))


def test_wrong_settings_are_told_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_MQTT__PORT", "none")
    lines: list[str] = []
    assert run_checks(SETTINGS, Options(tell=lines.append)) == 1
    assert "mqtt.port" in lines[0]


# ---- As it is typed ---------------------------------------------------------------------------


def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "kiosk", "check", *arguments], cwd=fakes.ROOT,
                          capture_output=True, text=True, timeout=LIMIT, check=False)  # fmt: skip


def test_the_command_tells_its_result_by_its_exit(machine: Machine, tmp_path: Path) -> None:
    report = tmp_path / "report.pdf"
    arguments = ("--device", "receipt", "--report", str(report), "--language", "zh_CN")
    assert typed(*arguments).returncode == 0
    assert report.read_bytes().startswith(b"%PDF")
    machine.change("receipt", cover="open")
    done = typed(*arguments)
    assert done.returncode == 1
    assert WORDS.say("action.clear", Language.ZH) in done.stdout


def test_a_misspelt_device_ends_in_one_sentence() -> None:
    done = typed("--device", "printer")
    assert done.returncode == 2
    assert done.stderr.startswith("kiosk: there is no device printer")


def test_finding_devices_works_where_there_are_none() -> None:
    done = typed("--find")
    assert done.returncode == 0
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr
