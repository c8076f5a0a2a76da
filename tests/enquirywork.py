"""Stand-ins and steps for tests of cases, their results and complaints at a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    CasePhase,
    CaseStep,
    CaseStory,
    Code,
    CollectedPaper,
    DeviceState,
    DeviceStatus,
    EnquiryFault,
    HandedIn,
    ScanFault,
    TooOften,
)
from kiosk.view import Body, State, View
from kiosk.wire import case_number

CASE = case_number("KT-0001", fakes.TODAY, 42)
OTHER = case_number("KT-0002", fakes.TODAY, 7)
STORY = CaseStory(
    CASE, fakes.RESIDENCE, CasePhase.REVIEW, opened="2026-03-02T10:00:00+08:00",
    due_date="2026-03-09", days_left=3, steps=(CaseStep("accept", "done"),),
)  # fmt: skip
DONE = CaseStory(
    OTHER, fakes.CERTIFICATE, CasePhase.COMPLETION, ended="2026-03-03T10:00:00+08:00",
    certificate=True,
)  # fmt: skip


@dataclass
class FakeEnquiries:
    """`mine`: the cases of whoever asks; `paper`: what a collection gives; `handed`: what becomes
    of what is handed in."""

    mine: Sequence[CaseStory] | EnquiryFault = (STORY, DONE)
    paper: CollectedPaper | EnquiryFault = CollectedPaper("C-1", 0, b"%PDF-result")
    handed: HandedIn | None = None
    often: TooOften | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def story(self, case_no: str, seconds: float) -> CaseStory | EnquiryFault | TooOften:
        self.asked.append(("story", case_no))
        if self.often is not None:
            return self.often
        if isinstance(self.mine, EnquiryFault):
            return self.mine
        found = (story for story in self.mine if story.case_no == case_no)
        return next(found, EnquiryFault.UNKNOWN)

    async def bundle(self, bundle: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        self.asked.append(("bundle", bundle))
        return self.mine

    async def handed_in(self, record: str, seconds: float) -> HandedIn | None:
        self.asked.append(("handed_in", record))
        return self.handed

    async def stories(self, number: str, seconds: float) -> Sequence[CaseStory] | EnquiryFault:
        self.asked.append(("stories", number))
        return self.mine

    async def collect(
        self, case_no: str, number: str, job: str, seconds: float
    ) -> CollectedPaper | EnquiryFault:
        self.asked.append(("collect", case_no, number, job))
        return self.paper

    async def end(self) -> None:
        """Nothing is open."""


@dataclass
class FakeScanner(fakes.FakeDevice):
    codes: asyncio.Queue[Code | ScanFault] = field(default_factory=asyncio.Queue)

    async def scan(self, seconds: float) -> Code | ScanFault:
        return await self.codes.get()


def around(bench: Bench) -> FakeEnquiries:
    """Give the bench a fleet to ask and a scanner."""
    made = FakeEnquiries()
    terminal = bench.terminal
    terminal.enquiries = made
    terminal.mark_copy = lambda pdf, number, note: pdf + f" copy {number} {note[:7]}".encode()
    terminal.devices.beside = {"scanner": FakeScanner("scanner")}
    terminal.condition.statuses["scanner"] = DeviceStatus("scanner", DeviceState.ONLINE)
    return made


def scanner(bench: Bench) -> FakeScanner:
    found = bench.terminal.devices.beside["scanner"]
    assert isinstance(found, FakeScanner)
    return found


async def to_cases(bench: Bench) -> View:
    bench.post(e.EnquiryOpened())
    return await bench.until(State.CASES)


async def by_number(bench: Bench, text: str) -> None:
    bench.post(e.NumberWanted())
    await bench.until(State.CASE_NUMBER)
    bench.post(e.Answered("case_no", text))


async def by_card(bench: Bench) -> None:
    await to_cases(bench)
    bench.post(e.CardWanted())


async def shown(bench: Bench, so: Callable[[Body], bool]) -> Body:
    """Wait until the newest view's body is `so`."""
    async with asyncio.timeout(60):
        while not so(bench.view.body):
            await asyncio.sleep(0.005)
    return bench.view.body
