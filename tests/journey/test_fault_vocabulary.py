"""Each fault of the vocabulary, produced for real, reaches screen, `kiosk check` and fleet.

The drivers are real, and so are the other ends of their lines; only the session's other devices
are stand-ins. What a person has to do goes along all the way.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

import fakes
from drivers import registry
from fakes import Bench, FakePrinter
from faultrigs import LIMIT
from faultwork import PRINTS, RECIPES, VOCABULARY, Key, cooked, outcome_of
from fleet.console.vocabulary import VALUES
from kiosk import checks, wire
from kiosk import events as e
from kiosk.agent import reports
from kiosk.agent.outbox import Outbox
from kiosk.guided import Guide
from kiosk.model import DeviceState, DeviceStatus, Fault, Language, PrintOutcome
from kiosk.readiness import Finding, Sayer, Verdict, line, of_status
from kiosk.session import health
from kiosk.session.condition import Condition
from kiosk.session.filing import Filing, Standing
from kiosk.session.papers import print_papers
from kiosk.session.vault import Vault
from kiosk.session.visit import Visit
from kiosk.view import AttractBody, Notice, OutOfServiceBody
from pcsc import ChipcardRoom, chipcard_room
from screens.words import Words

WORDS = Words(fakes.ROOT / "config/locales", strict=True)
SAYERS = {language: Sayer(WORDS, language) for language in Language}
FIELDS = {"idcard": "reader", "chipcard": "chip", "camera": "camera", "receipt": "receipt",
          "document": "document"}  # fmt: skip
MOST_COLUMNS = 110  # of a line for the staff: two rows of small letters on the narrow screen
BY_NAME = [pytest.param(key, id=f"{key[0]}-{key[1]}") for key in RECIPES]


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], ChipcardRoom]]:
    """The one reader with pcscd, started when it is first asked for."""
    with ExitStack() as stack:
        made: list[ChipcardRoom] = []

        def room() -> ChipcardRoom:
            if not made:
                folder = tmp_path_factory.mktemp("chips")
                made.append(stack.enter_context(chipcard_room(folder)))
            return made[0]

        yield room


@asynccontextmanager
async def terminal_with(folder: Path, device: str, driver: str, port: Any) -> AsyncIterator[Bench]:
    """A terminal whose `device` is the real one; nobody has touched it."""
    bench = fakes.bench(folder)
    devices = bench.terminal.devices
    if device in FIELDS:
        setattr(devices, FIELDS[device], port)
    else:
        devices.beside = {device: port}
    devices.drivers = {device: driver}
    bench.journal.put_status("link", {"online": True})
    running = asyncio.create_task(bench.engine.run())
    await asyncio.sleep(0)
    bench.post(e.ServiceRestored())
    try:
        yield bench
    finally:
        await bench.engine.stop()
        running.cancel()
        bench.journal.close()


async def shows(device: str, port: Any, code: str) -> DeviceStatus:
    """Its status, once the fault is there: what is missed three times is believed."""
    async with asyncio.timeout(LIMIT):
        while True:
            status = await health.ask(device, port)
            if status.fault is not None and status.fault.code == code:
                return status
            await asyncio.sleep(0.05)


# ---- The vocabulary ---------------------------------------------------------------------------


def test_every_fault_has_its_recipe_and_every_recipe_its_fault() -> None:
    assert not RECIPES.keys() & PRINTS.keys()
    assert RECIPES.keys() | PRINTS.keys() == VOCABULARY.keys()
    own = sum(len(faults) for faults in (registry.FAULTS, health.FAULTS))
    assert len(VOCABULARY) > 80 + own, "no class is left out"


@pytest.mark.parametrize("key", sorted(VOCABULARY), ids="-".join)
def test_every_fault_and_its_action_have_words_for_citizens_staff_and_fleet(key: Key) -> None:
    (device, code), action = key, VOCABULARY[key]
    for name in (f"fault.{code}", f"device.{device}", f"action.{action}"):
        assert name in WORDS
        assert all(VALUES[name])


@pytest.mark.parametrize("device", registry.CLASSES)
def test_a_fault_of_every_class_is_told_to_those_who_pass_by(device: str) -> None:
    broken = health.failing(device, DeviceState.HARDWARE_ERROR, "driver_failed")
    notices = Condition({device: broken}, online=True).notices()
    [notice] = [one for one in notices if one.device == device]
    assert (notice.fault, notice.action) == ("driver_failed", "maintenance")
    assert f"notice.{notice.key}" in WORDS


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", sorted(VOCABULARY), ids="-".join)
def test_every_line_for_the_staff_fits(key: Key, language: Language) -> None:
    """Chinese characters are as wide as two letters."""
    words = for_staff(Notice("", *key, str(VOCABULARY[key])), language)
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in words)
    assert len(words) + wide <= MOST_COLUMNS


def for_staff(notice: Notice, language: Language) -> str:
    """As `screens.screen.Screen.for_staff` says it."""
    parts = {name: WORDS.say(f"{name}.{getattr(notice, name)}", language)
             for name in ("device", "fault", "action")}  # fmt: skip
    return WORDS.say("notice.why", language, **parts)


# ---- Faults of a device -----------------------------------------------------------------------


@pytest.mark.parametrize("key", BY_NAME)
async def test_a_fault_reaches_screen_check_and_fleet_with_its_action(
    key: Key,
    tmp_path: Path,
    chips: Callable[[], ChipcardRoom],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device, code = key
    if code == "silent" and RECIPES[key].driver == "hanging":
        monkeypatch.setattr(health, "STATUS_SECONDS", 0.3)
    (tmp_path / "sim").mkdir()
    async with cooked(key, RECIPES[key], tmp_path / "sim", chips) as port:
        status = await shows(device, port, code)
        assert status.fault is not None
        assert status.fault.action is VOCABULARY[key]
        driver = RECIPES[key].driver
        async with terminal_with(tmp_path, device, driver, port) as bench:
            await health.Health(bench.terminal, bench.engine).look()
            fleet_knows(bench, key, driver)
            await screen_shows(bench, key, usable=status.usable)
        found = await checks.look_at(device, port, driver, None, SAYERS[Language.EN])
        check_says(found, key, SAYERS[Language.EN])
        chinese = SAYERS[Language.ZH]
        check_says([of_status(status, chinese, driver)], key, chinese)


def fleet_knows(bench: Bench, key: Key, driver: str) -> None:
    """In the health message as a broker carries it, and in the record that tells of the change."""
    device, code = key
    message = wire.decode_incoming(wire.encode(reports.health(bench.journal, 1, 0)))
    assert isinstance(message, wire.Health)
    [told] = [one for one in message.devices if one.device == device]
    assert (told.fault, told.action, told.driver) == (code, VOCABULARY[key], driver)
    record = bench.data("device.event")[-1]
    assert (record["device"], record["fault"], record["action"]) == (*key, VOCABULARY[key])


async def screen_shows(bench: Bench, key: Key, *, usable: bool) -> None:
    """What can serve a citizen all the same is the staff's and the fleet's business alone."""
    async with asyncio.timeout(LIMIT):
        while (notices := notices_of(bench, key[0])) == [] and not usable:
            await asyncio.sleep(0.005)
    if usable:
        assert notices == []
        return
    [notice] = notices
    assert (notice.fault, notice.action) == (key[1], VOCABULARY[key])


def notices_of(bench: Bench, device: str) -> list[Notice]:
    body = bench.views[-1].body if bench.views else None
    shown = body.notices if isinstance(body, AttractBody | OutOfServiceBody) else ()
    return [notice for notice in shown if notice.device == device and notice.fault]


def check_says(findings: list[Finding], key: Key, sayer: Sayer) -> None:
    [finding] = findings
    assert finding.verdict is Verdict.FAIL
    words = line(finding, sayer)
    for part in (f"device.{key[0]}", f"fault.{key[1]}", f"action.{VOCABULARY[key]}"):
        assert sayer(part) in words


# ---- Faults of a paper ------------------------------------------------------------------------


@pytest.mark.parametrize("key", [pytest.param(key, id=f"{key[0]}-{key[1]}") for key in PRINTS])
async def test_a_fault_of_a_print_reaches_screen_check_and_fleet_with_its_action(
    key: Key, tmp_path: Path, chips: Callable[[], ChipcardRoom]
) -> None:
    device, code = key
    (tmp_path / "sim").mkdir()
    async with cooked(key, PRINTS[key], tmp_path / "sim", chips) as port:
        outcome = await outcome_of(key, port)
    assert outcome.fault is not None
    assert not outcome.done
    assert (outcome.fault.code, outcome.fault.action) == (code, VOCABULARY[key])
    printer = FakePrinter(device, outcome=outcome)
    async with terminal_with(tmp_path, device, PRINTS[key].driver, printer) as bench:
        await printed(bench, device)
        fleet_knows_of_the_paper(bench, device, outcome.fault)
    for sayer in SAYERS.values():
        check_says([await tried(sayer, device, outcome)], key, sayer)


async def printed(bench: Bench, device: str) -> None:
    """The last step of a visit: the page says what became of this paper."""
    item = bench.terminal.catalogue.items[0]
    case = bench.journal.append("case", {"case_no": "KT0001-1"})
    vault = Vault(bench.terminal.devices.frames, certificates={"KT0001-1": b"%PDF"})
    filing = Filing(item, "KT0001-1", case, standing=Standing.DECIDED)
    visit = Visit(Language.ZH, vault, item=item, cases=[filing])
    await print_papers(bench.terminal, visit, lambda _event: None)
    [paper] = [one for one in visit.papers if (one.name == "receipt") is (device == "receipt")]
    assert paper.trouble.startswith("paper.trouble.")
    assert paper.trouble in WORDS


def fleet_knows_of_the_paper(bench: Bench, device: str, fault: Fault) -> None:
    batch = Outbox(bench.journal).next_batch(0.0)
    message = wire.decode_incoming(wire.encode(wire.Events("KT-0001", batch)))
    assert isinstance(message, wire.Events)
    paper = "receipt" if device == "receipt" else "certificate"
    outcomes = [wire_data(one) for one in message.records if one.type == "kiosk.print.outcome"]
    [told] = [one for one in outcomes if one["paper"] == paper]
    assert (told["fault"], told["action"]) == (fault.code, fault.action)


def wire_data(record: wire.Record) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(record.data)
    return found


async def tried(sayer: Sayer, device: str, outcome: PrintOutcome) -> Finding:
    """`kiosk check --guided`, whose trial print ends so."""

    class Silent:
        def tell(self, words: str) -> None:
            assert words

        async def confirm(self, question: str) -> bool:
            raise AssertionError(f"nothing came out, but was asked for: {question}")

    guide = Guide(sayer, Silent(), b"%PDF", seconds=5)
    return await guide.finding(device, FakePrinter(device, outcome=outcome))
