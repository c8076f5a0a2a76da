"""What corrections (补正), promised materials (容缺) and special procedures do to a case."""

from __future__ import annotations

from dataclasses import replace

from fleet.handling import events as e
from fleet.handling.draft import Draft
from fleet.handling.states import NOT_SUPPLEMENTED, Notice, Refusal
from kiosk.services.calendar import china_day


def asked(draft: Draft, event: e.Asked) -> Refusal | None:
    if event.step in draft.notices:
        return Refusal.ONE_NOTICE
    if draft.plan.materials and not set(event.missing) <= set(draft.plan.materials):
        return Refusal.UNKNOWN_MATERIAL
    step = draft.startable(event.step)
    if isinstance(step, Refusal):
        return step
    if draft.ended_at is not None:
        return Refusal.CASE_ENDED
    at = draft.effective(step, event.at)
    due = draft.calendar.after(china_day(at), event.days or draft.plan.correction_day)
    draft.persons[step.code] = event.person
    draft.notices[step.code] = Notice(step.code, tuple(dict.fromkeys(event.missing)), at, due)
    return None


def supplemented(draft: Draft, event: e.Supplemented) -> Refusal | None:
    if not event.step:
        return _promise_kept(draft, event)
    notice = _notice(draft, event.step)
    if isinstance(notice, Refusal):
        return notice
    fresh = set(event.materials) & set(notice.missing) - notice.given
    if not fresh:
        return Refusal.NOTHING_ASKED
    draft.notices[event.step] = notice = replace(notice, given=notice.given | fresh)
    if notice.given == set(notice.missing):
        draft.answer(event.step, event.at)
    return None


def _promise_kept(draft: Draft, event: e.Supplemented) -> Refusal | None:
    wanted = [draft.promised[code] for code in event.materials if code in draft.promised]
    fresh = [one for one in wanted if one.came_at is None]
    if not fresh:
        return Refusal.NOTHING_ASKED
    if draft.rejected:
        return Refusal.CASE_ENDED
    for one in fresh:
        draft.promised[one.material] = replace(one, came_at=event.at)
    return None


def correction_lapsed(draft: Draft, event: e.CorrectionLapsed) -> Refusal | None:
    notice = _notice(draft, event.step)
    if isinstance(notice, Refusal):
        return notice
    draft.notices[event.step] = replace(notice, lapsed_at=event.at)
    draft.reject(event.at, NOT_SUPPLEMENTED)
    return None


def _notice(draft: Draft, step: str) -> Notice | Refusal:
    """The open notice of a step."""
    if draft.plan.step(step) is None:
        return Refusal.UNKNOWN_STEP
    notice = draft.notices.get(step)
    if notice is None:
        return Refusal.EARLY
    if notice.lapsed_at is not None:
        return Refusal.TOO_LATE
    if notice.answered_at is not None:
        return Refusal.ALREADY_ENDED
    return notice if draft.ended_at is None else Refusal.CASE_ENDED


def promise_lapsed(draft: Draft, event: e.PromiseLapsed) -> Refusal | None:
    known = draft.promised.get(event.material)
    if known is None:
        return Refusal.UNKNOWN_MATERIAL
    if known.came_at is not None or known.lapsed_at is not None:
        return Refusal.ALREADY_ENDED
    if draft.rejected:
        return Refusal.CASE_ENDED
    draft.promised[event.material] = replace(known, lapsed_at=event.at)
    return None


def paused(draft: Draft, event: e.Paused) -> Refusal | None:
    if event.name in draft.pauses:
        return Refusal.ALREADY_ENDED
    if draft.ended_at is not None:
        return Refusal.CASE_ENDED
    draft.pauses[event.name] = (event.at, None)
    return None


def resumed(draft: Draft, event: e.Resumed) -> Refusal | None:
    if event.name not in draft.pauses:
        return Refusal.EARLY
    begin, end = draft.pauses[event.name]
    if end is not None:
        return Refusal.ALREADY_ENDED
    draft.pauses[event.name] = (begin, max(begin, event.at))
    return None
