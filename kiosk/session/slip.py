"""A visit's outcome as a slip: masks what must not be read over a shoulder or from a bin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from kiosk import receipts
from kiosk.identity.numbers import mask_name, mask_number
from kiosk.model import Receipt, Text
from kiosk.services.form import display
from kiosk.services.item import ItemKind
from kiosk.session.booking import booking_of, places_asked
from kiosk.session.filing import Filing, Standing
from kiosk.session.given import given_of, promised_of
from kiosk.session.payment_slip import refund_of
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Role
from kiosk.session.views_identity import text
from kiosk.session.visit import Visit
from kiosk.slips.facts import Bundle, Part
from kiosk.slips.fill import fill
from kiosk.slips.standing import STATES, why


def slip_of(terminal: Terminal, visit: Visit) -> Receipt:
    """The receipt of a submitted visit: of its case, or of all cases of a bundle."""
    if len(visit.cases) > 1:
        return fill("bundle", _bundle(terminal, visit), visit.language)
    place, filing = terminal.place, visit.cases[0]
    certificate = filing.case_no in visit.vault.certificates
    return receipts.compose(
        receipts.Slip(
            terminal=place.terminal,
            site=place.site,
            item=_name(filing),
            case_no=filing.case_no,
            standing=_standing(filing),
            name=mask_name(visit.card.name) if visit.card else "",
            number=mask_number(visit.card.number) if visit.card else "",
            time=datetime.fromisoformat(filing.intent.time).astimezone(),
            hotline=place.hotline,
            record_hash=filing.intent.hash,
            seq=filing.intent.seq,
            language=visit.language,
            due=_due(filing),
            certificate_no=filing.certificate_no if certificate else "",
            reason=filing.reason,
            result=tuple(
                (Text(zh, en), value)
                for zh, en, value in visit.vault.results.get(filing.case_no, ())
            ),
            others=tuple(_others(visit)),
            demonstration=place.demonstration,
            given=given_of(visit),
            promised=promised_of(visit),
            refund=refund_of(visit, filing),
        )
    )


def _bundle(terminal: Terminal, visit: Visit) -> Bundle:
    place, first = terminal.place, visit.cases[0].intent
    standings = {filing.standing for filing in visit.cases}
    return Bundle(
        place.terminal, place.site, place.hotline,
        datetime.fromisoformat(first.time).astimezone(), visit.language, place.demonstration,
        item=text(visit.item.task_name) if visit.item else Text("", ""),
        bundle=visit.bundle,
        name=mask_name(visit.card.name) if visit.card else "",
        number=mask_number(visit.card.number) if visit.card else "",
        others=tuple(_others(visit)),
        parts=tuple(_part(visit, filing) for filing in visit.cases),
        given=given_of(visit),
        promised=promised_of(visit),
        certificates=len(visit.vault.certificates),
        open=Standing.PROVISIONAL in standings,
        refused=Standing.REFUSED in standings,
        proof=f"{first.seq} {first.hash[:16]}",
    )  # fmt: skip


def _part(visit: Visit, filing: Filing) -> Part:
    standing = _standing(filing)
    certificate = filing.certificate_no if filing.case_no in visit.vault.certificates else ""
    return Part(
        _name(filing), filing.case_no, STATES[standing], _due(filing), certificate,
        why(standing, filing.reason),
    )  # fmt: skip


def _name(filing: Filing) -> Text:
    return text(filing.item.task_name)


def _due(filing: Filing) -> date | None:
    return date.fromisoformat(filing.due_date) if filing.due_date else None


_OTHERS = {
    Role.SECOND: Text("另一方", "With"),
    Role.GUARDIAN: Text("监护人", "Guardian"),
}
_APPOINTMENT = Text("预约", "Appointment")
_HELPER = Text("代办员", "Helper")
_WITNESS = Text("核验人", "Confirmed by")


def _others(visit: Visit) -> Iterator[tuple[Text, str]]:
    """Everybody else who had a part in it, masked."""
    for role, label in _OTHERS.items():
        card = visit.vault.card(role)
        if card is not None:
            yield label, mask_name(card.name)
    booking = booking_of(visit)
    if booking is not None:
        said = {
            field.name: display(field, visit.answers[field.name]).into(visit.language)
            for field in visit.fields
            if field.name in places_asked(booking)
        }
        yield _APPOINTMENT, " ".join(said.values())
    staff = visit.helper or visit.witness
    if staff is not None:
        yield _HELPER if visit.helper else _WITNESS, f"{mask_name(staff.name)} {staff.id}"


def _standing(filing: Filing) -> receipts.Standing:
    if filing.item.kind is ItemKind.QUERY and filing.standing is Standing.DECIDED:
        return receipts.Standing.ANSWERED
    return receipts.Standing(str(filing.standing))
