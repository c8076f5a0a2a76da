"""A question, as its page draws it; of a list of people, the list or a question about one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk import view as v
from kiosk.model import Text
from kiosk.services import people
from kiosk.services.fields import FieldType, FormField
from kiosk.services.form import canonical, display, typed
from kiosk.services.remedies import Remedy, explained
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.session.updates.people import name_of, rows
from kiosk.session.views_booking import with_places
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit


def question(terminal: Terminal, visit: Visit) -> v.Body:
    field = visit.fields[visit.asking]
    if visit.row is not None:
        one = people.asked(field, visit.vault.row)[visit.row_asking]
        group = Text(f"第{visit.row + 1}位", f"Person {visit.row + 1}")
        return _body(visit, one, name_of(field, one), visit.vault.row, group)
    body = _body(visit, field, field.name, visit.vault.answers, Text("", ""))
    return with_places(terminal, visit, body)


def _body(
    visit: Visit, field: FormField, name: str, answers: Mapping[str, str], group: Text
) -> v.QuestionBody:
    is_list = field.type is FieldType.PEOPLE
    known = "" if is_list else typed(field, answers.get(field.name, ""))
    wrong = refused(field, visit, answers)
    return v.QuestionBody(
        name=name,
        kind=str(field.type),
        label=text(field.label),
        hint=text(field.hint),
        number=visit.asking + 1,
        total=len(visit.fields),
        choices=tuple(v.Choice(c.code, text(c.label)) for c in field.choices),
        value=visit.vault.attempt or known,
        error=wrong.key,
        figures=wrong.figures,
        unit=text(field.unit),
        max_length=field.max_length,
        optional=field.optional,
        script=str(field.script),
        group=group,
        people=tuple(_listed(visit, field)) if is_list else (),
        least=field.least,
        most=field.most,
    )


def refused(field: FormField, visit: Visit, answers: Mapping[str, str]) -> Remedy:
    """What is said of the last answer; nothing if it was not refused."""
    if not visit.error:
        return Remedy("")
    listed = field.type is FieldType.PEOPLE
    value = answers.get(field.name, "") if listed else canonical(field, visit.vault.attempt)
    return explained(field, value, visit.error, today())


def _listed(visit: Visit, field: FormField) -> Iterator[v.ListedPerson]:
    for row in rows(visit, field):
        said = [display(one, row.get(one.name, "")) for one in people.asked(field, row)]
        yield v.ListedPerson(said[0], tuple(said[1:]))


def question_body(
    field: FormField, index: int, total: int, visit: Visit, said: Mapping[str, str] | None = None
) -> v.QuestionBody:
    """Of a form that is no item's. `said`: answers so far, if not the visit's own."""
    answers = visit.vault.answers if said is None else said
    known, wrong = answers.get(field.name, ""), refused(field, visit, answers)
    return v.QuestionBody(
        name=field.name,
        kind=str(field.type),
        label=text(field.label),
        hint=text(field.hint),
        number=index + 1,
        total=total,
        choices=tuple(v.Choice(one.code, text(one.label)) for one in field.choices),
        value=visit.vault.attempt or typed(field, known),
        error=wrong.key,
        figures=wrong.figures,
        unit=text(field.unit),
        max_length=field.max_length,
        optional=field.optional,
        script=str(field.script),
    )
