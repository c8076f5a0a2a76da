"""A visit's outcome as a slip: masks what must not be read over a shoulder or from a bin."""

from __future__ import annotations

from datetime import date, datetime

from kiosk import receipts
from kiosk.identity.numbers import mask_name, mask_number
from kiosk.model import Receipt, Text
from kiosk.services.item import ItemKind
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Standing, Visit


def slip_of(terminal: Terminal, visit: Visit) -> Receipt:
    """The receipt of a submitted visit."""
    place, item, case = terminal.place, visit.item, visit.case
    assert item is not None
    assert case is not None
    return receipts.compose(
        receipts.Slip(
            terminal=place.terminal,
            site=place.site,
            item=Text(item.task_name.zh, item.task_name.en),
            case_no=visit.case_no,
            standing=_standing(visit),
            name=mask_name(visit.card.name) if visit.card else "",
            number=mask_number(visit.card.number) if visit.card else "",
            time=datetime.fromisoformat(case.time).astimezone(),
            hotline=place.hotline,
            record_hash=case.hash,
            seq=case.seq,
            language=visit.language,
            due=date.fromisoformat(visit.due_date) if visit.due_date else None,
            certificate_no=visit.certificate_no if visit.certificate else "",
            reason=visit.reason,
            result=tuple((Text(zh, en), value) for zh, en, value in visit.result),
            demonstration=place.demonstration,
        )
    )


def _standing(visit: Visit) -> receipts.Standing:
    assert visit.item is not None
    assert visit.standing is not None
    if visit.item.kind is ItemKind.QUERY and visit.standing is Standing.DECIDED:
        return receipts.Standing.ANSWERED
    return receipts.Standing(str(visit.standing))
