"""Acts of terminals, folded into one row for each visit's case, and today's counts of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fleet.rows import TransactionRow

CERTIFICATE_OUT = ("presented", "taken")


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """`rung`: the last one reached for certain; `fault` and `action` when it stopped there."""

    paper: str
    rung: str
    fault: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of one case, or of one act without a case. `rating` 0: none given.

    `standing` is '' while only later acts (a paper, a rating) are in sight. `last_at`: when the
    newest act of it was received. `staff`: the helper who handled it. `bundle`: the number that it
    has in common with other cases. `payment`: how the last one for it ended.
    """

    position: int
    terminal: str
    time: str
    received_at: float
    last_at: float
    case_no: str
    task_code: str = ""
    standing: str = ""
    reason: str = ""
    due_date: str = ""
    certificate_no: str = ""
    papers: tuple[PaperOutcome, ...] = ()
    rating: int = 0
    historical: bool = False
    staff: str = ""
    bundle: str = ""
    payment: str = ""


def fold(acts: Iterable[TransactionRow]) -> list[Visit]:
    """One visit per case, newest first by its first act, so that later acts don't move it."""
    visits: dict[tuple[str, int], Visit] = {}
    for act in sorted(acts, key=lambda act: act.position):
        key = (act.case_no, 0) if act.case_no else ("", act.position)
        visits[key] = _with(visits.get(key) or _begun(act), act)
    return sorted(visits.values(), key=lambda visit: visit.position, reverse=True)


def _begun(act: TransactionRow) -> Visit:
    return Visit(
        act.position,
        act.terminal,
        act.time,
        act.received_at,
        act.received_at,
        act.case_no,
        historical=act.historical,
    )


def _with(visit: Visit, act: TransactionRow) -> Visit:
    task_code = visit.task_code or act.task_code
    visit = replace(visit, task_code=task_code, last_at=act.received_at)
    if act.kind == "case":
        return replace(
            visit,
            standing=act.outcome,
            reason=act.reason,
            due_date=act.due_date,
            certificate_no=act.certificate_no,
            staff=act.staff,
            bundle=act.bundle,
        )
    if act.kind == "print":
        paper = PaperOutcome(act.paper, act.outcome, act.fault, act.action)
        return replace(visit, papers=(*visit.papers, paper))
    if act.kind == "payment":
        return replace(visit, payment=act.outcome)
    return replace(visit, rating=int(act.outcome) if act.outcome.isdecimal() else 0)


@dataclass(slots=True)
class Tally:
    """Today's counts, kept up by adding each act once. `last_at`: terminal -> its last act."""

    midnight: float
    cases: int = 0
    certificates: int = 0
    unconfirmed: int = 0
    last_at: dict[str, float] = field(default_factory=dict)

    def add(self, acts: Iterable[TransactionRow]) -> None:
        for act in acts:
            self.last_at[act.terminal] = max(act.received_at, self.last_at.get(act.terminal, 0.0))
            if act.received_at >= self.midnight:
                self.cases += act.kind == "case"
                self.certificates += certificate_out(act)
                self.unconfirmed += unconfirmed(act)


def certificate_out(act: TransactionRow) -> bool:
    return (act.kind, act.paper) == ("print", "certificate") and act.outcome in CERTIFICATE_OUT


def unconfirmed(act: TransactionRow) -> bool:
    return (act.kind, act.outcome) == ("print", "unconfirmed")
