"""What runs while a state lasts: devices, network, clocks. One row per state."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from kiosk.session.appointment import ask_free, change_it
from kiosk.session.around_slip import print_slip
from kiosk.session.booking import ask_places, asks_places
from kiosk.session.card import await_card, read_card, watch_card
from kiosk.session.collection import collect_result, print_result
from kiosk.session.earlier import ask_archive
from kiosk.session.enquiry import look_up, scan_codes
from kiosk.session.errand import Purpose
from kiosk.session.face import capture_face, judge_face
from kiosk.session.notice import print_notice
from kiosk.session.pace import at_least
from kiosk.session.papers import print_papers, print_ticket
from kiosk.session.payment import take_payment
from kiosk.session.post import Post
from kiosk.session.scanning import scan_page
from kiosk.session.secret import mind_secret
from kiosk.session.staff import act
from kiosk.session.submit import submit_case
from kiosk.session.supplement_slip import print_supplement
from kiosk.session.supplement_step import hand_in
from kiosk.session.terminal import Terminal
from kiosk.session.timers import count_down
from kiosk.session.views_identity import documents
from kiosk.session.visit import Visit
from kiosk.view import State

Step = Callable[[], Coroutine[Any, Any, None]]
Tick = Callable[[int], None]

# Where a card that somebody puts down may be another person's.
_WATCHED = (
    State.SERVICES, State.GUIDE, State.CONSENT, State.WAYS, State.QUESTION, State.MATERIALS,
    State.SCAN, State.COMMITMENT, State.CHECK, State.SIGN, State.CASES, State.CASE_NUMBER,
    State.CASE_LIST, State.CASE, State.HOTLINE, State.COMPLAINT, State.COMPLAINT_CHECK,
    State.INFORMATION, State.ARTICLE, State.APPOINTMENT, State.APPOINTMENT_PLACE,
    State.APPOINTMENT_ASK,
)  # fmt: skip


def steps_of(state: State, terminal: Terminal, visit: Visit, tick: Tick, post: Post) -> list[Step]:
    """The first is the one that must not be cut off."""
    devices, limits = terminal.devices, terminal.limits
    readers = (devices.reader, devices.chip)

    def countdown(seconds: float) -> Step:
        return lambda: count_down(at_least(terminal, seconds), tick, post)

    if state in _WATCHED:
        known = visit.vault.numbers()
        watch: list[Step] = [lambda: watch_card(readers, known, post)] if known else []
        return [*_gathering(state, terminal, visit, post), *watch]
    table: dict[State, list[Step]] = {
        State.ATTRACT: [lambda: await_card(readers, post)],
        State.CARD: [lambda: _read(terminal, visit, post)],
        State.FACE: [
            lambda: _face(terminal, visit, post),
            lambda: count_down(int(limits.face), tick, None),
        ],
        State.PIN: [lambda: mind_secret(terminal, visit, tick, post)],
        State.TICKET: [lambda: print_ticket(terminal, visit, post)],
        State.NOTICE: [lambda: print_notice(terminal, visit, post)],
        State.PAYMENT: [lambda: take_payment(terminal, visit, post)],
        State.SUBMITTING: [lambda: _submit(terminal, visit, post)],
        State.PAPERS: [lambda: _papers(terminal, visit, post)],
        State.LOOKUP: [lambda: look_up(terminal, visit, post)],
        State.APPOINTMENT_ACT: [lambda: change_it(terminal, visit, post)],
        State.COLLECTING: [lambda: collect_result(terminal, visit, post)],
        State.SLIP: [lambda: print_slip(terminal, visit, post)],
        State.RATING: [countdown(limits.rating)],
        State.THANKS: [countdown(limits.thanks)],
        State.PROBLEM: [countdown(limits.problem)],
        State.STILL_THERE: [countdown(limits.still_there)],
        State.STAFF: [lambda: act(terminal, visit, post)],
    }
    return table.get(state, [])


def _gathering(state: State, terminal: Terminal, visit: Visit, post: Post) -> list[Step]:
    if state is State.QUESTION and asks_places(terminal, visit):
        return [lambda: ask_places(terminal, visit, post)]
    if state is State.APPOINTMENT_PLACE:
        return [lambda: ask_free(terminal, visit, post)]
    if state is State.CASES:
        return [lambda: scan_codes(terminal, post)]
    if state is State.SCAN:
        return [lambda: scan_page(terminal, visit, post)]
    asks = state is State.MATERIALS and terminal.archive is not None and visit.vault.filed is None
    return [lambda: ask_archive(terminal, visit, post)] if asks else []


async def _read(terminal: Terminal, visit: Visit, post: Post) -> None:
    devices, item = terminal.devices, visit.item
    expired = item is not None and item.expired_card
    await read_card((devices.reader, devices.chip), documents(visit), post, expired=expired)


async def _submit(terminal: Terminal, visit: Visit, post: Post) -> None:
    later = visit.around.supplement is not None
    await (hand_in if later else submit_case)(terminal, visit, post)


_PAPERS = {Purpose.COLLECT: print_result, Purpose.SUPPLEMENT: print_supplement}


async def _papers(terminal: Terminal, visit: Visit, post: Post) -> None:
    await _PAPERS.get(visit.around.purpose, print_papers)(terminal, visit, post)


async def _face(terminal: Terminal, visit: Visit, post: Post) -> None:
    camera, person, seconds = terminal.devices.camera, visit.subject, terminal.limits.face
    if person.comparable:
        await judge_face(camera, person.card.photo, seconds, post)
    else:
        await capture_face(camera, seconds, post)
