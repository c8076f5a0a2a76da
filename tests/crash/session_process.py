"""The screen process without its screen, for tests: plays one visit and kills itself at one place.

    python session_process.py SETTINGS TASK_CODE PLACE

The wiring, the drivers and the journal are the real ones; only the finger is simulated. PLACE names
a durable step, such as `begin:case:before`, `end:print:after` or `rung:receipt:sent`; `none` plays
to the end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.statefile import write_state
from kiosk import bootstrap, hygiene
from kiosk import events as e
from kiosk.ports import FrameSlot
from kiosk.sample_citizen import ANSWERS
from kiosk.session.engine import Engine
from kiosk.session.health import Health
from kiosk.session.recovery import recover
from kiosk.session.terminal import Terminal
from kiosk.settings import load
from kiosk.view import (
    AttractBody,
    MaterialsBody,
    PapersBody,
    PaymentBody,
    QuestionBody,
    State,
    View,
)


def die_at(place: str, here: str) -> None:
    if place == here:
        os.kill(os.getpid(), signal.SIGKILL)


PAYING = {"who": "self", "tier": "200"}
_STROKE = ((1000, 3000, 0), (4000, 4500, 200), (7000, 2900, 400))


def tripwires(terminal: Terminal, place: str) -> None:
    """Wrap every durable act of journal and printers."""

    def around(name: str, kind_of: Callable[..., str], act: str = "") -> None:
        real = getattr(terminal.journal, name)

        def call(*args: Any, **named: Any) -> Any:
            kind = kind_of(*args)
            die_at(place, f"{act or name}:{kind}:before")
            record = real(*args, **named)
            die_at(place, f"{act or name}:{kind}:after")
            return record

        setattr(terminal.journal, name, call)

    around("begin", lambda kind, *_: kind)
    around("begin_all", lambda kind, *_: kind, "begin")
    around("end", lambda intent, *_: intent.type.split(".")[1])
    for name in ("receipt", "document"):
        printer = getattr(terminal.devices, name)
        printer.print = climbing(printer.print, name, place)


def climbing(real: Callable[..., Any], name: str, place: str) -> Callable[..., Any]:
    async def call(job: str, paper: Any, on_rung: Callable[[Any], None]) -> Any:
        def rung(reached: Any) -> None:
            on_rung(reached)
            die_at(place, f"rung:{name}:{reached}")

        return await real(job, paper, rung)

    return call


def finger(view: View, task: str, simulate: Callable[[object], None]) -> list[e.Event]:
    """What the citizen does on a page."""
    body = view.body
    if isinstance(body, AttractBody) and any(
        tile.why_not for tile in body.services if tile.task_code == task
    ):
        return []  # the fleet is not heard yet; the page comes again when it is
    if isinstance(body, QuestionBody):
        return [e.Answered(body.name, {**ANSWERS, **PAYING}[body.name])]
    if isinstance(body, PapersBody):
        return [e.PapersCollected()] if body.done else []
    if isinstance(body, MaterialsBody):
        return [promised(body)]
    if view.state is State.CARD:
        simulate("zhang")
    if view.state is State.THANKS:
        simulate(None)
    plain: dict[State, e.Event] = {
        State.ATTRACT: e.Touched(),
        State.SERVICES: e.ServiceChosen(task),
        State.GUIDE: e.GuideAccepted(),
        State.CONSENT: e.ConsentGiven(),
        State.COMMITMENT: e.TextAgreed(),
        State.CHECK: e.AnswersConfirmed(),
        State.SIGN: e.Signed((_STROKE,)),
        State.RATING: e.Rated(5),
        State.PROBLEM: e.WayOutTaken(),
    }
    return [plain[view.state]] if view.state in plain else []


def promised(body: MaterialsBody) -> e.Event:
    """Every paper that is wanted will be brought later."""
    if body.open is not None:
        return e.MaterialWayChosen("promise")
    return e.MaterialOpened(body.missing[0].code) if body.missing else e.MaterialsConfirmed()


async def visit(settings_path: Path, task: str, place: str) -> None:
    hygiene.starting()
    settings = load(settings_path)
    bootstrap.keep_time(settings)
    journal = bootstrap.open_journal(settings)
    interrupted = recover(journal)
    journal.start_boot()
    terminal = bootstrap.terminal(settings, journal, FrameSlot())
    tripwires(terminal, place)
    ended = asyncio.Event()
    seen: list[object] = []

    def show(view: View) -> None:
        if view.state is State.ATTRACT and State.THANKS in seen:
            ended.set()
            return
        if seen and seen[-1] == (view.state, view.body):
            return
        seen.extend((view.state, (view.state, view.body)))
        if isinstance(view.body, PaymentBody) and view.body.phase == "waiting":
            write_state(settings.simulators.folder / "payment.json", payer="pay")
        engine.post_all(finger(view, task, simulate))

    def simulate(card: object) -> None:
        write_state(settings.simulators.folder / "idcard.json", card=card)

    class Played(Engine):
        def post_all(self, events: list[e.Event]) -> None:
            for event in events:
                self.post(event)

    engine = Played(terminal, show)
    hygiene.started()
    work = [asyncio.create_task(engine.run(interrupted))]
    work.append(asyncio.create_task(Health(terminal, engine).run()))
    assert terminal.till is not None
    work.append(asyncio.create_task(terminal.till.run()))
    await asyncio.wait_for(ended.wait(), 60)
    await engine.stop()


if __name__ == "__main__":
    asyncio.run(visit(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
