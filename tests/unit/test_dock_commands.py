"""`kiosk dock`: one command, one change; and its table is what the simulators really know."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.dock import run_dock
from kiosk.simulated import DEVICES, Tone, tone

Captured = pytest.CaptureFixture[str]
Said = dict[str, Any]


def dock(folder: Path, command: str = "") -> int:
    return run_dock(folder, command.split())


def said(folder: Path, device: str) -> Said:
    found: Said = json.loads((folder / f"{device}.json").read_text("utf-8"))
    return found


# ---- Commands --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "device", "wanted"),
    [
        ("idcard card=zhang", "idcard", {"card": "zhang"}),
        ("idcard card=none plugged=false", "idcard", {"card": None, "plugged": False}),
        ("idcard plugged=no", "idcard", {"plugged": False}),
        ("idcard fault=null", "idcard", {"fault": None}),
        ("network link=silent delay_ms=250", "network", {"link": "silent", "delay_ms": 250}),
        ("document rung_seconds=1.5", "document", {"rung_seconds": 1.5}),
        ("receipt die_after=4000", "receipt", {"die_after": 4000}),
        ("scanner code=case_no", "scanner", {"code": "KT0001-20261121-000042"}),
        ("scanner code=KC1:6BF", "scanner", {"code": "KC1:6BF"}),
        ("keypad key=7", "keypad", {"key": "7"}),
        ("keypad plugged=false", "keypad", {"key": None, "plugged": False}),
    ],
)
def test_a_command_writes_its_file(tmp_path: Path, command: str, device: str, wanted: Said) -> None:
    assert dock(tmp_path / "sim", command) == 0
    written = said(tmp_path / "sim", device)
    assert written == wanted
    assert {key: type(value) for key, value in written.items()} == {
        key: type(value) for key, value in wanted.items()
    }


def test_the_other_keys_stay(tmp_path: Path) -> None:
    dock(tmp_path, "receipt paper=low cover=open")
    dock(tmp_path, "receipt paper=out")
    assert said(tmp_path, "receipt") == {"paper": "out", "cover": "open"}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("idcrad", "'idcrad' is no device; did you mean idcard?"),
        ("idcard crad=zhang", "'crad' is no key of idcard; did you mean card?"),
        ("idcard card=zhnag", "'zhnag' is no value of idcard card; did you mean zhang?"),
        ("network link=xyz", "there are: up, down, silent"),
        ("idcard card", "'card' is no KEY=VALUE; idcard has card, fault, plugged"),
        ("idcard plugged=false card=nobody", "'nobody' is no value of idcard card"),
        ("network delay_ms=soon", "network delay_ms takes a whole number, not 'soon'"),
        ("document rung_seconds=x", "document rung_seconds takes a number, not 'x'"),
        ("document rung_seconds=nan", "takes a number"),
        ("reset idcrad", "did you mean idcard?"),
        ("rest", "did you mean reset?"),
    ],
)
def test_an_unknown_word_is_told_with_what_is_near_and_writes_nothing(
    tmp_path: Path, capsys: Captured, command: str, words: str
) -> None:
    assert dock(tmp_path / "sim", command) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "sim").exists()


def test_alone_it_lists_every_key_and_what_it_says_now(tmp_path: Path, capsys: Captured) -> None:
    dock(tmp_path, "receipt paper=low")
    capsys.readouterr()
    assert dock(tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == list(DEVICES)
    paper = [line.split() for line in lines if line.split()[0] == "paper"]
    assert paper[0] == ["paper", "low", "full", "low", "out"]
    assert sum(line.startswith(" ") for line in lines) == sum(map(len, DEVICES.values()))


def test_a_device_alone_lists_itself(tmp_path: Path, capsys: Captured) -> None:
    dock(tmp_path, "network delay_ms=70")
    capsys.readouterr()
    dock(tmp_path, "network")
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["network"], ["link", "up"], ["delay_ms", "70"],
    ]  # fmt: skip


def test_reset_makes_one_device_or_all_well_again(tmp_path: Path) -> None:
    for command in ("idcard card=zhang", "receipt cover=open", "sensors door=open"):
        dock(tmp_path, command)
    dock(tmp_path, "reset receipt")
    assert said(tmp_path, "receipt") == {}
    assert said(tmp_path, "idcard") == {"card": "zhang"}
    dock(tmp_path, "reset")
    assert all(said(tmp_path, device) == {} for device in DEVICES)


def test_simulators_that_do_not_run_are_told_of(tmp_path: Path, capsys: Captured) -> None:
    dock(tmp_path, "idcard card=zhang")
    assert "not running" in capsys.readouterr().err
    (tmp_path / "ready.json").write_text("{}")
    dock(tmp_path, "idcard card=zhang")
    assert capsys.readouterr().err == ""


# ---- Tones -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "state", "wanted"),
    [
        ("idcard", {}, Tone.WELL),
        ("idcard", {"card": None, "plugged": True}, Tone.WELL),
        ("idcard", {"card": "zhang"}, Tone.USED),
        ("idcard", {"card": "zhang", "plugged": False}, Tone.BAD),
        ("receipt", {"paper": "low"}, Tone.WARN),
        ("receipt", {"paper": "low", "cover": "open"}, Tone.BAD),
        ("sensors", {"ups": "engaged"}, Tone.WARN),
        ("sensors", {"headphones": "present"}, Tone.USED),
        ("network", {"delay_ms": 5}, Tone.BAD),
        ("network", {"link": ["?"]}, Tone.BAD),
    ],
)
def test_a_device_is_as_ill_as_its_worst_key(device: str, state: Said, wanted: Tone) -> None:
    assert tone(device, state) is wanted


# ---- The simulators --------------------------------------------------------------------------

WHERE = {
    "idcard": "drivers.idcard.emulation:SimState",
    "chipcard": "drivers.chipcard.simulator:SimState",
    "receipt": "drivers.receipt.engine:DEFAULTS",
    "document": "drivers.document.mechanism:DEFAULTS",
    "camera": "drivers.camera.simulator:DEFAULTS",
    "scanner": "drivers.scanner.simulator:DEFAULTS",
    "doccam": "drivers.doccam.simulator:DEFAULTS",
    "keypad": "drivers.keypad.simulator:DEFAULTS",
    "sensors": "drivers.sensors.emulation:DEFAULTS",
    "network": "drivers.network:DEFAULTS",
    "payment": "fleet.payment.provider.hand:State",
}
# What a simulator offers for a key: the table must have exactly these.
OFFERED = {
    ("idcard", "card"): "drivers.idcard.samples:SAMPLES",
    ("idcard", "fault"): "drivers.idcard.emulation:SimFault",
    ("chipcard", "card"): "drivers.chipcard.samples:SAMPLES",
    ("chipcard", "fault"): "drivers.chipcard.faults:SimFault",
    ("chipcard", "service"): "drivers.chipcard.simulator:Service",
    ("camera", "scene"): "drivers.camera.pictures:Scene",
    ("camera", "fault"): "drivers.mjpeg:FAULTS",
    ("doccam", "fault"): "drivers.mjpeg:FAULTS",
    ("scanner", "fault"): "drivers.scanner.simulator:FAULTS",
    ("doccam", "scene"): "drivers.doccam.pictures:Scene",
    ("keypad", "key"): "kiosk.model:Key",
    ("sensors", "fault"): "drivers.sensors.emulation:FAULTS",
    ("payment", "payer"): "fleet.payment.provider.hand:Payer",
    ("payment", "answer"): "fleet.payment.provider.hand:Answering",
    ("payment", "callback"): "fleet.payment.provider.hand:Callback",
    ("payment", "statement"): "fleet.payment.provider.hand:Stating",
}


def found(where: str) -> Any:
    module, name = where.split(":")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("device", DEVICES)
def test_the_table_knows_the_keys_of_the_simulator(device: str) -> None:
    defaults = found(WHERE[device])
    defaults = defaults if isinstance(defaults, Mapping) else msgspec.to_builtins(defaults())
    firsts = {key: knob.first for key, knob in DEVICES[device].items()}
    assert firsts == {key: defaults[key] for key in firsts}


@pytest.mark.parametrize(("device", "key"), OFFERED)
def test_the_table_knows_every_word_of_the_simulator(device: str, key: str) -> None:
    words = {str(word) for word in found(OFFERED[device, key])}
    assert set(DEVICES[device][key].values) - {"none"} == words - {"none"}
