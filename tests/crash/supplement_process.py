"""A visit that hands in papers, on fakes but with a real journal; it kills itself at one place.

    python supplement_process.py FOLDER PUBLIC_KEY PLACE

PLACE: begin:before, commit:before (rows are written, nothing is committed), begin:after,
end:before, end:after, print:before, print:after; `none` plays to the end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fakes
from enquirywork import FakeEnquiries, around, by_card, shown
from kiosk import events as e
from kiosk.model import CaseGap, CasePhase, CaseStory, HandedIn
from kiosk.view import MaterialsBody, PapersBody, ScanBody, State
from materialwork import PROOF, camera, pages

CASE = "KT0001-20260302-00001-I"


def die(place: str, here: str) -> None:
    if place == here:
        os.kill(os.getpid(), signal.SIGKILL)


def around_act(place: str, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    """Only acts of supplements, and whatever is printed."""

    def act(first: Any, *more: Any, **named: Any) -> Any:
        kind = first if isinstance(first, str) else first.type.split(".")[1]
        ours = kind in ("supplement", "print") and (kind == "print") == (name == "begin")
        word = "print" if kind == "print" else "end" if name == "end" else "begin"
        if ours:
            die(place, f"{word}:before")
        made = real(first, *more, **named)
        if ours:
            die(place, f"{word}:after")
        return made

    return act


async def visit(folder: Path, public: bytes, place: str) -> None:
    bench = fakes.bench(folder)
    journal = bench.journal
    bench.terminal.case_key = lambda: public
    for name in ("begin", "begin_all", "end"):
        setattr(journal, name, around_act(place, name, getattr(journal, name)))
    put = journal.pages.put

    def spooled(*args: Any) -> None:
        put(*args)
        die(place, "commit:before")

    journal.pages.put = spooled  # type: ignore[assignment, method-assign]
    fleet: FakeEnquiries = around(bench)
    plate = camera(bench, *pages(1, 2))
    fleet.handed = HandedIn.TAKEN
    gap = CaseGap(PROOF, "2030-12-04", promised=True)
    fleet.mine = [CaseStory(CASE, fakes.RESIDENCE, CasePhase.REVIEW, missing=(gap,), own=True)]
    engine = asyncio.create_task(bench.engine.run())
    await bench.breath()
    bench.post(e.ServiceRestored())
    await bench.until(State.ATTRACT)
    await by_card(bench)
    await bench.until(State.CASE)
    bench.post(e.SupplementWanted(), e.MaterialOpened(PROOF))
    await shown(bench, lambda body: isinstance(body, MaterialsBody) and body.ways != ())
    bench.post(e.MaterialWayChosen("scan"))
    await shown(bench, lambda body: isinstance(body, ScanBody) and body.phase == "review")
    bench.post(e.PageKept(), e.PageLaid())
    await shown(bench, lambda body: isinstance(body, ScanBody) and body.phase == "review"
                and body.number == 2)  # fmt: skip
    bench.post(e.PageKept(), e.MaterialsConfirmed(), e.AnswersConfirmed())
    await shown(bench, lambda body: isinstance(body, PapersBody) and body.done)
    assert plate.asked == 2
    await bench.engine.stop()
    engine.cancel()


if __name__ == "__main__":
    asyncio.run(visit(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]))
