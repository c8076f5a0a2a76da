"""How it was: a level, then tags if somebody likes; once for each case, and never without one."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.feedback import tags_of
from kiosk.session.errand import Purpose
from kiosk.session.terminal import Terminal
from kiosk.session.updates.enquiring import shown
from kiosk.session.visit import Visit

LEVELS = range(1, 6)


def level_chosen(_terminal: Terminal, visit: Visit, event: e.LevelChosen) -> None:
    if event.level in LEVELS:
        visit.around.level = event.level


def rated(terminal: Terminal, visit: Visit, event: e.Rated) -> None:
    if event.level in LEVELS:
        allowed = [tag.code for tag in tags_of(event.level)]
        _record(terminal, visit, event.level, [tag for tag in allowed if tag in event.tags])


def countdown_ended(terminal: Terminal, visit: Visit, _event: e.CountdownEnded) -> None:
    """Who chose a level and went away has rated."""
    if visit.around.level:
        _record(terminal, visit, visit.around.level, [])


def _record(terminal: Terminal, visit: Visit, level: int, tags: list[str]) -> None:
    """Of a bundle once, for all: on its first case."""
    data = {"level": level, **_subject(visit), "tags": tags}
    visit.around.level = 0
    if data["case_no"]:
        terminal.journal.append("rating", data, visit.id)


def _subject(visit: Visit) -> dict[str, str]:
    story = shown(visit)
    if visit.around.purpose is not Purpose.APPLY:
        assert story is not None
        return {"case_no": story.case_no, "task_code": story.task_code}
    assert visit.item is not None
    code = visit.cases[0].item.task_code if visit.cases else visit.item.task_code
    bundle = {"bundle": visit.bundle} if visit.bundle else {}
    return {"case_no": visit.case_no, "task_code": code, **bundle}
