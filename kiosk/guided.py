"""The guided check: a person lays a card down, looks, listens; each device shows that it works.

Nothing that a card or a code says is shown or kept: only that it was read, and which kind it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kiosk.model import (
    CARD_ACTIONS,
    Align,
    CardFault,
    Code,
    FaceCapture,
    Fault,
    FaultAction,
    IdCard,
    Key,
    Page,
    PrintOutcome,
    QrLine,
    Receipt,
    RuleLine,
    Rung,
    Spoken,
    TextLine,
    Voice,
)
from kiosk.readiness import Finding, Sayer, Verdict
from kiosk.session.health import ask

SECONDS = 30.0
# Names that a printer without the right fonts prints as boxes.
RARE = "䶮 𠮷 㛃 龘"


class Person(Protocol):
    """Who stands before the terminal. Both may take as long as they like."""

    def tell(self, words: str) -> None: ...

    async def confirm(self, question: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. `found` and `remedy` are words; `ask`: what only a person can judge."""

    good: bool
    found: str
    fault: Fault | None = None
    remedy: str = ""
    ask: str = ""  # locale key `check.ask.<ask>`


# Question for a person → locale keys of a yes and a no.
_ANSWERS = {
    "print": ("check.print_clean", "check.print_bad"),
    "heard": ("check.heard", "check.not_heard"),
}
# Cards that no citizen could use here, and that show all the same that the reader reads.
_READ = (CardFault.EXPIRED, CardFault.BAD_NUMBER, CardFault.ACCESS_NEEDED)


@dataclass(frozen=True, slots=True)
class Guide:
    """`page`: a PDF to print on trial. `seconds`: how long each act is waited for."""

    say: Sayer
    person: Person
    page: bytes
    seconds: float = SECONDS

    async def finding(self, device: str, port: Any) -> Finding:
        """Let the person do what this device needs, and judge it."""
        self.person.tell(self.say(f"check.do.{device}"))
        tried = await self._tried(device, port)
        if not tried.good:
            return await self._failed(device, port, tried)
        found = tried.found
        if tried.ask:
            good = await self.person.confirm(self.say(f"check.ask.{tried.ask}"))
            yes, no = map(self.say, _ANSWERS[tried.ask])
            if not good:
                return Finding(Verdict.FAIL, f"device.{device}", no, self._call_maintenance)
            found = yes
        return Finding(Verdict.PASS, f"device.{device}", found)

    @property
    def _call_maintenance(self) -> str:
        return self.say(f"action.{FaultAction.MAINTENANCE}")

    async def _tried(self, device: str, port: Any) -> Tried:
        """Whatever a driver does, the check goes on with the next device."""
        try:
            async with asyncio.timeout(self.seconds * 2):
                return await _ACTS[device](self, port)
        except TimeoutError:
            return Tried(False, self.say("check.nothing_came"))
        except Exception as error:  # noqa: BLE001
            return Tried(False, f"{self.say.fault('driver_failed')} ({type(error).__name__})")

    async def _failed(self, device: str, port: Any, tried: Tried) -> Finding:
        """With the device's own word on why, if it has one."""
        fault = tried.fault or (await ask(device, port)).fault
        found, remedy = tried.found, tried.remedy
        if fault is not None:
            why = self.say.fault(fault.code)
            found = self.say.row((found, why))
            remedy = self.say(f"action.{fault.action}")
        remedy = remedy or self._call_maintenance
        return Finding(Verdict.FAIL, f"device.{device}", found, remedy)


Act = Callable[[Guide, Any], Awaitable[Tried]]


async def _card(guide: Guide, reader: Any) -> Tried:
    async with asyncio.timeout(guide.seconds):
        fault = await reader.arrival()
    card = fault or await reader.read()
    if isinstance(card, IdCard):
        photo = guide.say("check.with_photo" if card.photo else "check.without_photo")
        kind = guide.say(f"check.card.{card.card_type.name.lower()}")
        return Tried(True, guide.say.row([f"{guide.say('check.card_read')} {kind}", photo]))
    said = guide.say(f"problem.card.{card}")
    if card in _READ or card in CARD_ACTIONS:
        return Tried(card in _READ, said)
    return Tried(False, said, remedy=guide.say(f"problem.card.{card}.help"))


