"""Other ways to be identified: codes, PINs, a helper, the desk."""

from __future__ import annotations

from kiosk import events as e
from kiosk.model import (
    CodeSent,
    SecretFault,
    StaffRole,
)
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Proof, Role
from kiosk.session.visit import Errand, PinEntry, Visit

_PROOFS = {"code": Proof.CODE, "pin": Proof.PIN}


def way_chosen(terminal: Terminal, visit: Visit, event: e.WayChosen) -> None:
    visit.errand, visit.pin, visit.ticket, visit.witness = Errand.SERVICE, None, "", None
    terminal.journal.append("identity.way", {"role": visit.turn, "way": event.way}, visit.id)
    match event.way:
        case "face":
            if visit.subject.consent is False:
                visit.subject.consent = None
        case "code":
            visit.pin = PinEntry("code", "sending")
        case "pin":
            visit.pin = PinEntry("pin")
        case "helper":
            visit.errand, visit.witness = Errand.WITNESS, visit.helper
        case "desk":
            visit.ticket = terminal.next_ticket()
            visit.outcome = "ticket"


def other_ways_asked(_terminal: Terminal, visit: Visit, _event: e.OtherWaysAsked) -> None:
    visit.ways_reason = "chosen"


def witnessed(terminal: Terminal, visit: Visit, event: e.Witnessed) -> None:
    assert visit.witness is not None
    visit.errand = Errand.SERVICE
    data = {"role": visit.turn, "staff": visit.witness.id, "agreed": event.agreed}
    terminal.journal.append("identity.witness", data, visit.id)
    if event.agreed:
        visit.subject.proof = Proof.WITNESS
        return
    visit.subject.consent, visit.ways_reason = False, "not_agreed"
    visit.witness = None


def secret_entered(_terminal: Terminal, visit: Visit, event: e.SecretEntered) -> None:
    assert visit.pin is not None
    visit.vault.secret = event.value
    visit.pin.phase, visit.pin.error = "checking", ""


def code_asked(_terminal: Terminal, visit: Visit, _event: e.CodeAsked) -> None:
    visit.pin = PinEntry("code", "sending")


def code_arrived(terminal: Terminal, visit: Visit, event: e.CodeArrived) -> None:
    pin, sent = visit.pin, event.outcome
    assert pin is not None
    if isinstance(sent, CodeSent):
        visit.vault.sent = sent
        pin.phase, pin.wait = "waiting", sent.again
        outcome = "sent"
    else:
        pin.phase, pin.error, outcome = "failed", f"error.secret.{sent.fault}", str(sent.fault)
        pin.wait = sent.wait
        if sent.fault is SecretFault.NOT_REGISTERED:
            visit.subject.not_registered.add("code")
    terminal.journal.append("identity.code", {"role": visit.turn, "outcome": outcome}, visit.id)


def secret_judged(terminal: Terminal, visit: Visit, event: e.SecretJudged) -> None:
    pin, answer = visit.pin, event.answer
    assert pin is not None
    visit.vault.secret = ""
    if visit.errand is not Errand.SERVICE:
        _note_staff(terminal, visit, event)
    else:
        data = {"role": visit.turn, "outcome": str(answer.fault or "right")}
        terminal.journal.append(f"identity.{pin.kind}", data, visit.id)
    if answer.fault is None:
        visit.pin, visit.vault.sent = None, None
        _secret_right(visit, pin.kind, event)
        return
    pin.error, pin.tries_left = f"error.secret.{answer.fault}", answer.tries_left
    pin.phase, pin.wait, pin.again = "waiting", answer.wait, False
    if answer.fault is SecretFault.LOCKED:
        pin.phase = "locked"
    if answer.fault is SecretFault.NOT_REGISTERED:
        pin.phase = "failed"
        visit.subject.not_registered.add(pin.kind)
    if answer.fault is SecretFault.EXPIRED:
        pin.phase, pin.again = "failed", True


def _secret_right(visit: Visit, kind: str, event: e.SecretJudged) -> None:
    if visit.errand is Errand.SERVICE:
        visit.subject.proof = _PROOFS[kind]
        return
    assert event.member is not None
    if visit.errand is Errand.WITNESS:
        return
    visit.errand = Errand.SERVICE
    card = visit.vault.people.pop(Role.STAFF)
    if event.member.role is StaffRole.HELPER:
        visit.helper = event.member
        visit.vault.people[Role.HELPER] = card
    else:
        visit.staff = event.member


def _note_staff(terminal: Terminal, visit: Visit, event: e.SecretJudged) -> None:
    member = event.member
    data = {
        "staff": member.id if member else "",
        "role": str(member.role) if member else "",
        "act": "sign_in" if event.answer.fault is None else f"refused_{event.answer.fault}",
    }
    terminal.journal.append("staff", data, visit.id)


def countdown_ended(_terminal: Terminal, visit: Visit, _event: e.CountdownEnded) -> None:
    """On the PIN page: a lock is over, or another code may be asked for."""
    if visit.pin is None:
        return
    if visit.pin.phase == "locked":
        visit.pin.phase, visit.pin.error = "waiting", ""
    visit.pin.again = visit.pin.kind == "code"
    visit.pin.wait = 0
