"""Slips as data: templates of `config/receipts`, and the facts that fill them."""

from kiosk.slips.errands import (
    Appointment,
    Complaint,
    Information,
    Line,
    Progress,
    Stage,
    Supplement,
)
from kiosk.slips.facts import (
    Bundle,
    Fee,
    Given,
    Missing,
    Notice,
    Part,
    Payment,
    Promise,
    Promised,
    Slip,
    TestPrint,
    Ticket,
)
from kiosk.slips.fill import KINDS, fill
from kiosk.slips.standing import Standing
from kiosk.slips.template import load

__all__ = [
    "KINDS",
    "Appointment",
    "Bundle",
    "Complaint",
    "Fee",
    "Given",
    "Information",
    "Line",
    "Missing",
    "Notice",
    "Part",
    "Payment",
    "Progress",
    "Promise",
    "Promised",
    "Slip",
    "Stage",
    "Standing",
    "Supplement",
    "TestPrint",
    "Ticket",
    "fill",
    "load",
]
