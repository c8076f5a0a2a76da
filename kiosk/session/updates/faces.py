"""Consent to the camera, and what came of it."""

from __future__ import annotations

from kiosk import events as e
from kiosk.model import (
    FaceDecision,
    FaceFault,
)
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Proof, Role
from kiosk.session.visit import Problem, Visit
from kiosk.view import State

# A face can't be asked for again after these.
_NO_FACE = (FaceFault.NO_CAMERA, FaceFault.NO_MODEL, FaceFault.NO_PORTRAIT)


def consent_given(terminal: Terminal, visit: Visit, _event: e.ConsentGiven) -> None:
    visit.subject.consent = True
    _note_consent(terminal, visit, given=True)


def consent_refused(terminal: Terminal, visit: Visit, _event: e.ConsentRefused) -> None:
    visit.subject.consent = False
    visit.ways_reason = "refused"
    _note_consent(terminal, visit, given=False)


def _note_consent(terminal: Terminal, visit: Visit, *, given: bool) -> None:
    guardian = visit.vault.card(Role.GUARDIAN) is not None and visit.turn is Role.APPLICANT
    data = {"role": visit.turn, "given": given, "by": "guardian" if guardian else "self"}
    terminal.journal.append("consent.face", data, visit.id)


def face_hinted(_terminal: Terminal, visit: Visit, event: e.FaceHinted) -> None:
    visit.face_hint = event.hint


def face_captured(terminal: Terminal, visit: Visit, _event: e.FaceCaptured) -> None:
    """Nothing compares it, so nothing keeps it: the picture ends here."""
    role = visit.turn
    visit.subject.proof = Proof.CAPTURED
    data = {"role": role, "outcome": str(Proof.CAPTURED)}
    terminal.journal.append("identity.face", data, visit.id)


def face_failed(terminal: Terminal, visit: Visit, event: e.FaceFailed) -> None:
    _face_went_wrong(terminal, visit, FaceDecision(event.fault))


def face_judged(terminal: Terminal, visit: Visit, event: e.FaceJudged) -> None:
    visit.problem = None
    if event.decision.fault is not None:
        _face_went_wrong(terminal, visit, event.decision)
        return
    _note_face(terminal, visit, event.decision)
    visit.subject.proof = Proof.FACE


def _face_went_wrong(terminal: Terminal, visit: Visit, decision: FaceDecision) -> None:
    """A reason and a hint; after so many tries the other ways. It never ends a visit."""
    assert decision.fault is not None
    person, limit = visit.subject, terminal.limits.face_tries
    person.face_tries += 1
    _note_face(terminal, visit, decision)
    left = limit - person.face_tries
    if decision.fault in _NO_FACE:
        person.no_face, left = str(decision.fault), 0
    elif left <= 0:
        person.no_face = "tries"
    visit.ways_reason = person.no_face or "chosen"
    code = f"face.{decision.fault}"
    visit.problem = Problem(code, "again", State.FACE, other_ways=True, tries_left=left)
    if left <= 0:
        visit.problem = Problem(code, "other_ways", State.WAYS)
        visit.problem.other_ways = False


def _note_face(terminal: Terminal, visit: Visit, decision: FaceDecision) -> None:
    """What was decided, by what, at which threshold; never a picture."""
    data = {
        "role": visit.turn,
        "outcome": str(decision.fault or "matched"),
        "try": visit.subject.face_tries + (decision.fault is None),
        "model": decision.model,
        "score": decision.score,
        "threshold": decision.threshold,
        "liveness": decision.liveness,
        "liveness_threshold": decision.liveness_threshold,
        "challenges": list(decision.challenges),
    }
    terminal.journal.append("identity.face", data, visit.id)
