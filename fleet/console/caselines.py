"""Sentences about cases: their clock, their cards, what is missing."""

from __future__ import annotations

from datetime import date, datetime

from fleet.console import phrases
from fleet.console.casebook import CaseStory
from fleet.console.casecodes import CaseCodes
from fleet.console.parts import Tone
from fleet.console.phrases import Truth
from fleet.console.sheets import Cell, Coded, Facts, Linked, Sheet
from fleet.console.words import Words
from fleet.console.worklines import PATH as WORK
from fleet.handling.progress import ProgressView

CARD_TONES = {
    "warning": Tone.WARN, "yellow": Tone.WARN, "red": Tone.BAD, "reminder": Tone.DIM,
}  # fmt: skip
PHASE_TONES = {
    "completion": Tone.GOOD, "notice": Tone.GOOD, "correction": Tone.WARN,
    "not_accepted": Tone.WARN, "refused": Tone.WARN,
}  # fmt: skip
STEP_TONES = {
    "done": Tone.GOOD, "ready": Tone.WARN, "correction": Tone.WARN, "refused": Tone.BAD,
}  # fmt: skip


def phase(words: Words, code: str) -> Truth:
    return Truth(PHASE_TONES.get(code, Tone.DIM), words(f"phase.{code}"))


def card(words: Words, kind: str) -> Truth:
    return Truth(CARD_TONES[kind], words(f"card.{kind}"))


def clock(words: Words, seen: ProgressView) -> Truth:
    """How much time is left, and whether it runs."""
    if seen.ended:
        return Truth(Tone.GOOD, words("case.ended"))
    if seen.days_left is None:
        return Truth(Tone.DIM, words("case.not_running"))
    if seen.standing:
        return Truth(Tone.DIM, words("case.standing"))
    if seen.days_left < 0:
        return Truth(Tone.BAD, words("case.over", days=-seen.days_left))
    if seen.days_left == 0:
        return Truth(Tone.WARN, words("case.left.today"))
    return Truth(Tone.GOOD, words("case.left", days=seen.days_left))


def facts(words: Words, story: CaseStory, item: str, now: float) -> Facts:
    seen = story.seen
    known: tuple[tuple[str, Cell], ...] = (
        (words("col.item"), item),
        (words("col.terminal"), Linked(f"/terminals/{story.terminal}", story.terminal)),
        (words("col.opened"), phrases.clock(story.received_at, now)),
    )
    if seen is None:
        return (*known, (words("case.clock"), Truth(Tone.DIM, words("case.unopened"))))
    notes = [words(f"case.{name}") for name in ("provisional", "withheld") if getattr(seen, name)]
    return (
        *known,
        (words("col.phase"), phase(words, seen.phase)),
        (words("col.person"), seen.person),
        (words("col.promise"), seen.due_date or "–"),
        (words("case.clock"), clock(words, seen)),
        *(("", note) for note in notes),
        *((words("case.order"), Linked(f"{WORK}/{number}", number)) for number in story.orders),
    )


def steps(words: Words, story: CaseStory, now: float) -> Sheet:
    codes = CaseCodes(words, story.item)
    heads = tuple(map(words, ("col.step", "col.state", "col.person", "col.begun", "col.ended")))
    rows = tuple(
        (
            codes.step(one.code, words(f"stage.{one.stage}")),
            Truth(STEP_TONES.get(one.phase, Tone.DIM), words(f"step.{one.phase}")),
            " · ".join(filter(None, (codes.department(one.code, one.dept_code), one.person))),
            _moment(one.started, now), _moment(one.ended, now),
        )
        for one in (story.seen.steps if story.seen else ())
    )  # fmt: skip
    return Sheet(heads, rows, words("case.steps.none"))


def cards(words: Words, story: CaseStory, now: float) -> Sheet:
    codes = CaseCodes(words, story.item)
    heads = tuple(map(words, ("col.cards", "col.about", "col.time")))
    rows = tuple(
        (card(words, one.kind), _subject(codes, one.subject), phrases.clock(one.at, now))
        for one in story.cards
    )
    return Sheet(heads, rows, words("case.cards.none"))


def missing(words: Words, story: CaseStory) -> Sheet:
    codes = CaseCodes(words, story.item)
    heads = tuple(map(words, ("col.material", "col.state", "col.until_day")))
    rows = tuple(
        (
            codes.material(one.material),
            Truth(Tone.BAD if one.lapsed else Tone.WARN, words("case.lapsed" if one.lapsed else
                  "case.promised" if one.promised else "case.asked")),
            one.due_date,
        )
        for one in (story.seen.missing if story.seen else ())
    )  # fmt: skip
    return Sheet(heads, rows, words("case.missing.none"))


def _subject(codes: CaseCodes, subject: str) -> Cell:
    """`promise`, `legal`, or what it is about and its code: `fee:…`."""
    name, _, code = subject.partition(":")
    told = codes.words(f"subject.{name}")
    if not code:
        return told
    known = {"correction": codes.step, "promise": codes.material}
    cell = known[name](code) if name in known else code
    if isinstance(cell, Coded):
        return Coded(codes.words("subject.of", what=told, name=cell.name), code)
    return Coded(told, code)


def _moment(told: str, now: float) -> str:
    """As everything in the console: by the fleet's own zone."""
    return phrases.clock(datetime.fromisoformat(told).timestamp(), now) if told else "–"


def until(words: Words, due_date: str, *, late: bool) -> Truth | str:
    """The promised day, loudly when it is over."""
    if not due_date:
        return "–"
    day = date.fromisoformat(due_date).isoformat()
    return Truth(Tone.BAD, day) if late else day
