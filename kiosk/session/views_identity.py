"""The bodies of the pages that find out who somebody is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk import view as v
from kiosk.identity.numbers import mask_name, mask_number
from kiosk.model import Text
from kiosk.services.fields import Words
from kiosk.services.item import Document
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Role
from kiosk.session.visit import Visit
from kiosk.session.ways import ways
from kiosk.view import State

_CODE_DIGITS = 6
_PIN_DIGITS = (6, 12)
# Whose name and number stand on the check page, under which words.
_ROWS = {
    Role.APPLICANT: (Text("姓名", "Name"), Text("证件号码", "Number of your card")),
    Role.SECOND: (
        Text("另一方姓名", "Second person"),
        Text("另一方证件号码", "Their card's number"),
    ),
    Role.GUARDIAN: (
        Text("监护人姓名", "Guardian"),
        Text("监护人证件号码", "Guardian's card number"),
    ),
}
_HELPER = Text("代办员", "Helper")
_WITNESS = Text("核验人", "Confirmed by")


def text(words: Words) -> Text:
    return Text(words.zh, words.en)


def documents(visit: Visit) -> tuple[Document, ...]:
    """What the person whose turn it is may put down."""
    own = visit.turn in (Role.APPLICANT, Role.SECOND) and visit.item is not None
    return visit.item.documents if own and visit.item else (Document.ID_CARD,)


def identity_rows(visit: Visit) -> Iterator[v.CheckRow]:
    """Who applies, with whom, and who acts for them."""
    for role, (name_label, number_label) in _ROWS.items():
        card = visit.vault.card(role)
        if card is not None:
            yield v.CheckRow(name_label, Text(card.name, card.name_en or card.name, own=True))
            yield v.CheckRow(number_label, Text(card.number, card.number))
    staff = visit.helper or visit.witness
    if staff is not None:
        name = f"{mask_name(staff.name)} {staff.id}"
        yield v.CheckRow(_HELPER if visit.helper else _WITNESS, Text(name, name))


def _card(_terminal: Terminal, visit: Visit) -> v.Body:
    phase = "reading" if visit.card_found else "waiting"
    return v.CardBody(phase, tuple(documents(visit)), str(visit.turn))


def _consent(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    person, guardian = visit.subject, visit.vault.card(Role.GUARDIAN)
    asked = guardian if guardian is not None and person.card is visit.card else None
    return v.ConsentBody(
        mask_name(person.card.name),
        text(visit.item.purpose),
        matching=person.comparable,
        guardian=mask_name(asked.name) if asked else "",
    )


def _face(terminal: Terminal, visit: Visit) -> v.Body:
    person = visit.subject
    return v.FaceBody(
        visit.face_hint,
        visit.seconds_left,
        number=person.face_tries + 1,
        tries=terminal.limits.face_tries,
        matching=person.comparable,
    )


def _ways(terminal: Terminal, visit: Visit) -> v.Body:
    reason = visit.subject.no_face or visit.ways_reason
    return v.WaysBody(ways(terminal, visit), reason, mask_name(visit.subject.card.name))


def _pin(_terminal: Terminal, visit: Visit) -> v.Body:
    pin, sent = visit.pin, visit.vault.sent
    assert pin is not None
    least, most = (_CODE_DIGITS, _CODE_DIGITS) if pin.kind == "code" else _PIN_DIGITS
    return v.PinBody(
        kind=pin.kind,
        phase=pin.phase,
        least=least,
        most=most,
        sent_to=sent.phone if sent and pin.kind == "code" else "",
        error=pin.error,
        tries_left=pin.tries_left,
        seconds_left=visit.seconds_left if pin.wait else 0,
        again=pin.again,
    )


def _witness(_terminal: Terminal, visit: Visit) -> v.Body:
    assert visit.item is not None
    assert visit.witness is not None
    card = visit.subject.card
    return v.WitnessBody(
        helper=mask_name(visit.witness.name),
        name_masked=mask_name(card.name),
        number_masked=mask_number(card.number),
        item=text(visit.item.task_name),
    )


BODIES: dict[State, Callable[[Terminal, Visit], v.Body]] = {
    State.CARD: _card,
    State.CONSENT: _consent,
    State.FACE: _face,
    State.WAYS: _ways,
    State.PIN: _pin,
    State.WITNESS: _witness,
}
