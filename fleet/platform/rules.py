"""The sample platform's rules, one row per item: replayable, without a clock of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fleet.platform import numbers, workdays
from fleet.platform.contract import Decision, Reason, Standing
from kiosk.wire import CasePayload


class Ending(StrEnum):
    """What an item gives when nothing stands against it."""

    CERTIFICATE = "certificate"
    STATEMENT = "statement"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Rule:
    """`answers`: a pattern for each answer that must be there. `promise`: working days."""

    ending: Ending
    answers: Mapping[str, re.Pattern[str]]
    face: bool = False
    promise: int = 0


def _patterns(**answers: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in answers.items()}


# By the part of a task_code that follows the authority's own code.
RULES = {
    "2000100001001": Rule(  # 参保证明
        Ending.CERTIFICATE,
        _patterns(
            scheme="pension|medical|unemployment|work_injury",
            period="0?[1-9]|[12][0-9]|3[0-6]",
            purpose="loan|school|housing|other",
        ),
        face=True,
    ),
    "2000900011001": Rule(  # 居住证签注
        Ending.REVIEW,
        _patterns(address_unit=r".{1,60}", reason=r"[a-z_]{1,20}", phone=r"[0-9]{7,15}"),
        promise=1,
    ),
    "2000700007001": Rule(  # 医保账户查询
        Ending.STATEMENT,
        _patterns(year=r"20[0-9]{2}"),
    ),
}
LONGEST_NAME = 64  # characters; an identity card holds at most 60
_FACES = ("captured_not_compared", "matched")
_IDENTITIES = ("card", "card_face")


def find(task_code: str, authority_code: str) -> Rule | None:
    """None: not an item of this authority."""
    head, tail = task_code[: len(authority_code)], task_code[len(authority_code) :]
    return RULES.get(tail) if head == authority_code else None


def obstacle(rule: Rule, case: CasePayload, unmatched: bool, today: date) -> Decision | None:
    """What stands against approving `case` at once; None: nothing.

    `unmatched`: a face that was framed but not compared with the card is enough.
    """
    if not numbers.possible(case.applicant.number) or not _nameable(case.applicant.name):
        return refused(Reason.BAD_HOLDER)
    if not all(p.fullmatch(case.answers.get(name, "")) for name, p in rule.answers.items()):
        return refused(Reason.BAD_ANSWERS)
    if not _identified(rule, case, unmatched):
        return pending(Reason.IDENTITY_CHECK, workdays.after(today, 1))
    if rule.ending is Ending.REVIEW:
        return pending(Reason.REVIEW, workdays.after(today, rule.promise))
    return None


def _nameable(name: str) -> bool:
    """Private-use characters are allowed: older cards hold rare ones there."""
    controls = any(unicodedata.category(character) == "Cc" for character in name)
    return 0 < len(name.strip()) <= LONGEST_NAME and not controls


def _identified(rule: Rule, case: CasePayload, unmatched: bool) -> bool:
    if case.identity not in _IDENTITIES:
        return False
    if not rule.face:
        return True
    if case.identity != "card_face" or case.face not in _FACES:
        return False
    return unmatched or case.face == "matched"


def refused(reason: Reason) -> Decision:
    return Decision(Standing.REFUSED, reason=reason)


def pending(reason: Reason, due: date) -> Decision:
    return Decision(Standing.PENDING, due_date=due.isoformat(), reason=reason)
