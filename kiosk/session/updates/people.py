"""A list of people: one is added, changed or removed; about each, one question after the other."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.fields import FormField
from kiosk.services.form import TOO_MANY, canonical, check_answer
from kiosk.services.people import NOBODY, asked, read, write
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit


def rows(visit: Visit, field: FormField) -> list[dict[str, str]]:
    return read(visit.vault.answers.get(field.name, NOBODY)) or []


def person_added(_terminal: Terminal, visit: Visit, _event: e.PersonAdded) -> None:
    field = visit.fields[visit.asking]
    count = len(rows(visit, field))
    visit.error = TOO_MANY if field.most and count >= field.most else ""
    if not visit.error and field.fields:
        _begin(visit, count, {})


def person_changed(_terminal: Terminal, visit: Visit, event: e.PersonChanged) -> None:
    known = rows(visit, visit.fields[visit.asking])
    if event.index < len(known):  # otherwise a press that belonged to the page before
        _begin(visit, event.index, known[event.index])


def person_removed(_terminal: Terminal, visit: Visit, event: e.PersonRemoved) -> None:
    field = visit.fields[visit.asking]
    known = rows(visit, field)
    if event.index < len(known):
        del known[event.index]
        visit.vault.answers[field.name] = write(known)
    visit.error = ""


def row_answered(visit: Visit, field: FormField, event: e.Answered) -> None:
    """The last answer about somebody puts them on the list."""
    assert visit.row is not None
    one = asked(field, visit.vault.row)[visit.row_asking]
    if name_of(field, one) != event.name:
        return
    value = canonical(one, event.value)
    visit.error = check_answer(one, value, today())
    visit.vault.attempt = event.value.strip() if visit.error else ""
    if visit.error:
        return
    visit.vault.row[one.name] = value
    visit.row_asking += 1
    if visit.row_asking >= len(asked(field, visit.vault.row)):
        _keep(visit, field)


def name_of(field: FormField, one: FormField) -> str:
    """Of a question about somebody on a list."""
    return f"{field.name}.{one.name}"


def went_back(visit: Visit) -> None:
    """From the first question to the list; who was not on it yet is forgotten."""
    visit.row_asking -= 1
    if visit.row_asking < 0:
        _end(visit)


def _begin(visit: Visit, row: int, known: dict[str, str]) -> None:
    visit.row, visit.row_asking, visit.error = row, 0, ""
    visit.vault.row = dict(known)


def _keep(visit: Visit, field: FormField) -> None:
    assert visit.row is not None
    known = rows(visit, field)
    names = {one.name for one in asked(field, visit.vault.row)}
    said = {name: value for name, value in visit.vault.row.items() if name in names}
    known[visit.row : visit.row + 1] = [said]
    visit.vault.answers[field.name] = write(known)
    _end(visit)


def _end(visit: Visit) -> None:
    visit.row, visit.row_asking = None, 0
    visit.vault.row = {}
