"""What people type and hold to the scanner to find a case, and what the fleet tells of it."""

from __future__ import annotations

import logging
from typing import cast

import structlog
from given import Given, counted, text

from kiosk import events as e
from kiosk.gateway.enquiries import story_of
from kiosk.model import CaseStory, Language
from kiosk.ports import FrameSlot
from kiosk.session.errand import How
from kiosk.session.terminal import Terminal
from kiosk.session.updates import enquiring
from kiosk.session.vault import Vault
from kiosk.session.visit import Visit
from kiosk.wire import NumberFault, read_case_number, read_order_number

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

CASE = "KT0001-20261121-00042-N"
ORDER = "TS-KT0001-20261122-00043-L"


class _Journal:
    def append(self, kind: str, data: dict[str, str], session: str) -> None:
        """What is told of it is one of few words, whatever was typed."""
        assert kind == "enquiry"
        assert data["outcome"] in set(NumberFault)


class _Terminal:
    journal = _Journal()


def case_codes(data: bytes) -> None:
    """A number or a reason; nothing else is kept of what was typed, and no more than fits."""
    given = Given(data)
    typed, said = bool(given.number() % 2), text(given.rest())
    for read in (read_case_number, read_order_number):
        number = read(said)
        assert isinstance(number, NumberFault) or read(number) == number
    visit = Visit(Language.ZH, Vault(FrameSlot()))
    terminal = cast(Terminal, _Terminal())
    if typed:
        enquiring.number_answered(terminal, visit, e.Answered("case_no", said))
    else:
        enquiring.code_scanned(terminal, visit, e.CodeScanned(said))
    enquiry = visit.around.enquiry
    assert bool(enquiry.error) != bool(enquiry.case_no)
    assert enquiry.how == (How.NUMBER if typed else How.CODE)
    assert len(visit.vault.attempt) <= enquiring.LONGEST


def case_stories(data: bytes) -> None:
    """Of that case alone, and never words to whoever only has its number."""
    story = story_of(CASE, data)
    assert story is None or (isinstance(story, CaseStory) and story.case_no == CASE)
    assert story is None or story.words == ()


def _codes() -> list[bytes]:
    said = [CASE, CASE.lower(), f"KIOSK:CASE:{CASE}", f"KIOSK:ORDER:{ORDER}", ORDER, "张" * 60]
    return [bytes([how]) + one.encode() for how in (0, 1) for one in said]


def _stories() -> list[bytes]:
    step = '{"code":"accept","phase":"done","started":"2026-03-02","ended":""}'
    gap = '{"material":"proof","due_date":"2026-03-09","promised":true,"lapsed":false}'
    body = (
        f'{{"case_no":"{CASE}","task_code":"T1","phase":"review","days_left":-3,"steps":[{step}],'
        f'"missing":[{gap}],"words":[["您好","Hello"]]}}'
    )
    return [body.encode(), body.replace("review", "x").encode(), b"[" * 3000, counted(b"{}")]


SEEDS = {"case_codes": _codes, "case_stories": _stories}
