"""The bodies of the hotline's page and of a complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk import view as v
from kiosk.model import Text
from kiosk.services.days import day_in_words
from kiosk.services.feedback import tags_of
from kiosk.services.form import display
from kiosk.session.complaint import fields
from kiosk.session.terminal import Terminal
from kiosk.session.views_form import question_body
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit
from kiosk.view import State

_NAME = Text("投诉与建议", "Your complaint")
_ABOUT = Text("涉及办件", "About case")


def _hotline(terminal: Terminal, visit: Visit) -> v.Body:
    return v.HotlineBody(terminal.place.hotline, visit.around.complaint.about_case)


def _question(_terminal: Terminal, visit: Visit) -> v.Body:
    asked = fields()
    index = min(visit.around.complaint.asking, len(asked) - 1)
    body = question_body(asked[index], index, len(asked), visit, visit.vault.complaint)
    return replace(body, optional=False)  # the question itself says so


def _check(_terminal: Terminal, visit: Visit) -> v.Body:
    said, about = visit.vault.complaint, visit.around.complaint.about_case
    rows = [
        v.CheckRow(text(field.short), display(field, said.get(field.name, "")), field.name)
        for field in fields()
    ]
    rows += [v.CheckRow(_ABOUT, Text(about, about))] if about else []
    return v.CheckBody(_NAME, tuple(rows))


def _lodged(terminal: Terminal, visit: Visit) -> v.Body:
    complaint = visit.around.complaint
    return v.LodgedBody(
        complaint.order_no,
        day_in_words(complaint.due),
        slip=terminal.condition.usable("receipt"),
    )


def rating(_terminal: Terminal, visit: Visit) -> v.Body:
    level = visit.around.level
    tags = tuple(v.RatingTag(tag.code, Text(tag.zh, tag.en)) for tag in tags_of(level))
    return v.RatingBody(visit.seconds_left, max(1, len(visit.cases)), level, tags)


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.HOTLINE: _hotline,
    State.COMPLAINT: _question,
    State.COMPLAINT_CHECK: _check,
    State.LODGED: _lodged,
}
