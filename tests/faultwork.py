"""Each fault of the vocabulary, and how a real driver is brought into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import faulthands as hands
from documentwork import PDF
from drivers import registry
from drivers.options import Site
from faulthands import Hand, file, held, refused, script
from faultrigs import RIGS, Room
from kiosk.model import FaultAction, PrintOutcome, Receipt, TextLine
from kiosk.session.health import FAULTS as HOST_FAULTS
from pcsc import ChipcardRoom

Key = tuple[str, str]  # device, code


def _faults(device: str) -> Mapping[str, FaultAction]:
    found: Mapping[str, FaultAction] = import_module(f"drivers.{device}.status").FAULTS
    return found


# What the registry and the host say of any device is shown at the keypad.
VOCABULARY: dict[Key, FaultAction] = {
    **{(device, str(code)): action for device in registry.CLASSES
       for code, action in _faults(device).items()},
    **{("keypad", code): action for code, action in {**registry.FAULTS, **HOST_FAULTS}.items()},
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """`driver`: of the device's drivers. `state`: what the simulator's file says from the start.

    `options`: beside those that lead to the simulator; `{folder}` is the recipe's own.
    `hand`: what is done while the driver is there.
    """

    driver: str
    state: Mapping[str, object] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    hand: Hand = hands.nothing


def _states(device: str, driver: str, **states: Mapping[str, object]) -> dict[Key, Recipe]:
    """Faults that a state file alone brings about, by their codes."""
    return {(device, code): Recipe(driver, state) for code, state in states.items()}


def _of_lens(device: str, driver: str) -> dict[Key, Recipe]:
    """What can happen to any camera."""
    file_of = {name: {"source": f"{{folder}}/{name}"} for name in ("there.png", "huge.png")}
    return {
        (device, "not_connected"): Recipe(driver, {"power": "off"}),
        (device, "denied"): Recipe(driver, {}, file_of["there.png"],
                                   file("there.png", bytes, then=hands.without_rights)),
        (device, "misnamed"): Recipe(driver, {}, {"source": "http://"}),
        (device, "no_picture"): Recipe(driver, {"fault": "stop"}, hand=hands.used),
        (device, "frozen"): Recipe(driver, {"fault": "frozen"}, hand=hands.used),
        (device, "too_large"): Recipe(driver, {}, file_of["huge.png"],
                                      file("huge.png", hands.huge_picture, then=hands.used)),
        (device, "process_failed"): Recipe(driver, hand=hands.killed_in_use),
    }  # fmt: skip


_REASONS = {
    "jam": "media-jam-error", "tray_missing": "input-tray-missing",
    "waste_full": "marker-waste-full", "output_full": "output-area-full-error",
    "fuser": "fuser-over-temp", "paused": "paused", "shut_down": "shutdown",
    "spool_full": "spool-area-full-report", "stopped": "stopped-partly", "other": "other-error",
}  # fmt: skip
_SICK_MODULES = ("silent", "garbled", "line_disturbed", "self_test_failed", "sam_not_authorised",
                 "sam_error")  # fmt: skip

RECIPES: dict[Key, Recipe] = {
    ("keypad", "driver_unknown"): Recipe("nobody"),
    ("keypad", "driver_not_installed"): Recipe("hollow"),
    ("keypad", "driver_settings"): Recipe("evdev", {}, {"stuck_seconds": "very long"}),
    ("keypad", "driver_broken"): Recipe("broken"),
    ("keypad", "driver_failed"): Recipe("raising"),
    ("keypad", "silent"): Recipe("hanging"),
    **{("idcard", code): Recipe("sdt_serial", {"fault": code}) for code in _SICK_MODULES},
    ("idcard", "not_connected"): Recipe("sdt_serial", {"plugged": False}),
    ("idcard", "port_denied"): Recipe("sdt_serial", hand=held("idcard.tty")),
    **_states(
        "chipcard", "pcsc",
        service_down={"service": "off"}, service_hung={"service": "hung"},
        no_reader={"plugged": False},
    ),
    ("chipcard", "other_reader"): Recipe("pcsc", {}, {"reader": "Some Other Maker"}),
    ("chipcard", "issuers_missing"): Recipe("pcsc", {}, {"issuers": "{folder}/nowhere"}),
    ("chipcard", "reader_in_use"): Recipe("pcsc", {"card": "social_zhang"}, {},
                                          hands.reader_of_another_program),
    ("chipcard", "service_refused"): Recipe("pcsc", hand=hands.service_that_refuses),
    ("chipcard", "reader_unavailable"): Recipe("pcsc", hand=hands.reader_without_power),
    **_of_lens("camera", "opencv"),
    **_of_lens("doccam", "opencv"),
    **_of_lens("scanner", "camera"),
    ("scanner", "not_connected"): Recipe("serial", {"plugged": False}),
    ("scanner", "denied"): Recipe("serial", hand=refused("serial.Serial", hands.DENIED)),
    ("scanner", "taken"): Recipe("serial", hand=held("scanner.tty")),
    ("scanner", "wrong_device"): Recipe("serial", {}, {"port": "{folder}/file"},
                                        file("file", bytes)),
    ("scanner", "garbled"): Recipe("serial", hand=hands.scanned_as_rubbish),
    **_states(
        "receipt", "escpos_network",
        cover_open={"cover": "open"}, paper_out={"paper": "out"}, cutter_error={"cutter": "error"},
        recoverable_error={"error": "recoverable"}, not_ready={"feed_button": True},
        unrecoverable_error={"error": "unrecoverable"}, unreachable={"power": "off"},
        auto_recovering={"error": "auto_recovering"}, no_answer={"silent": True},
        cannot_confirm={"unknown": ["GS r", "GS I", "GS a"]},
    ),
    ("receipt", "port_denied"): Recipe("escpos_serial", hand=held("receipt.tty")),
    **_states(
        "document", "ipp",
        unreachable={"power": "off"}, no_answer={"answer": "garbage"},
        wrong_address={"answer": "not_found"}, access_denied={"answer": "denied"},
        format_not_supported={"formats": ["image/pwg-raster"]},
        media_not_loaded={"media": "na_letter_8.5x11in"}, cover_open={"cover": "open"},
        paper_out={"paper": "out"}, toner_out={"toner": "out"}, not_accepting={"accepting": False},
        **{code: {"reasons": [reason, *(["odd-error"] if code == "stopped" else [])]}
           for code, reason in _REASONS.items()},
    ),
    ("document", "media_not_supported"): Recipe("ipp", {}, {"media": "iso_a5_148x210mm"}),
    ("document", "leftover"): Recipe("ipp", {"fault": "stubborn"}, {"finish_seconds": 0.3},
                                     hands.printed_in_vain),
    ("keypad", "not_connected"): Recipe("evdev", {"plugged": False}),
    ("keypad", "port_denied"): Recipe("evdev", hand=refused("drivers.evdev._opened", hands.TAKEN)),
    ("keypad", "not_a_keypad"): Recipe("evdev", {}, {"path": "/dev/null"}),
    ("keypad", "stuck_key"): Recipe("evdev", hand=hands.leant_on),
    **_states(
        "sensors", "serial",
        door_tampered={"door": "tampered"}, door_open={"door": "open"}, ups_low={"ups": "low"},
        ups_engaged={"ups": "engaged"}, ups_failed={"ups": "failed"},
        ups_battery_low={"ups": "battery_low"}, module_refused={"fault": "refused"},
        sensor_unreachable={"plugged": False}, reading_unknown={"fault": "contradiction"},
    ),
    ("sensors", "port_denied"): Recipe("serial", hand=held("sensors.tty")),
    ("speech", "engine_missing"): Recipe("espeak", {}, {"engine": "{folder}/nowhere"}),
    ("speech", "engine_failed"): Recipe("espeak", {}, {"engine": "{folder}/engine"},
                                        file("engine", script("kill -SEGV $$"))),
    ("speech", "voice_missing"): Recipe("espeak", {}, {"engine": "{folder}/engine"},
                                        file("engine", script("exit 1"))),
    ("speech", "player_missing"): Recipe("espeak", {}, {"player": "{folder}/nowhere"}),
    ("speech", "player_failed"): Recipe("espeak", {"output": "off"}),
}  # fmt: skip

# Faults of one job, which a print ends in.
_IMPATIENT = {"finish_seconds": 0.6}
PRINTS: dict[Key, Recipe] = {
    ("document", "busy"): Recipe("ipp", {"stop_at": "queued"}),
    ("document", "refused"): Recipe("ipp", {"fault": "refused"}),
    ("document", "aborted"): Recipe("ipp", {"fault": "aborted"}),
    ("document", "cancelled"): Recipe("ipp", {"fault": "cancelled"}),
    ("document", "job_errors"): Recipe("ipp", {"fault": "errors"}),
    ("document", "job_lost"): Recipe("ipp", {"fault": "forgets"}),
    ("document", "no_progress"): Recipe("ipp", {"stop_at": "sent"}, _IMPATIENT),
    ("receipt", "too_long"): Recipe("escpos_network"),
}
PAPERS: dict[str, bytes | Receipt] = {
    "document": PDF,
    "receipt": Receipt((TextLine("䶮\n" * 500),)),  # what no slip of a visit is
}


@asynccontextmanager
async def cooked(
    key: Key, recipe: Recipe, folder: Path, chips: Callable[[], ChipcardRoom]
) -> AsyncIterator[Any]:
    """The driver, built as a terminal builds it, and in trouble."""
    device, _ = key
    room = Room(folder, device, chips)
    async with AsyncExitStack() as stack:
        stack.enter_context(room.running)
        rig = RIGS.get(f"{device}.{recipe.driver}")
        address = rig(room) if rig else {}
        room.change(**recipe.state)
        options = {key: said.format(folder=folder) if isinstance(said, str) else said
                   for key, said in recipe.options.items()}  # fmt: skip
        room.driver = registry.build(device, recipe.driver, {**address, **options}, Site())
        stack.push_async_callback(room.driver.close)
        await stack.enter_async_context(recipe.hand(room))
        yield room.driver


async def outcome_of(key: Key, driver: Any) -> PrintOutcome:
    outcome: PrintOutcome = await driver.print("job-1", PAPERS[key[0]], lambda _rung: None)
    return outcome
