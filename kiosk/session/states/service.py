"""From the idle page through a service to its papers."""

from __future__ import annotations

from kiosk import events as e
from kiosk.session.states.rows import (
    AROUND,
    BEFORE_IDENTITY,
    BROWSE,
    CHOSEN,
    IDENTITY,
    IDENTITY_NEXT,
    LEAVE,
    PRINTING,
    SAME,
    SWAPPED,
    TO_ANSWERS,
    Choice,
    Row,
)
from kiosk.view import State

SERVICE: dict[State, Row] = {
    State.ATTRACT: {
        e.Touched: State.SERVICES,
        e.CardFound: State.SERVICES,
        e.ServiceChosen: CHOSEN,
        **AROUND,
        e.PracticeOpened: State.PRACTICE,
        e.StaffEntered: State.CARD,
        e.ServiceLost: State.OUT_OF_SERVICE,
        e.ServicesChanged: SAME,
    },
    State.SERVICES: {
        e.ServiceChosen: CHOSEN,
        **AROUND,
        e.FacetChosen: SAME,
        e.ShelfOpened: SAME,
        e.Searched: SAME,
        e.WentBack: Choice("before_services", (State.SERVICES, State.ATTRACT)),
        e.ServicesChanged: SAME,
        **BROWSE,
        **SWAPPED,
    },
    State.GUIDE: {
        e.GuideAccepted: IDENTITY_NEXT,
        e.SlipWanted: State.SLIP,
        e.WentBack: State.SERVICES,
        **BROWSE,
        **SWAPPED,
    },
    State.CARD: {
        e.CardFound: SAME,
        e.CardRead: Choice("after_card", (State.PROBLEM, State.PIN, *IDENTITY)),
        e.CardFailed: State.PROBLEM,
        e.WentBack: Choice(
            "before_card", (State.GUIDE, State.WAYS, State.ATTRACT, State.CASES, State.CASE)
        ),
        e.Left: Choice("leaving", (State.THANKS, State.ATTRACT)),
        e.WaitedTooLong: State.STILL_THERE,
    },
    State.CONSENT: {
        e.ConsentGiven: State.FACE,
        e.ConsentRefused: State.WAYS,
        e.WentBack: BEFORE_IDENTITY,
        **LEAVE,
        **SWAPPED,
    },
    State.FACE: {
        e.FaceHinted: SAME,
        e.FaceJudged: Choice("after_face", (State.PROBLEM, *IDENTITY)),
        e.FaceCaptured: IDENTITY_NEXT,
        e.FaceFailed: State.PROBLEM,
        e.ConsentRefused: State.WAYS,
        **LEAVE,
    },
    State.WAYS: {
        e.WayChosen: Choice(
            "way",
            (State.CONSENT, State.FACE, State.PIN, State.CARD, State.WITNESS, State.TICKET,
             State.WAYS),
        ),
        e.WentBack: BEFORE_IDENTITY,
        e.ServicesChanged: SAME,
        **LEAVE,
        **SWAPPED,
    },
    State.PIN: {
        e.SecretEntered: State.PIN,
        e.CodeAsked: State.PIN,
        e.CodeArrived: State.PIN,
        e.SecretJudged: Choice(
            "after_secret",
            (State.PIN, State.WITNESS, State.SERVICES, State.STAFF, *IDENTITY),
        ),
        e.CountdownEnded: SAME,
        e.WentBack: Choice("before_pin", (State.WAYS, State.ATTRACT)),
        e.Left: Choice("leaving", (State.THANKS, State.ATTRACT)),
        e.WaitedTooLong: State.STILL_THERE,
    },
    State.WITNESS: {
        e.Witnessed: IDENTITY_NEXT,
        e.WentBack: State.WAYS,
        **LEAVE,
    },
    State.TICKET: {
        **PRINTING,
        e.PapersCollected: Choice("ticket_collected", (State.TICKET, State.THANKS)),
        e.WaitedTooLong: Choice("ticket_left", (State.TICKET, State.STILL_THERE)),
    },
    State.QUESTION: {
        e.Answered: Choice("after_answer", TO_ANSWERS),
        e.PlacesTold: SAME,
        e.PersonAdded: State.QUESTION,
        e.PersonChanged: State.QUESTION,
        e.PersonRemoved: State.QUESTION,
        e.WentBack: Choice("before_question", (State.GUIDE, *TO_ANSWERS)),
        **LEAVE,
        **SWAPPED,
    },
    State.MATERIALS: {
        e.MaterialOpened: SAME,
        e.MissingAsked: SAME,
        e.EarlierFound: SAME,
        e.ServicesChanged: SAME,
        e.MaterialWayChosen: Choice(
            "after_material_way", (State.MATERIALS, State.SCAN, State.COMMITMENT)
        ),
        e.MaterialsConfirmed: Choice("after_materials", (State.MATERIALS, State.CHECK)),
        e.NoticeWanted: State.NOTICE,
        e.WentBack: Choice(
            "before_materials", (State.MATERIALS, State.QUESTION, State.GUIDE, State.CASE)
        ),
        **LEAVE,
        **SWAPPED,
    },
    State.SCAN: {
        e.PageHinted: SAME,
        e.PageCaptured: SAME,
        e.ScanFailed: SAME,
        e.PageKept: Choice("after_page", (State.SCAN, State.MATERIALS)),
        e.PageAgain: State.SCAN,
        e.PageLaid: State.SCAN,
        e.WentBack: State.MATERIALS,
        **LEAVE,
        **SWAPPED,
    },
    State.COMMITMENT: {
        e.TextAgreed: State.MATERIALS,
        e.TextDeclined: State.MATERIALS,
        e.WentBack: State.MATERIALS,
        **LEAVE,
        **SWAPPED,
    },
    State.NOTICE: {
        **PRINTING,
        e.PapersCollected: Choice("notice_collected", (State.NOTICE, State.THANKS)),
        e.WaitedTooLong: Choice("notice_left", (State.NOTICE, State.STILL_THERE)),
    },
    State.CHECK: {
        e.ChangeAsked: Choice("after_change", (State.QUESTION, State.MATERIALS)),
        e.AnswersConfirmed: Choice(
            "after_check", (State.SIGN, State.PAYMENT, State.SUBMITTING, State.MATERIALS)
        ),
        e.WentBack: Choice("before_check", (State.QUESTION, State.MATERIALS, State.GUIDE)),
        **LEAVE,
        **SWAPPED,
    },
    State.SIGN: {
        e.Signed: Choice("after_signing", (State.SIGN, State.PAYMENT, State.SUBMITTING)),
        e.SignatureDeclined: Choice("after_agreeing", (State.PAYMENT, State.SUBMITTING)),
        e.WentBack: State.CHECK,
        **LEAVE,
        **SWAPPED,
    },
    State.PAYMENT: {
        e.PaymentHeard: SAME,
        e.PaymentDeclined: SAME,
        e.PaymentResumed: SAME,
        e.PaymentAgain: State.PAYMENT,
        e.PaymentsMade: State.SUBMITTING,
        e.PaymentFailed: State.PROBLEM,
        e.PaymentAtDesk: Choice("instead_of_paying", (State.PAYMENT, State.TICKET)),
        e.WentBack: Choice("before_payment", (State.PAYMENT, State.CHECK)),
        e.Left: Choice("payment_given_up", (State.PAYMENT, State.THANKS)),
        e.WaitedTooLong: Choice("payment_left", (State.PAYMENT, State.STILL_THERE)),
    },
    State.SUBMITTING: {
        e.SubmissionProgressed: SAME,
        e.SubmissionEnded: State.PAPERS,
        e.SubmissionFailed: State.PROBLEM,
    },
    State.PAPERS: {
        **PRINTING,
        e.PapersCollected: Choice("papers_collected", (State.PAPERS, State.RATING, State.THANKS)),
        e.WaitedTooLong: Choice("papers_left", (State.PAPERS, State.STILL_THERE)),
    },
    State.RATING: {
        e.LevelChosen: State.RATING,
        e.Rated: State.THANKS,
        e.RatingSkipped: State.THANKS,
        e.CountdownEnded: State.THANKS,
        e.Left: State.THANKS,
    },
}  # fmt: skip
