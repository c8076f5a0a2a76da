"""`kiosk check`: one line for each thing that a terminal needs, with the remedy where it fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from config.schema import TerminalSettings
from drivers import registry
from drivers.options import Site
from kiosk import __version__, bootstrap
from kiosk.checks.still import STILL
from kiosk.errors import CatalogueError, SettingsError
from kiosk.guided import Guide, Person
from kiosk.model import DeviceState, DeviceStatus, FaultAction, Language
from kiosk.ports import Device
from kiosk.readiness import Finding, Heading, Sayer, Verdict, compose, line, of_status
from kiosk.session.health import ask
from kiosk.settings import load, version
from screens.words import Words

CERTAIN_SECONDS = 15.0
LOOK_SECONDS = 0.2


class Typist:
    """A person at the keyboard of this machine."""

    def tell(self, words: str) -> None:
        print(f"\n> {words}", flush=True)

    async def confirm(self, question: str) -> bool:
        answer = await asyncio.to_thread(input, f"> {question} [y/n] ")
        return answer.strip().lower() in {"y", "yes", "是", "好"}


@dataclass(frozen=True, slots=True)
class Options:
    """`guided`: a person helps; None: nobody does. `report`: where the PDF is written."""

    language: Language = Language.EN
    guided: Person | None = None
    report: Path | None = None
    only: tuple[str, ...] = ()
    tell: Callable[[str], None] = field(default=print)


def run_checks(path: Path, options: Options) -> int:
    """0 when everything is good, 1 otherwise."""
    say = Sayer(Words(bootstrap.LOCALES), options.language)
    if strange := sorted({*options.only} - {*registry.CLASSES}):
        known = ", ".join(registry.CLASSES)
        raise SettingsError(f"there is no device {', '.join(strange)}; there are: {known}")
    try:
        settings = load(path)
    except SettingsError as error:
        options.tell(line(Finding(Verdict.FAIL, "check.settings", str(error)), say))
        return 1
    return asyncio.run(_run(path, settings, options, say))


async def _run(path: Path, settings: TerminalSettings, options: Options, say: Sayer) -> int:
    findings = []
    async for finding in _findings(path, settings, options, say):
        findings.append(finding)
        options.tell(line(finding, say))
    if options.report is not None:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_bytes(compose(_heading(settings, say), findings, say))
        options.tell(say("check.report_written", path=options.report))
    return 1 if any(finding.verdict is Verdict.FAIL for finding in findings) else 0


async def _findings(
    path: Path, settings: TerminalSettings, options: Options, say: Sayer
) -> AsyncIterator[Finding]:
    if not options.only:
        for name, check in STILL.items():
            good, found = check(path, settings, say)
            yield Finding(Verdict.PASS if good else Verdict.FAIL, f"check.{name}", found)
    devices = bootstrap.devices(settings, Site())
    ports = {n: p for n, p in devices.every.items() if not options.only or n in options.only}
    guide = None
    if options.guided is not None:
        guide = Guide(say, options.guided, compose(_heading(settings, say), [], say))
    try:
        for name, port in ports.items():
            for finding in await look_at(name, port, devices.drivers[name], guide, say):
                yield finding
        if not options.only:
            reachable = await devices.gateway.reachable(3)
            url = settings.gateway.url
            found = url if reachable else say("check.no_gateway", url=url)
            yield Finding(Verdict.PASS if reachable else Verdict.FAIL, "check.gateway", found)
    finally:
        for closing in devices.every.values():
            await closing.close()
        await devices.gateway.close()


async def look_at(
    name: str, port: Device, driver: str, guide: Guide | None, say: Sayer
) -> list[Finding]:
    """What the device says of itself, and, if that is good, what it does for a person."""
    status = await _certain(name, port)
    if status.state is DeviceState.NO_DEVICE and status.fault is None:
        return [Finding(Verdict.LEFT_OUT, f"device.{name}", say("check.not_fitted"))]
    finding = of_status(status, say, driver)
    if isinstance(port, Tunable) and status.fault and status.fault.code in _OF_A_RATE:
        finding = await _at_another_rate(port, finding, say)
    if guide is None or finding.verdict is Verdict.FAIL:
        return [finding]
    return [finding, await guide.finding(name, port)]


@runtime_checkable
class Tunable(Protocol):
    """A driver that can find out at which rate its device answers; 0: at none."""

    async def detect_baud(self) -> int: ...


_OF_A_RATE = ("silent", "garbled")  # faults that a wrong rate looks like


async def _at_another_rate(port: Tunable, finding: Finding, say: Sayer) -> Finding:
    """At a wrong rate a device seems to be silent, and no restart would mend that."""
    baud = await port.detect_baud()
    if not baud:
        return finding
    found = say.row([finding.found, say("check.baud", baud=baud)])
    return replace(finding, found=found, action=say(f"action.{FaultAction.CONFIGURATION}"))


async def _certain(name: str, port: Device) -> DeviceStatus:
    """A driver takes some looks, and some pauses between, before it says that nothing is there."""
    end = time.monotonic() + CERTAIN_SECONDS
    status = await ask(name, port)
    while status.state is DeviceState.STARTING and time.monotonic() < end:
        await asyncio.sleep(LOOK_SECONDS)
        status = await ask(name, port)
    return status


def _heading(settings: TerminalSettings, say: Sayer) -> Heading:
    site = settings.terminal.site
    try:
        catalogue = bootstrap.catalogue_source(settings)().version
    except CatalogueError:
        catalogue = "?"
    return Heading(
        terminal=settings.terminal.id,
        site=site.zh if say.language.chinese else site.en,
        time=datetime.now().astimezone(),
        software=__version__,
        settings=version(settings),
        catalogue=catalogue,
    )
