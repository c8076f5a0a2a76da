"""Which screen shows which state of a visit."""

from __future__ import annotations

from typing import Any

from kiosk.view import State
from screens.appointment import Appointment, AppointmentAsk
from screens.article import Article
from screens.attract import Attract
from screens.card import Card
from screens.case import Case
from screens.cases import CaseList, Cases, Lookup
from screens.check import Check
from screens.commitment import Commitment
from screens.complaint import Hotline, Lodged, SlipPage
from screens.consent import Consent
from screens.face import Face
from screens.guide import Guide
from screens.information import Information
from screens.materials import Materials
from screens.notice import Notice
from screens.out_of_service import OutOfService
from screens.papers import Papers
from screens.payment import Payment
from screens.pin import Pin
from screens.practice import Practice
from screens.problem import Problem
from screens.question import Question
from screens.rating import Rating
from screens.scan import Scan
from screens.screen import Screen
from screens.services import Services
from screens.sign import Sign
from screens.staff import Staff
from screens.still_there import StillThere
from screens.submitting import Submitting
from screens.thanks import Thanks
from screens.ticket import Ticket
from screens.ways import Ways
from screens.witness import Witness

SCREENS: dict[State, type[Screen[Any]]] = {
    State.ATTRACT: Attract,
    State.SERVICES: Services,
    State.GUIDE: Guide,
    State.CARD: Card,
    State.CONSENT: Consent,
    State.FACE: Face,
    State.WAYS: Ways,
    State.PIN: Pin,
    State.WITNESS: Witness,
    State.QUESTION: Question,
    State.MATERIALS: Materials,
    State.SCAN: Scan,
    State.COMMITMENT: Commitment,
    State.NOTICE: Notice,
    State.CHECK: Check,
    State.SIGN: Sign,
    State.PAYMENT: Payment,
    State.SUBMITTING: Submitting,
    State.PAPERS: Papers,
    State.TICKET: Ticket,
    State.RATING: Rating,
    State.THANKS: Thanks,
    State.CASES: Cases,
    State.CASE_NUMBER: Question,
    State.LOOKUP: Lookup,
    State.CASE_LIST: CaseList,
    State.CASE: Case,
    State.COLLECTING: Lookup,
    State.APPOINTMENT: Appointment,
    State.APPOINTMENT_PLACE: Question,
    State.APPOINTMENT_ASK: AppointmentAsk,
    State.APPOINTMENT_ACT: Lookup,
    State.HOTLINE: Hotline,
    State.COMPLAINT: Question,
    State.COMPLAINT_CHECK: Check,
    State.LODGED: Lodged,
    State.INFORMATION: Information,
    State.ARTICLE: Article,
    State.PRACTICE: Practice,
    State.PRACTICE_QUESTION: Question,
    State.PRACTICE_CHECK: Check,
    State.PRACTICE_END: Practice,
    State.SLIP: SlipPage,
    State.PROBLEM: Problem,
    State.STILL_THERE: StillThere,
    State.OUT_OF_SERVICE: OutOfService,
    State.STAFF: Staff,
}
