"""What the fleet asks of the terminal itself, done while nobody is there.

The agent has checked who asks; see `kiosk.agent.orders` for the two statuses. An order waits while
a visit goes on. What was begun is written down first: after a stop in between it is told as
interrupted, and not done again.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from kiosk.errors import JournalError
from kiosk.model import Language, PrintOutcome, Spoken, Text, Voice
from kiosk.ports import OnRung, Speech
from kiosk.session.engine import Engine
from kiosk.session.papers import print_paper
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Vault
from kiosk.session.visit import PaperJob, Visit
from kiosk.tickets import test_slip
from kiosk.view import State

log = structlog.get_logger("orders")

SLOTS = ("command", "update")
LOOK_SECONDS = 1.0
CLOSE_SECONDS = 10.0  # for a page to give way
IDENTIFY_SECONDS = 20
CLOSED = "closed_by_fleet"  # the status that outlives a restart
LONGEST = 120  # characters of a message
_BETWEEN = (State.ATTRACT, State.OUT_OF_SERVICE)
_CLOSING = {"hold", "identify", "test_print"}

Outcome = tuple[str, str, dict[str, str]]  # outcome, why, more


class Busy(Exception):  # noqa: N818 (not an error: a visit has begun)
    """Somebody is there: the order waits."""


class OrderDesk:
    """`glance`: looks at once whether the terminal may serve."""

    def __init__(
        self,
        terminal: Terminal,
        engine: Engine,
        glance: Callable[[], None],
        seconds: int = IDENTIFY_SECONDS,
    ) -> None:
        self._terminal, self._engine, self._glance = terminal, engine, glance
        self._seconds = seconds
        self._acts: dict[str, Callable[[Mapping[str, str]], Awaitable[Outcome]]] = {
            "hold": self._hold,
            "out_of_service": self._close,
            "maintenance": self._maintain,
            "in_service": self._open,
            "identify": self._identify,
            "screen_picture": self._picture,
            "test_print": self._test_print,
        }
        restore(terminal)

    async def run(self) -> None:
        for slot in SLOTS:
            self._close_interrupted(slot)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except JournalError:
                self._terminal.condition.journal_ok = False

    async def look(self) -> None:
        """Take up what lies there, if nobody is here."""
        orders = {slot: self._said(f"order.{slot}") for slot in SLOTS}
        held = any(order.get("operation") == "hold" for order in orders.values())
        if self._terminal.condition.order == "hold" and not held:
            self._release()  # it was withdrawn
        for slot, order in orders.items():
            told = self._said(f"ordered.{slot}")
            fresh = order and order.get("id") != told.get("id")
            if fresh and (self._engine.state in _BETWEEN or order["operation"] == "screen_picture"):
                await self._serve(slot, order)

    def _said(self, status: str) -> dict[str, Any]:
        return dict(self._terminal.journal.statuses().get(status, ({}, 0.0))[0])

    async def _serve(self, slot: str, order: Mapping[str, Any]) -> None:
        operation, number = str(order["operation"]), str(order["id"])
        act = self._acts.get(operation)
        closing = operation in _CLOSING
        try:
            if closing:
                await self._clear(operation)
            self._tell(slot, number, ("running", "", {}))
            said = await act(order["arguments"]) if act else ("refused", "unknown", {})
        except Busy:
            self._release()
            return
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 (a defect of an order must not end the session)
            log.error("order_failed", operation=operation, error=type(error).__name__)
            said = ("failed", "defect", {})
        if closing and operation != "hold":
            self._release()
        self._tell(slot, number, said)

    async def _clear(self, operation: str) -> None:
        """Close, and see to it that nobody has come in between."""
        condition = self._terminal.condition
        condition.order = operation
        self._glance()
        for _ in range(round(CLOSE_SECONDS / 0.05)):
            if self._engine.state is State.OUT_OF_SERVICE:
                return
            if self._engine.state is not State.ATTRACT:
                break
            await asyncio.sleep(0.05)
        raise Busy

    def _release(self) -> None:
        condition = self._terminal.condition
        condition.order, condition.flash = "", False
        self._glance()

    def _tell(self, slot: str, number: str, said: Outcome) -> None:
        outcome, why, more = said
        told = {"id": number, "outcome": outcome, "why": why, **more}
        self._terminal.journal.put_status(f"ordered.{slot}", told)

    def _close_interrupted(self, slot: str) -> None:
        told = self._said(f"ordered.{slot}")
        if told.get("outcome") == "running":
            self._tell(slot, str(told["id"]), ("interrupted", "", {}))

    # ---- What can be asked -------------------------------------------------------------------

    async def _hold(self, _arguments: Mapping[str, str]) -> Outcome:
        """Closed until the next start, or until the order is withdrawn."""
        return "done", "", {}

    async def _close(self, arguments: Mapping[str, str]) -> Outcome:
        zh, en = (_plain(arguments.get(name, "")) for name in ("zh", "en"))
        if not zh or not en:
            return "refused", "message_missing", {}
        self._keep({"how": "message", "zh": zh, "en": en})
        return "done", "", {}

    async def _maintain(self, _arguments: Mapping[str, str]) -> Outcome:
        self._keep({"how": "maintenance"})
        return "done", "", {}

    async def _open(self, _arguments: Mapping[str, str]) -> Outcome:
        """What staff closed at the terminal stays closed: they may have their hands in it."""
        self._keep({})
        return "done", "closed_by_staff" if self._terminal.condition.closed_by_staff else "", {}

    def _keep(self, how: Mapping[str, str]) -> None:
        self._terminal.journal.put_status(CLOSED, dict(how))
        restore(self._terminal)
        self._glance()

    async def _identify(self, _arguments: Mapping[str, str]) -> Outcome:
        """Its number in large type, once a second brighter (slower than what harms); a beep, and
        its number spoken."""
        said = asyncio.create_task(self._sound())
        for beat in range(self._seconds):
            self._terminal.condition.flash = beat % 2 == 0
            self._engine.redraw()
            await asyncio.sleep(1)
        spoken = await said
        return "done", "" if spoken else "no_sound", {}

    async def _sound(self) -> bool:
        """Without a voice, it still beeps."""
        speech = self._terminal.devices.beside.get("speech")
        if not isinstance(speech, Speech):
            return False
        name, heard = " ".join(self._terminal.place.terminal), False
        try:
            async with asyncio.timeout(self._seconds + 5):
                heard = await speech.beep() is Spoken.SAID
                if self._terminal.condition.usable("speech"):
                    said = await speech.say(name, Language.ZH, Voice(volume=100))
                    heard = heard or said is Spoken.SAID
        except TimeoutError:
            pass
        return heard

    async def _picture(self, _arguments: Mapping[str, str]) -> Outcome:
        """While somebody is there, none is made: who asked sees a blank one."""
        picture = self._terminal.picture
        if picture is None:
            return "failed", "no_screen", {}
        made = await picture() if self._engine.state in _BETWEEN else b""
        if self._engine.state not in _BETWEEN or not made:
            return "done", "visitor", {}
        return "done", "", {"picture": base64.b64encode(made).decode()}

    async def _test_print(self, arguments: Mapping[str, str]) -> Outcome:
        """On the slip printer, with its intent and outcome, as every paper."""
        terminal, now = self._terminal, datetime.now().astimezone()
        place, printer = terminal.place, terminal.devices.receipt
        slip = test_slip(place.terminal, place.site, "", now)
        visit = Visit(place.language, Vault(terminal.devices.frames))
        paper = PaperJob("test_slip", f"{place.terminal}-{now:%Y%m%d%H%M%S}-test")

        def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
            return printer.print(job, slip, rung)

        await print_paper(terminal, visit, paper, printing, lambda _event: None)
        why = paper.trouble.removeprefix("paper.trouble.")
        return "failed" if why else "done", why, {}


def restore(terminal: Terminal) -> None:
    """A terminal that the fleet closed stays closed through a restart."""
    how = dict(terminal.journal.statuses().get(CLOSED, ({}, 0.0))[0])
    condition = terminal.condition
    condition.closed_by_fleet = str(how.get("how", ""))
    message = Text(str(how["zh"]), str(how["en"])) if how.get("zh") else None
    condition.message = message


def _plain(text: str) -> str:
    """One line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
