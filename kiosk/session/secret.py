"""The steps of the PIN page: send a code, have a PIN or code judged, count down what must wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk import events as e
from kiosk.model import Member, SecretAnswer, SecretFault
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.timers import count_down
from kiosk.session.vault import Role
from kiosk.session.visit import Errand, Visit

SECONDS = 8.0  # that the fleet may take


async def mind_secret(
    terminal: Terminal, visit: Visit, tick: Callable[[int], None], post: Post
) -> None:
    """What the page's phase asks for: sending, checking, or waiting for a time to pass."""
    pin = visit.pin
    assert pin is not None
    if pin.phase == "sending":
        number = visit.answerable.number
        post(e.CodeArrived(await terminal.credentials.send_code(number, SECONDS)))
    elif pin.phase == "checking":
        post(await _judge(terminal, visit))
    elif pin.wait:
        await count_down(pin.wait, tick, post)


async def _judge(terminal: Terminal, visit: Visit) -> e.SecretJudged:
    assert visit.pin is not None
    secret, credentials = visit.vault.secret, terminal.credentials
    if visit.errand is not Errand.SERVICE:
        return await _judge_member(terminal, visit)
    if visit.pin.kind == "pin":
        number = visit.answerable.number
        return e.SecretJudged(await credentials.check_pin(number, secret, SECONDS))
    sent = visit.vault.sent
    if sent is None:
        return e.SecretJudged(SecretAnswer(SecretFault.EXPIRED))
    return e.SecretJudged(await credentials.check_code(sent.challenge, secret, SECONDS))


async def _judge_member(terminal: Terminal, visit: Visit) -> e.SecretJudged:
    role = Role.HELPER if visit.errand is Errand.WITNESS else Role.STAFF
    card = visit.vault.card(role)
    member: Member | None = terminal.roster.find(card.number) if card else None
    if member is None:
        return e.SecretJudged(SecretAnswer(SecretFault.WRONG))
    answer = await asyncio.to_thread(terminal.roster.check, member, visit.vault.secret)
    return e.SecretJudged(answer, member)
