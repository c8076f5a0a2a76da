"""Between camera and face's process, on the camera's thread: the mirror never waits for either."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from drivers.camera.grabber import Grabber
from drivers.camera.visit import Visit
from drivers.camera.wire import Mode
from drivers.face.desk import Desk
from drivers.face.matcher import Matcher, failed
from kiosk.model import FaceDecision, FaceFault, FaceHint

TICK_SECONDS = 0.1  # between looks whether the visit is over
LAST_SECONDS = 1.0  # after the deadline, for the process to say what it came to


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be compared. `challenges`: how many gestures are asked for."""

    portrait: bytes = field(repr=False)
    mode: Mode
    challenges: int


def watch(
    desk: Desk, person: Person, visit: Visit[FaceHint], grabber: Grabber, deadline: float
) -> FaceDecision | None:
    """From the first picture to the decision; None: no more pictures, or nobody waits any more.

    Whatever ends it, the process is gone afterwards.
    """
    matcher = desk.take()
    if matcher is None:
        return FaceDecision(FaceFault.NO_MODEL, desk.label)
    try:
        return _compare(matcher, person, visit, grabber, deadline)
    except OSError:  # no memory to share pictures in
        return FaceDecision(FaceFault.NO_MODEL, desk.label)
    finally:
        matcher.end()


def _compare(
    matcher: Matcher, person: Person, visit: Visit[FaceHint], grabber: Grabber, deadline: float
) -> FaceDecision | None:
    begun = False
    while not visit.over and not grabber.ended and time.monotonic() < deadline + LAST_SECONDS:
        _pass_on(grabber, visit, matcher if begun and matcher.idle else None)
        if begun:
            said = matcher.answer()
            if isinstance(said, FaceDecision):
                return _told(visit, said)
            if said is not None:
                visit.tell(said)
            continue
        pack = matcher.loaded()
        if pack is not None and pack.fault:
            return failed(pack)
        if pack is not None:
            seconds = deadline - time.monotonic()
            matcher.begin(person.portrait, person.mode, person.challenges, seconds)
            begun = True
    return None


def _pass_on(grabber: Grabber, visit: Visit[FaceHint], matcher: Matcher | None) -> None:
    """The next picture into the mirror, and to the process if it waits for one."""
    view = grabber.look(TICK_SECONDS)
    if view is None:
        return
    visit.show(view)
    still = grabber.still() if matcher is not None else None
    if matcher is not None and still is not None:
        matcher.offer(view, still)
        still.fill(0)
    view.fill(0)


def _told(visit: Visit[FaceHint], decision: FaceDecision) -> FaceDecision:
    if decision.matched:
        visit.tell(FaceHint.CAPTURED)
    return decision
