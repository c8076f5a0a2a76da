"""The real driver: a real stream of real faces, compared in a real process of its own."""

from __future__ import annotations

import asyncio
import os
import struct
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from drivers.camera.ring import Picture
from drivers.face import matcher as matchers
from facevisits import BOUND, CAMERA, CHILD, Visit, acted, gone, processes, shared
from facework import (
    FARTHEST,
    Person,
    beside,
    encoded,
    portrait,
    print_of,
    standing,
    with_glasses,
)
from kiosk.model import FaceFault, FaceHint

# A BMP's head that announces 20,000 x 20,000 pixels, and some of them.
ABSURD = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 1_200_000_054, 0, 0, 54, 40, 20_000, 20_000, 1,
                     24, 0, 1_200_000_000, 0, 0, 0, 0) + bytes(range(256)) * 20  # fmt: skip


LABEL = "yunet-mobilefacenet 2023.1"


pytestmark = pytest.mark.timeout(180)


# ---- Well ------------------------------------------------------------------------------------


async def test_a_living_person_is_matched_with_the_cards_portrait(obama: Visit) -> None:
    decision = await obama.verify()
    assert decision.fault is None
    assert (decision.model, decision.threshold, decision.liveness_threshold) == (LABEL, 0.4, 0.5)
    assert (decision.score or 0) > 0.4
    assert (decision.liveness or 0) > 0.5
    assert len(decision.challenges) == 1
    assert obama.hints[-2:] == [FaceHint.COMPARING, FaceHint.CAPTURED]
    assert decision.challenges[0] in obama.hints
    assert obama.threads == {threading.get_ident()}
    assert all(a is not b for a, b in zip(obama.hints, obama.hints[1:], strict=False))


async def test_two_gestures_are_asked_where_the_settings_say_so(
    before: Callable[..., Visit],
) -> None:
    visit = acted(before, Person("obama"), challenges=2)
    decision = await visit.verify()
    assert decision.fault is None
    assert len(decision.challenges) == 2


async def test_of_a_large_picture_the_face_is_compared_in_full(
    before: Callable[..., Visit],
) -> None:
    large = standing("obama", (1280, 720))
    visit = before(lambda: large, width=427, height=240)
    running = asyncio.create_task(visit.verify())
    await visit.wait_for(*FARTHEST)  # it has been compared by then
    _, frame = visit.slot.newest()
    assert frame is not None
    assert frame[:2] == (427, 240)
    running.cancel()


async def test_nothing_is_left_when_it_is_over(obama: Visit) -> None:
    await obama.verify()
    assert obama.slot.newest()[1] is None
    assert processes(CHILD) == []
    assert shared() == []


async def test_the_mirror_goes_on_while_the_face_is_compared(obama: Visit) -> None:
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    seen, begun = {obama.slot.newest()[0]}, time.monotonic()
    while not running.done():
        seen.add(obama.slot.newest()[0])
        await asyncio.sleep(0.005)
    rate = len(seen) / (time.monotonic() - begun)
    assert (await running).fault is None
    assert rate > 5  # 15 where nothing else runs: see the bench


async def test_the_loop_is_free_meanwhile(obama: Visit) -> None:
    running = asyncio.create_task(obama.verify())
    turns = 0
    while not running.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await running).fault is None
    assert turns > 1000


async def test_pictures_are_overwritten_before_they_are_dropped(
    obama: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Picture] = []
    ours = matchers.Matcher.offer

    def offer(self: matchers.Matcher, view: Picture, still: Picture) -> None:
        assert view.any()
        kept.extend((view, still))
        ours(self, view, still)

    monkeypatch.setattr(matchers.Matcher, "offer", offer)
    assert (await obama.verify()).fault is None
    assert len(kept) > 10
    assert not any(picture.any() for picture in kept)


def content(handle: int) -> int:
    size = os.fstat(handle).st_size
    return int(np.count_nonzero(np.frombuffer(os.pread(handle, size, 0), np.uint8)))


async def test_what_was_shared_is_overwritten(obama: Visit) -> None:
    running = asyncio.create_task(obama.verify())
    await obama.wait_for(FaceHint.HOLD_STILL)
    kept = [os.dup(handle) for handle in shared()]
    assert len(kept) == 5  # two for each ring, one for the portrait
    assert all(content(handle) > 1000 for handle in kept)
    await running
    await gone(CHILD, CAMERA)
    async with asyncio.timeout(BOUND):
        while any(content(handle) for handle in kept):
            await asyncio.sleep(0.02)
    for handle in kept:
        os.close(handle)


# ---- Who does not pass -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "card", "fault"),
    [
        (lambda: standing("obama"), "biden", FaceFault.NOT_MATCHED),
        (lambda: print_of("obama"), "obama2", FaceFault.NOT_LIVE),
        (lambda: standing("obama"), "obama2", FaceFault.NOT_DONE),
    ],
    ids=["another", "a print", "who does nothing"],
)
async def test_who_does_not_pass_is_told_why(
    before: Callable[..., Visit], look: Callable[[], Picture], card: str, fault: FaceFault
) -> None:
    picture = look()
    visit = before(lambda: picture)
    decision = await visit.verify(portrait(card))
    assert decision.fault is fault
    assert not decision.matched
    assert FaceHint.CAPTURED not in visit.hints
    assert processes(CHILD) == []


@pytest.mark.parametrize(
    ("look", "hint"),
    [
        (lambda: np.full_like(standing("obama"), 150), FaceHint.SEARCHING),
        (lambda: np.asarray(standing("obama") * 0.15, np.uint8), FaceHint.TOO_DARK),
        (lambda: beside(standing("obama"), standing("biden2")), FaceHint.ONE_PERSON),
        (lambda: with_glasses(standing("obama")), FaceHint.UNCOVER),
    ],
    ids=["nobody", "darkness", "two faces", "sunglasses"],
)
async def test_who_is_never_well_framed_times_out(
    before: Callable[..., Visit], look: Callable[[], Picture], hint: FaceHint
) -> None:
    picture = look()
    visit = before(lambda: picture)
    running = asyncio.create_task(visit.verify(seconds=60))
    await visit.wait_for(hint)
    running.cancel()
    begun = time.monotonic()
    assert (await visit.verify(seconds=3)).fault is FaceFault.TIMED_OUT
    assert time.monotonic() - begun < 3 + BOUND / 2


async def test_another_person_steps_in(before: Callable[..., Visit]) -> None:
    person = Person("obama")
    visit = acted(before, person)
    visit.hears = lambda hint: person.steps_in("biden2") if hint in FARTHEST else None
    assert (await visit.verify()).fault is FaceFault.CHANGED


@pytest.mark.parametrize(
    "file",
    [b"", b"\xff\xd8\xff", encoded(np.full((126, 102, 3), 90, np.uint8)), bytes(5 << 20), ABSURD],
    ids=["none", "no picture", "no face", "too large", "absurd"],
)
async def test_a_portrait_without_a_face_is_told(obama: Visit, file: bytes) -> None:
    decision = await obama.verify(file)
    assert (decision.fault, decision.model) == (FaceFault.NO_PORTRAIT, LABEL)
