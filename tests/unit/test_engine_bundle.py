"""一件事一次办: one form, one set of papers, a case for each part that applies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

import fakes
import filledforms
from fakes import Bench
from fleet.platform import given
from kiosk import events as e
from kiosk import signature, wire
from kiosk.errors import JournalFullError
from kiosk.model import Fault, FaultAction, PrintOutcome, QrLine, Receipt, Rung, TextLine
from kiosk.ports import CaseProgress, CaseState
from kiosk.services.fields import FieldChoice, FieldType, FormField, When, Words
from kiosk.services.item import Item
from kiosk.services.load import Catalogue, load_catalogue
from kiosk.services.materials import Source
from kiosk.session.clock import today
from kiosk.session.recovery import recover
from kiosk.view import MaterialsBody, ProblemBody, QuestionBody, State, ThanksBody
from materialwork import act, camera, pages
from visiting import confirm, fleet_holds_everything, submit

BIRTH = "11445299MB2D00006J2000200223001"
PARTS = [f"11445299MB2D00006J20002002230{n}" for n in (11, 12, 13, 14)]
CERTIFICATE, HOUSEHOLD, INSURANCE, CARD = PARTS
WHICH = FormField(
    "which", FieldType.CHOICE, Words("办几件？", "Which?"),
    choices=(FieldChoice("all", Words("全部", "All")), FieldChoice("two", Words("两件", "Two"))),
)  # fmt: skip


@pytest.fixture
def birth(bench: Bench) -> Item:
    """出生一件事 as it is shipped, with its four parts."""
    every = load_catalogue(fakes.ROOT / "config/catalogue").items
    items = tuple(one for one in every if one.task_code in (BIRTH, *PARTS))
    bench.terminal.catalogue = Catalogue(items, "test")
    bundle = bench.terminal.catalogue.find(BIRTH)
    assert bundle is not None
    return bundle


async def fill(bench: Bench, answers: dict[str, str] | None = None) -> None:
    """Every question once, every material scanned, up to the check page."""
    bench.post(e.Touched(), e.ServiceChosen(BIRTH), e.GuideAccepted())
    await bench.until(State.CONSENT)
    bench.post(e.ConsentGiven())
    await bench.until(State.QUESTION)
    known = dict(answers or {})
    while isinstance(body := bench.view.body, QuestionBody):
        field = bench.engine.visit.fields[bench.engine.visit.asking]
        alone = msgspec.structs.replace(field, when=None)
        value = known.get(body.name) or filledforms._filled((alone,), today())[field.name]
        if field.type is FieldType.DATE:
            value = (today() - timedelta(days=30)).isoformat()
        await act(bench, e.Answered(body.name, value))
        assert bench.view.body != body, f"{body.name}: {value}"
    camera(bench, *pages(*range(1, 9)))
    while isinstance(body := bench.view.body, MaterialsBody) and body.missing:
        await act(bench, e.MaterialOpened(body.missing[0].code), e.MaterialWayChosen("scan"))
        while bench.view.state is State.SCAN:
            shot = bench.view.body
            if getattr(shot, "phase", "") == "review":
                await act(bench, e.PageKept())
            elif getattr(shot, "phase", "") == "turn":
                await act(bench, e.PageLaid())
            else:
                await bench.breath()
    if bench.view.state is State.MATERIALS:
        await act(bench, e.MaterialsConfirmed())
    assert bench.view.state is State.CHECK


def cases(bench: Bench) -> list[wire.CasePayload]:
    records = [r for r in bench.journal.records(1) if r.type == "kiosk.case.intent"]
    return [wire.unseal(bench.case_key, record.sealed) for record in records]


def some(states: dict[int, CaseProgress | None]) -> object:
    """By the order of the parts; what is not named is pending."""
    seen: list[str] = []

    def progress(case_no: str) -> CaseProgress | None:
        if case_no not in seen:
            seen.append(case_no)
        place = seen.index(case_no)
        if place not in states:
            return CaseProgress(case_no, CaseState.PENDING, due_date="2026-12-05")
        told = states[place]
        return told and CaseProgress(
            case_no, told.state, reason=told.reason, certificate_no=told.certificate_no
        )

    return progress


@pytest.mark.usefixtures("birth")
async def test_each_part_is_a_case_with_its_own_answers_and_materials(bench: Bench) -> None:
    await fill(bench)
    papers = await submit(bench)
    made = cases(bench)
    assert [case.task_code for case in made] == PARTS
    assert len({case.case_no for case in made}) == 4
    assert {case.bundle for case in made} == {f"YJS-{made[0].case_no}"} == {papers.case_no}
    for case in made:
        item = bench.terminal.catalogue.find(case.task_code)
        assert item is not None
        assert set(case.answers) <= {field.name for field in item.fields}
        assert {one.code for one in case.materials} <= {one.code for one in item.materials}
        assert case.joint == {"collection": "pickup"}
        assert given.answered(item, case, today())
        assert given.missing(item, case) == ()
        assert case.applicant.number == fakes.ZHANG.number
    assert made[0].answers["child_name"] == made[3].answers["child_name"]
    assert "hospital" in made[0].answers
    assert "hospital" not in made[1].answers
    scanned = {one.code for one in made[1].materials if one.source == Source.SCAN}
    assert scanned == {"birth_certificate", "household_register"}


@pytest.mark.usefixtures("birth")
async def test_what_was_signed_can_be_checked_from_each_case_alone(bench: Bench) -> None:
    await fill(bench)
    await submit(bench)
    for case in cases(bench):
        own = signature.answers_digest(
            case.task_code, case.task_version, case.answers,
            {"name": case.applicant.name, "number": case.applicant.number},
            [msgspec.to_builtins(one) for one in case.materials],
        )  # fmt: skip
        assert signature.check(case.signature, own) == ""
        other = signature.answers_digest(case.task_code, "0", case.answers, {})
        assert signature.check(case.signature, other) == "other_answers"


async def test_a_part_that_is_not_applied_for_asks_nothing_and_makes_no_case(
    bench: Bench, birth: Item
) -> None:
    when = {code: When("which", ("all",)) for code in (INSURANCE, CARD)}
    changed = msgspec.structs.replace(birth, fields=(WHICH, *birth.fields), part_when=when)
    items = (one if one.task_code != BIRTH else changed for one in bench.terminal.catalogue.items)
    bench.terminal.catalogue = Catalogue(tuple(items), "test")
    await fill(bench, {"which": "two"})
    assert not {"insured_type", "card_kind"} & {field.name for field in bench.engine.visit.fields}
    await submit(bench)
    assert [case.task_code for case in cases(bench)] == [CERTIFICATE, HOUSEHOLD]


@pytest.mark.usefixtures("birth")
async def test_parts_that_stand_differently_are_told_one_by_one(bench: Bench) -> None:
    fleet_holds_everything(bench)
    bench.gateway.pdf = b"%PDF-1.7 sealed"
    bench.gateway.progress_of = some({
        0: CaseProgress("", CaseState.APPROVED, certificate_no="C-1"),
        1: CaseProgress("", CaseState.REFUSED, reason="bad_answers"),
        3: CaseProgress("", CaseState.APPROVED, certificate_no="C-4"),
    })  # type: ignore[assignment]  # fmt: skip
    await fill(bench)
    papers = await submit(bench)
    assert papers.standing == "several"
    told = [case.standing for case in papers.cases]
    assert told == ["decided", "refused", "accepted", "decided"]
    assert [job for job, _ in bench.document.printed] == [
        f"{case.case_no}-certificate" for case in papers.cases if case.standing == "decided"
    ]
    outcomes = [one for one in bench.data("print") if "rung" in one]
    assert sorted(one["paper"] for one in outcomes) == ["certificate", "certificate", "receipt"]
    assert {one["case_no"] for one in outcomes if one["paper"] == "certificate"} == {
        case.case_no for case in papers.cases if case.standing == "decided"
    }
    slip = bench.receipt.printed[0][1]
    assert isinstance(slip, Receipt)
    codes = [line.data for line in slip.lines if isinstance(line, QrLine)]
    assert codes == [
        f"KIOSK:CASE:{number}"
        for number in (papers.case_no, *(case.case_no for case in papers.cases))
    ]
    assert any("不影响其他各项" in line.text for line in slip.lines if isinstance(line, TextLine))
    bench.post(e.PapersCollected(), e.Rated(4))
    thanks = (await bench.until(State.THANKS)).body
    assert isinstance(thanks, ThanksBody)
    assert (thanks.take, thanks.certificates) == (("card", "receipt", "certificates"), 2)
    [rating] = bench.data("rating")
    assert (rating["case_no"], rating["bundle"]) == (papers.cases[0].case_no, papers.case_no)


@pytest.mark.usefixtures("birth")
async def test_a_certificate_that_jams_does_not_stop_the_next(bench: Bench) -> None:
    fleet_holds_everything(bench)
    bench.gateway.pdf = b"%PDF-1.7 sealed"
    approved = CaseProgress("", CaseState.APPROVED, certificate_no="C")
    bench.gateway.progress_of = some(dict.fromkeys(range(4), approved))  # type: ignore[assignment]
    jam = PrintOutcome(Rung.UNCONFIRMED, Fault("jam", FaultAction.CLEAR))
    outcomes = [jam, *[PrintOutcome(Rung.PRESENTED)] * 3]

    def turn() -> None:
        bench.document.outcome = outcomes.pop(0)

    bench.document.before = turn
    await fill(bench)
    papers = await submit(bench)
    certificate = papers.papers[1]
    assert (certificate.trouble, certificate.number) == ("paper.trouble.unconfirmed", 1)
    assert certificate.count == 4
    assert len(bench.document.printed) == 4
    bench.post(e.PapersCollected(), e.RatingSkipped())
    thanks = (await bench.until(State.THANKS)).body
    assert isinstance(thanks, ThanksBody)
    assert thanks.certificates == 3


@pytest.mark.usefixtures("birth")
async def test_without_the_fleet_all_are_provisional(bench: Bench) -> None:
    await fill(bench)
    papers = await submit(bench)
    assert papers.standing == "provisional"
    assert {case.standing for case in papers.cases} == {"provisional"}
    assert bench.journal.unfinished()[1:] == []  # only the visit itself


@pytest.mark.usefixtures("birth")
async def test_all_cases_or_none(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(bench)
    real, done = bench.journal._insert, 0

    def full(kind: str, *rest: object) -> wire.Record:
        nonlocal done
        done += kind == "kiosk.case.intent"
        if done == 3:
            raise JournalFullError("disk full")
        return real(kind, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.journal, "_insert", full)
    await confirm(bench)
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "journal_full"
    assert cases(bench) == []
    assert bench.journal.pages.waiting == 0
    assert bench.journal.verify() == bench.journal.last_seq


async def test_a_start_closes_every_case_of_a_bundle_once(bench: Bench) -> None:
    journal = bench.journal
    acts = [({"case_no": f"KT-{n}", "bundle": "YJS-KT-1"}, "") for n in (1, 2, 3)]
    intents = journal.begin_all("case", acts)
    journal.end(intents[0], {"case_no": "KT-1", "standing": "decided"})
    assert recover(journal) == "YJS-KT-1"
    assert recover(journal) is None
    standings = [one["standing"] for one in bench.data("case") if "standing" in one]
    assert standings == ["decided", "interrupted", "interrupted"]


@pytest.mark.usefixtures("birth")
@pytest.mark.parametrize("done", range(8))
async def test_cut_off_after_any_durable_step_each_case_is_there_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """Four outcomes of cases, then the intent and the outcome of the slip, then the end."""
    await fill(bench)
    journal, steps = bench.journal, 0
    real = {"begin": journal.begin, "end": journal.end}

    def cut(name: str) -> object:
        def call(*args: Any, **named: Any) -> wire.Record:
            nonlocal steps
            steps += 1
            if steps > done:  # as if the power had gone: nothing more is written
                raise asyncio.CancelledError
            return real[name](*args, **named)

        return call

    for name in real:
        monkeypatch.setattr(journal, name, cut(name))
    await confirm(bench)
    async with asyncio.timeout(30):
        while steps <= min(done, 5):
            await bench.breath()
    await bench.engine.stop()
    monkeypatch.undo()
    number = recover(journal)
    assert number is not None
    assert number.startswith("YJS-") or done >= 4
    assert recover(journal) is None
    outcomes = [one for one in bench.data("case") if "standing" in one]
    assert len(cases(bench)) == 4
    assert [one["case_no"] for one in outcomes] == [case.case_no for case in cases(bench)]
    told = [one["standing"] == "interrupted" for one in outcomes]
    assert told == [place >= done for place in range(4)]
