"""Slips that are no receipt: the queue ticket for the desk, and a test print."""

from __future__ import annotations

from datetime import datetime

from kiosk.model import Language, Receipt, Text
from kiosk.slips.facts import TestPrint, Ticket
from kiosk.slips.fill import fill


def ticket_slip(site: Text, number: str, item: Text, time: datetime, language: Language) -> Receipt:
    """`number` such as K012. It names nobody: who holds it shows their card at the desk."""
    return fill("ticket", Ticket("", site, "", time, language, number=number, item=item), language)


def test_slip(terminal: str, site: Text, staff: str, time: datetime) -> Receipt:
    """For staff: does the printer print, in both scripts and both sizes?"""
    facts = TestPrint(terminal, site, "", time, staff=staff)
    return fill("test", facts, Language.ZH)
