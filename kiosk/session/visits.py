"""Begin and end of a visit, each on record in the journal."""

from __future__ import annotations

import time

from kiosk import events as e
from kiosk.model import Language
from kiosk.session.payment import let_go
from kiosk.session.terminal import Terminal
from kiosk.session.vault import Role, Vault
from kiosk.session.visit import Visit
from kiosk.view import State

_UNRECORDED = (State.ATTRACT, State.OUT_OF_SERVICE, State.PRACTICE_END)
_OPENING = (
    e.Touched, e.ServiceChosen, e.CardFound, e.StaffEntered, e.EnquiryOpened, e.ComplaintOpened,
    e.InformationOpened,
)  # fmt: skip


def blank(terminal: Terminal, language: Language | None = None) -> Visit:
    """Of nobody yet."""
    return Visit(language or terminal.place.language, Vault(terminal.devices.frames))


def begin(terminal: Terminal, language: Language) -> Visit:
    visit = blank(terminal, language)
    visit.intent = terminal.journal.begin("session", {"language": str(language)}, visit.id)
    return visit


def opened(terminal: Terminal, visit: Visit, state: State, event: e.Event) -> Visit | None:
    """The visit that this event begins, if it does. One that is practised is in no journal, and
    what comes after it is another one."""
    practised = isinstance(event, e.PracticeOpened)
    if not practised and not (state in _UNRECORDED and isinstance(event, _OPENING)):
        return None
    visit.vault.wipe()
    return (blank if practised else begin)(terminal, visit.language)


def end(terminal: Terminal, visit: Visit) -> None:
    """Wipe first, then put the erasure on record: how many things of each kind there were."""
    try:
        let_go(terminal, visit)
    finally:
        wiped = visit.vault.wipe()
    if visit.intent is not None:
        seconds = round(time.monotonic() - visit.started)
        data = {"reason": visit.outcome, "wiped": wiped, "seconds": seconds}
        terminal.journal.end(visit.intent, data)


def follow(terminal: Terminal, visit: Visit) -> Visit:
    """One for the next citizen, of which only the helper is known."""
    helper, card = visit.helper, visit.vault.people.get(Role.HELPER)
    end(terminal, visit)
    new = begin(terminal, visit.language)
    new.helper = helper
    if card is not None:
        new.vault.people[Role.HELPER] = card
    return new
