"""Around the service: what becomes of a case, complaints, a slip."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.states.rows import BROWSE, CHOSEN, PART, PRINTING, SAME, SWAPPED, Choice, Row
from kiosk.view import State

ERRANDS: dict[State, Row] = {
    State.CASES: {
        e.CodeScanned: Choice("after_number", (State.CASES, State.LOOKUP)),
        e.NumberWanted: State.CASE_NUMBER,
        e.CardWanted: Choice("after_card_wanted", (State.CARD, State.LOOKUP)),
        e.ServicesChanged: SAME,
        e.WentBack: State.SERVICES,
        **PART,
        **SWAPPED,
    },
    State.CASE_NUMBER: {
        e.Answered: Choice("after_number", (State.CASE_NUMBER, State.LOOKUP)),
        e.WentBack: State.CASES,
        **PART,
        **SWAPPED,
    },
    State.LOOKUP: {
        e.StoriesTold: Choice("after_lookup", (State.CASES, State.CASE_LIST, State.CASE)),
        **PART,
    },
    State.CASE_LIST: {
        e.CaseChosen: State.CASE,
        e.WentBack: State.CASES,
        **PART,
        **SWAPPED,
    },
    State.CASE: {
        e.CardWanted: Choice("after_card_wanted", (State.CARD, State.LOOKUP)),
        e.CollectWanted: Choice(
            "after_collect_wanted",
            (State.PROBLEM, State.CARD, State.CONSENT, State.FACE, State.WAYS, State.COLLECTING),
        ),
        e.SupplementWanted: Choice(
            "after_supplement_wanted", (State.PROBLEM, State.MATERIALS)
        ),
        e.AppointmentOpened: State.APPOINTMENT,
        e.RatingWanted: State.RATING,
        e.ComplaintOpened: State.HOTLINE,
        e.SlipWanted: State.SLIP,
        e.ServicesChanged: SAME,
        e.WentBack: Choice("before_case", (State.CASE_LIST, State.CASES)),
        **PART,
        **SWAPPED,
    },
    State.APPOINTMENT: {
        e.MoveWanted: State.APPOINTMENT_PLACE,
        e.CancelWanted: State.APPOINTMENT_ASK,
        e.SlipWanted: State.SLIP,
        e.ServicesChanged: SAME,
        e.WentBack: State.CASE,
        **PART,
        **SWAPPED,
    },
    State.APPOINTMENT_PLACE: {
        e.PlacesTold: Choice("after_places", (State.APPOINTMENT_PLACE, State.PROBLEM)),
        e.Answered: Choice("after_place", (State.APPOINTMENT_PLACE, State.APPOINTMENT_ASK)),
        e.WentBack: Choice("before_place", (State.APPOINTMENT_PLACE, State.APPOINTMENT)),
        **PART,
        **SWAPPED,
    },
    State.APPOINTMENT_ASK: {
        e.ChangeAgreed: Choice("after_agreed", (State.APPOINTMENT_ASK, State.APPOINTMENT_ACT)),
        e.WentBack: State.APPOINTMENT,
        **PART,
        **SWAPPED,
    },
    State.APPOINTMENT_ACT: {
        e.AppointmentChanged: Choice("after_appointment", (State.SLIP, State.PROBLEM)),
        e.WaitedTooLong: SAME,
    },
    State.COLLECTING: {
        e.ResultCollected: Choice("after_result", (State.PAPERS, State.PROBLEM)),
        e.WaitedTooLong: SAME,
    },
    State.HOTLINE: {
        e.ComplaintStarted: State.COMPLAINT,
        e.WentBack: Choice("before_hotline", (State.SERVICES, State.CASE)),
        **PART,
        **SWAPPED,
    },
    State.COMPLAINT: {
        e.Answered: Choice("after_complaint", (State.COMPLAINT, State.COMPLAINT_CHECK)),
        e.WentBack: Choice(
            "before_complaint", (State.HOTLINE, State.COMPLAINT, State.COMPLAINT_CHECK)
        ),
        **PART,
        **SWAPPED,
    },
    State.COMPLAINT_CHECK: {
        e.ChangeAsked: State.COMPLAINT,
        e.AnswersConfirmed: Choice("lodged", (State.LODGED, State.PROBLEM)),
        e.WentBack: State.COMPLAINT,
        **PART,
        **SWAPPED,
    },
    State.LODGED: {
        e.SlipWanted: State.SLIP,
        **PART,
    },
    State.INFORMATION: {
        e.ShelfOpened: SAME,
        e.ArticleChosen: Choice("after_article_chosen", (State.INFORMATION, State.ARTICLE)),
        e.ServicesChanged: SAME,
        e.WentBack: Choice("before_information", (State.INFORMATION, State.SERVICES)),
        **PART,
        **SWAPPED,
    },
    State.ARTICLE: {
        e.ArticleServicesWanted: SAME,
        e.ServiceChosen: CHOSEN,
        e.SlipWanted: State.SLIP,
        e.ServicesChanged: SAME,
        e.WentBack: Choice("after_article_chosen", (State.INFORMATION, State.ARTICLE)),
        **PART,
        **SWAPPED,
    },
    # Nothing here leads to a page that reads, records, sends or prints anything; a visit that is
    # begun at the end of it is a new one.
    State.PRACTICE: {
        e.PracticeTurned: Choice("after_told", (State.PRACTICE, State.PRACTICE_QUESTION)),
        e.WentBack: Choice("before_told", (State.PRACTICE, State.ATTRACT)),
        **BROWSE,
    },
    State.PRACTICE_QUESTION: {
        e.Answered: Choice("after_tried", (State.PRACTICE_QUESTION, State.PRACTICE_CHECK)),
        e.WentBack: Choice(
            "before_tried", (State.PRACTICE, State.PRACTICE_QUESTION, State.PRACTICE_CHECK)
        ),
        **BROWSE,
    },
    State.PRACTICE_CHECK: {
        e.ChangeAsked: State.PRACTICE_QUESTION,
        e.AnswersConfirmed: State.PRACTICE_END,
        e.WentBack: State.PRACTICE_QUESTION,
        **BROWSE,
    },
    State.PRACTICE_END: {
        e.Touched: State.SERVICES,
        e.PracticeOpened: State.PRACTICE,
        **BROWSE,
    },
    State.SLIP: {
        **PRINTING,
        e.PapersCollected: Choice(
            "slip_collected", (State.SLIP, State.GUIDE, State.ARTICLE, State.THANKS)
        ),
        e.WaitedTooLong: Choice("slip_left", (State.SLIP, State.STILL_THERE)),
    },
}  # fmt: skip