async def _camera(guide: Guide, camera: Any) -> Tried:
    got = await camera.capture(lambda _hint: None, guide.seconds)
    if isinstance(got, FaceCapture):
        return Tried(True, f"{got.width} x {got.height}")
    return Tried(False, guide.say(f"problem.face.{got}"))


async def _receipt(guide: Guide, printer: Any) -> Tried:
    slip = Receipt((
        TextLine(guide.say("check.slip"), Align.CENTRE, scale=2, bold=True),
        RuleLine(),
        TextLine(RARE, Align.CENTRE, scale=2),
        TextLine("0123456789 ABCxyz ￥", Align.CENTRE),
        QrLine("https://example.invalid/kiosk-check"),
    ))  # fmt: skip
    return _printed(guide, await printer.print(_job("receipt"), slip, lambda _rung: None))


async def _document(guide: Guide, printer: Any) -> Tried:
    outcome = await printer.print(_job("document"), guide.page, lambda _rung: None)
    return _printed(guide, outcome)


def _printed(guide: Guide, outcome: PrintOutcome) -> Tried:
    """A printer that can't tell what became of the paper leaves it to the person."""
    if outcome.fault is not None:
        return Tried(False, "", outcome.fault)
    if outcome.done or outcome.rung is Rung.UNCONFIRMED:
        return Tried(True, "", ask="print")
    return Tried(False, guide.say("check.nothing_came"))


async def _scanner(guide: Guide, scanner: Any) -> Tried:
    got = await scanner.scan(guide.seconds)
    if isinstance(got, Code):
        count = len(got.data)
        return Tried(True, guide.say("check.code_read", symbology=got.symbology, count=count))
    return Tried(False, guide.say(f"problem.scan.{got}"))


async def _doccam(guide: Guide, camera: Any) -> Tried:
    got = await camera.capture(lambda _hint: None, guide.seconds)
    if isinstance(got, Page):
        return Tried(True, f"{got.width} x {got.height}, {len(got.jpeg) // 1024} kB")
    return Tried(False, guide.say(f"problem.scan.{got}"))


async def _keypad(guide: Guide, keypad: Any) -> Tried:
    """Any keys, until Enter."""
    pressed: list[str] = []
    async with asyncio.timeout(guide.seconds):
        while (key := await keypad.key()) not in (None, Key.ENTER):
            pressed.append(str(key))
    return Tried(key is Key.ENTER, " ".join([*pressed, str(key or "")]).strip())


async def _sensors(guide: Guide, sensors: Any) -> Tried:
    """Until any reading is another one than before."""
    say, before = guide.say, (await sensors.status()).readings
    async with asyncio.timeout(guide.seconds):
        while True:
            await sensors.change()
            after = (await sensors.status()).readings
            if after != before:
                changed = sorted(after.items() - before.items())
                return Tried(True, say.row(say.reading(*one) for one in changed))


async def _speech(guide: Guide, speech: Any) -> Tried:
    said = await speech.say(guide.say("check.spoken"), guide.say.language, Voice())
    return Tried(said is Spoken.SAID, "", ask="heard")


def _job(paper: str) -> str:
    """Never the same twice: printers do not print a job that they know."""
    return f"check-{datetime.now().astimezone():%Y%m%d%H%M%S%f}-{paper}"


_ACTS: dict[str, Act] = {
    "idcard": _card,
    "chipcard": _card,
    "camera": _camera,
    "receipt": _receipt,
    "document": _document,
    "scanner": _scanner,
    "doccam": _doccam,
    "keypad": _keypad,
    "sensors": _sensors,
    "speech": _speech,
}
