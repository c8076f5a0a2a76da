"""A terminal's three truths in one sentence, and what an alarm knows of it in words."""

from __future__ import annotations

from fleet.console import phrases
from fleet.console.vocabulary import VALUES
from fleet.console.words import PAGE, Words
from fleet.live import Need, Serving, TerminalRow

FAMILIES = ("device", "screen", "why_not")  # of the reasons why it does not serve


def sentence(words: Words, row: TerminalRow, heard: float | None) -> str:
    """`Connected, heard 20 s ago, 3 of 25 items unavailable: receipt paper out.`"""
    connection = phrases.connection(words, row).sentence
    liveness = phrases.liveness(words, row, heard).sentence
    return words(
        "sentence",
        connection=connection,
        liveness=_within(liveness),
        service=_within(_service(words, row)),
    )


def _service(words: Words, row: TerminalRow) -> str:
    if row.serving is not Serving.PARTLY:
        return phrases.service(words, row).sentence
    out = sum(bool(why) for why in row.services.values())
    why = phrases.why_not(words, row)
    return words("sentence.some", all=len(row.services), out=out, why=why)


def detail(words: Words, when: str, codes: str, row: TerminalRow | None) -> str:
    """The codes of `fleet.alarms.conditions` as words; a code that nobody knows stays."""
    if f"detail.{when}" in PAGE:
        return words(f"detail.{when}", value=codes)
    told = (_code(words, code, row) for code in codes.split(",") if code)
    return words("and").join(dict.fromkeys(told))


def _code(words: Words, code: str, row: TerminalRow | None) -> str:
    kind, _, about = code.partition(" ")
    if f"alarm.{kind}" in VALUES:
        return f"{words.of('alarm', kind)} {about}".strip()
    parts = code.split(".", 2)
    if parts[0] in FAMILIES and row is not None:
        return phrases.reason(words, row, code)
    if len(parts) == 3 and words.has("device", parts[0]):
        return _within(phrases.need(words, Need(parts[0], parts[1], parts[2], "")).sentence)
    return words.of("reason", code)


def _within(told: str) -> str:
    """As a part of a longer sentence; abbreviations stay as they are."""
    return told[:1].lower() + told[1:] if told[1:2].islower() else told
