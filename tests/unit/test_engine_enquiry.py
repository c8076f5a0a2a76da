"""My cases: found by code, number or card; what each tells, and to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from enquirywork import (
    CASE,
    DONE,
    OTHER,
    STORY,
    around,
    by_card,
    by_number,
    scanner,
    shown,
    to_cases,
)
from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    CaseGap,
    Code,
    DeviceState,
    DeviceStatus,
    EnquiryFault,
    Language,
    PairLine,
    Receipt,
    ScanFault,
)
from kiosk.view import (
    CaseBody,
    CaseListBody,
    CasesBody,
    ProblemBody,
    QuestionBody,
    SlipBody,
    State,
    ThanksBody,
)


def case(bench: Bench) -> CaseBody:
    assert isinstance(bench.view.body, CaseBody)
    return bench.view.body


def cases(bench: Bench) -> CasesBody:
    assert isinstance(bench.view.body, CasesBody)
    return bench.view.body


@pytest.mark.parametrize("opened", [e.Touched(), None])
async def test_it_opens_from_the_idle_page_and_from_the_services(
    bench: Bench, opened: e.Event | None
) -> None:
    around(bench)
    if opened is not None:
        bench.post(opened)
        await bench.until(State.SERVICES)
    view = await to_cases(bench)
    assert cases(bench) == CasesBody()
    assert view.can_go_back
    assert view.can_leave
    assert view.progress is None
    bench.post(e.WentBack())
    await bench.until(State.SERVICES)
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert len(bench.data("session.outcome")) == 1


async def test_a_code_that_is_held_to_the_scanner_finds_the_case(bench: Bench) -> None:
    asked = around(bench)
    await to_cases(bench)
    scanner(bench).codes.put_nowait(Code("qr", f"KIOSK:CASE:{CASE}"))
    await bench.until(State.CASE)
    assert asked.asked == [("story", CASE)]
    assert bench.data("enquiry") == [{"how": "code", "outcome": "told"}]


async def test_by_its_number_a_case_tells_its_state_and_nothing_personal(bench: Bench) -> None:
    asked = around(bench)
    gap = CaseGap("proof", "2026-03-06")
    asked.mine = [replace(STORY, missing=(gap,), words=(("您好，张小满", "Dear Zhang"),))]
    await to_cases(bench)
    await by_number(bench, CASE.lower())
    await bench.until(State.CASE)
    seen = case(bench)
    assert (seen.phase, seen.wanted, seen.due.en) == ("review", 1, "9 March 2026")
    assert (seen.known, seen.item.zh, seen.missing, seen.steps, seen.words) == (
        False, "", (), (), (),
    )  # fmt: skip
    assert (seen.collect, seen.rate) == ("", False)
    assert "张" not in repr(bench.views)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "error.case_no.number.empty"),
        ("KT-1", "error.case_no.number.shape"),
        (CASE[:-1] + ("A" if CASE[-1] != "A" else "B"), "error.case_no.number.check"),
        ("张" * 10_000, "error.case_no.number.shape"),
        ("\x00\u202e😀", "error.case_no.number.shape"),
    ],
)
async def test_a_mistyped_number_is_told_at_once(bench: Bench, typed: str, error: str) -> None:
    asked = around(bench)
    await to_cases(bench)
    await by_number(bench, typed)
    body = await shown(bench, lambda body: isinstance(body, QuestionBody) and bool(body.error))
    assert isinstance(body, QuestionBody)
    assert body.error == error
    assert len(body.value) <= 128
    assert asked.asked == []
    assert bench.data("enquiry")[-1]["outcome"] == error.rsplit(".", 1)[1]
    bench.post(e.WentBack())
    await bench.until(State.CASES)
    assert cases(bench).error == ""


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (Code("qr", "https://example.invalid/?a=1"), "error.case_no.code.shape"),
        (Code("qr", f"KIOSK:CASE:{CASE[:-1]}!"), "error.case_no.code.shape"),
        (Code("code128", "\x00" * 5000), "error.case_no.code.shape"),
        (ScanFault.NOT_READABLE, "error.case_no.code.empty"),
        (ScanFault.TOO_LONG, "error.case_no.code.empty"),
    ],
)
async def test_another_code_is_told_and_the_next_one_counts(
    bench: Bench, code: Code | ScanFault, error: str
) -> None:
    around(bench)
    await to_cases(bench)
    scanner(bench).codes.put_nowait(code)
    await shown(bench, lambda body: isinstance(body, CasesBody) and bool(body.error))
    assert cases(bench).error == error
    scanner(bench).codes.put_nowait(Code("qr", f"KIOSK:CASE:{CASE}"))
    await bench.until(State.CASE)


async def test_a_card_lists_its_owners_cases_and_tells_more(bench: Bench) -> None:
    asked = around(bench)
    await by_card(bench)
    body = (await bench.until(State.CASE_LIST)).body
    assert isinstance(body, CaseListBody)
    assert [(row.case_no, row.phase, row.ready) for row in body.rows] == [
        (CASE, "review", False), (OTHER, "completion", True),
    ]  # fmt: skip
    assert body.name_masked == "张**"
    bench.post(e.CaseChosen(OTHER))
    await bench.until(State.CASE)
    seen = case(bench)
    assert seen.known
    assert seen.item.zh
    assert (seen.collect, seen.rate) == ("ready", True)
    bench.post(e.WentBack())
    await bench.until(State.CASE_LIST)
    assert asked.asked == [("stories", fakes.ZHANG.number)]


async def test_a_single_case_is_shown_without_a_list(bench: Bench) -> None:
    around(bench).mine = [STORY]
    await by_card(bench)
    await bench.until(State.CASE)
    bench.post(e.WentBack())
    await bench.until(State.CASES)


async def test_a_case_found_by_number_tells_more_to_its_owners_card_alone(bench: Bench) -> None:
    around(bench)
    await to_cases(bench)
    await by_number(bench, OTHER)
    await bench.until(State.CASE)
    assert not case(bench).known
    bench.post(e.CardWanted())
    body = await shown(bench, lambda body: isinstance(body, CaseBody) and body.known)
    assert isinstance(body, CaseBody)
    assert body.case_no == OTHER


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (EnquiryFault.UNREACHABLE, "unreachable"),
        (EnquiryFault.UNKNOWN, "unknown"),
        ((), "nothing"),
    ],
)
async def test_what_cannot_be_told_leads_back_with_a_sentence(
    bench: Bench, told: EnquiryFault | tuple[()], error: str
) -> None:
    around(bench).mine = told
    await by_card(bench)
    await shown(bench, lambda body: isinstance(body, CasesBody) and bool(body.error))
    assert cases(bench).error == f"error.cases.{error}"


async def test_without_a_network_the_page_says_so(bench: Bench) -> None:
    around(bench)
    bench.terminal.condition.online = False
    await to_cases(bench)
    assert cases(bench) == CasesBody(
        number_why_not="why_not.offline", card_why_not="why_not.offline"
    )


async def test_a_broken_reader_and_scanner_leave_the_number(bench: Bench) -> None:
    around(bench)
    for device in ("idcard", "scanner"):
        status = DeviceStatus(device, DeviceState.NO_DEVICE)
        bench.terminal.condition.statuses[device] = status
    await to_cases(bench)
    assert cases(bench) == CasesBody(scanner=False, card_why_not="why_not.no_reader")


async def test_another_persons_card_ends_it(bench: Bench) -> None:
    around(bench)
    await by_card(bench)
    await bench.until(State.CASE_LIST)
    await bench.breath()
    bench.reader.put(fakes.LI)
    body = (await bench.until(State.PROBLEM)).body
    assert isinstance(body, ProblemBody)
    assert body.code == "card.swapped"


async def test_everything_is_forgotten_and_the_card_is_to_be_taken(bench: Bench) -> None:
    around(bench)
    await by_card(bench)
    await bench.until(State.CASE_LIST)
    bench.post(e.Left())
    body = (await bench.until(State.THANKS)).body
    assert isinstance(body, ThanksBody)
    assert body.take == ("card",)
    vault = bench.engine.visit.vault
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert (vault.stories, vault.people) == ((), {})
    assert bench.data("session.outcome")[-1]["wiped"]["enquiries"] == 2
    assert fakes.ZHANG.number not in str([bytes(r.data) for r in bench.journal.records(1)])


async def test_how_it_stands_can_be_printed_without_saying_whose_it_is(bench: Bench) -> None:
    around(bench)
    await to_cases(bench)
    await by_number(bench, CASE)
    await bench.until(State.CASE)
    bench.post(e.LanguageChosen(Language.EN), e.SlipWanted())
    await bench.until(State.SLIP)
    await shown(bench, lambda body: isinstance(body, SlipBody) and body.done)
    [(job, slip)] = bench.receipt.printed
    assert job.endswith("-progress")
    assert isinstance(slip, Receipt)
    said = [line.value for line in slip.lines if isinstance(line, PairLine)]
    assert CASE in said
    assert any("Being reviewed" in value for value in said)
    assert not any("居住证" in value or "Residence" in value for value in said)
    bench.post(e.PapersCollected())
    await bench.until(State.THANKS)


async def test_a_service_can_be_chosen_after_an_enquiry(bench: Bench) -> None:
    around(bench)
    await by_card(bench)
    await bench.until(State.CASE_LIST)
    bench.post(e.WentBack())
    await bench.until(State.CASES)
    bench.post(e.WentBack())
    await bench.until(State.SERVICES)
    bench.post(e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await bench.until(State.QUESTION)
    assert DONE.case_no not in repr(bench.view)


async def test_a_bundles_number_that_is_mistyped_is_told_at_once(bench: Bench) -> None:
    fleet = around(bench)
    await to_cases(bench)
    wrong = CASE[:-1] + ("0" if CASE[-1] != "0" else "1")
    await by_number(bench, f"yjs-{wrong}")
    body = await shown(bench, lambda body: isinstance(body, QuestionBody) and body.error != "")
    assert isinstance(body, QuestionBody)
    assert body.error == "error.case_no.number.check"
    assert fleet.asked == []
    bench.post(e.Answered("case_no", f"YJS-{CASE}"))
    await bench.until(State.CASE_LIST)
    assert fleet.asked == [("bundle", f"YJS-{CASE}")]


async def test_a_bundle_of_which_one_case_is_left_is_that_case(bench: Bench) -> None:
    fleet = around(bench)
    fleet.mine = [STORY]
    await to_cases(bench)
    await by_number(bench, f"YJS-{CASE}")
    body = (await bench.until(State.CASE)).body
    assert isinstance(body, CaseBody)
    assert (body.case_no, body.known) == (CASE, False)
