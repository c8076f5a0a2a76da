"""A whole verification, picture by picture: who passes, who does not, and with which word.

The clock is ours, the pictures and networks are real.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from drivers.camera.ring import Picture
from drivers.face.challenge import GESTURES, draw
from drivers.face.portrait import portrait_vector
from drivers.face.verification import Verification
from facework import (
    FARTHEST,
    STRAIGHT,
    Person,
    Sensor,
    bent,
    beside,
    found,
    loaded,
    portrait,
    print_of,
    standing,
    tilted,
    with_glasses,
    with_mask,
)
from kiosk.model import FaceDecision, FaceFault, FaceHint

FRAME_SECONDS = 0.1  # a slow machine; a fast one sees fifteen a second
SECONDS = 30.0
CARD = {
    "obama": "obama2",
    "obama3": "obama",
    "biden2": "biden",
    "biden": "biden2",
    "astronaut": "astronaut",
}


class Visit:
    """`look`: what the camera sees at a time; `told`: who hears the hints."""

    def __init__(self, card: str, challenges: int = 1, seconds: float = SECONDS) -> None:
        self.now = 1000.0
        vector = portrait_vector(loaded(), portrait(card))
        assert vector is not None
        self._face = Verification(loaded(), vector, challenges, self.now + seconds)
        self.hints: list[FaceHint] = []
        self._sensor = Sensor(11)

    def of(
        self, look: Callable[[], Picture], told: Callable[[FaceHint], object] = lambda _hint: None
    ) -> FaceDecision:
        while True:
            picture = self._sensor.see(look())
            said = self._face.offer(picture, picture, self.now)
            if isinstance(said, FaceDecision):
                return said
            if not self.hints or self.hints[-1] is not said:
                self.hints.append(said)
                told(said)
            self.now += FRAME_SECONDS

    def by(self, person: Person) -> FaceDecision:
        return self.of(person.picture, person.told)

    def person(
        self, name: str, obey: Callable[[FaceHint], FaceHint | None] = lambda hint: hint
    ) -> Person:
        return Person(name, obey, lambda: self.now)


# ---- Who passes ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("challenges", [1, 2])
def test_who_is_alive_and_on_the_card_passes(name: str, challenges: int) -> None:
    visit = Visit(CARD[name], challenges)
    decision = visit.by(visit.person(name))
    assert decision.fault is None
    assert decision.matched
    assert decision.model == "yunet-mobilefacenet 2023.1"
    assert decision.threshold == 0.40
    assert 0.40 <= (decision.score or 0) <= 1
    assert decision.liveness_threshold == 0.5
    assert 0.5 <= (decision.liveness or 0) <= 1
    asked = [hint for hint in visit.hints if hint in GESTURES]
    assert list(decision.challenges) == asked
    assert len(asked) == len(set(asked)) == challenges
    assert visit.hints[-1] is FaceHint.COMPARING


@pytest.mark.parametrize("hint", FARTHEST)
def test_each_gesture_can_be_asked_and_done(
    hint: FaceHint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.face.verification.draw", lambda _count: [hint])
    visit = Visit("obama2")
    decision = visit.by(visit.person("obama"))
    assert decision.fault is None
    assert decision.challenges == (hint,)


def test_gestures_are_drawn_evenly_and_never_twice() -> None:
    drawn = [draw(2) for _ in range(600)]
    assert all(len(set(pair)) == 2 for pair in drawn)
    for hint in GESTURES:
        assert 140 < sum(pair[0] is hint for pair in drawn) < 260
    assert [len(draw(count)) for count in (1, 2, 3)] == [1, 2, 3]


def test_blinking_is_never_asked_for() -> None:
    """The five points of this detector tell nothing of eyelids: see docs/faces.md."""
    assert FaceHint.BLINK not in GESTURES


# ---- Who does not ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", STRAIGHT)
def test_another_than_on_the_card_is_not_matched_and_not_even_challenged(name: str) -> None:
    visit = Visit("astronaut" if name != "astronaut" else "biden")
    decision = visit.by(visit.person(name))
    assert decision.fault is FaceFault.NOT_MATCHED
    assert (decision.score or 0) < 0.40
    assert not set(visit.hints) & set(GESTURES)


@pytest.mark.parametrize("name", STRAIGHT)
@pytest.mark.parametrize("share", [0.75, 0.9])
def test_a_print_that_is_held_up_is_not_live(name: str, share: float) -> None:
    visit = Visit(CARD[name])
    picture = print_of(name, share)
    decision = visit.of(lambda: picture)
    assert decision.fault is FaceFault.NOT_LIVE
    assert (decision.liveness or 0) < 0.5
    assert not set(visit.hints) & set(GESTURES)


def swung(name: str, bend: bool) -> Callable[[Visit], Callable[[], Picture]]:
    """A picture without a border, moved every way that a hand can."""

    def play(visit: Visit) -> Callable[[], Picture]:
        picture = standing(name)
        face = found(picture)

        def look() -> Picture:
            if not set(visit.hints) & set(GESTURES):
                return picture
            beat = np.sin(2.0 * visit.now), np.sin(2.9 * visit.now), np.sin(1.3 * visit.now)
            if bend:
                return bent(picture, face, 2.5, float(35 * beat[0]))
            return tilted(picture, *(float(limit * way) for limit, way in
                                     zip((38, 34, 15), beat, strict=True)))  # fmt: skip

        return look

    return play


@pytest.mark.parametrize("name", ["obama", "biden2", "astronaut"])
@pytest.mark.parametrize("bend", [False, True], ids=["flat", "bent"])
def test_a_picture_that_fills_the_view_meets_no_challenge(name: str, bend: bool) -> None:
    visit = Visit(CARD[name])
    decision = visit.of(swung(name, bend)(visit))
    assert set(visit.hints) & set(GESTURES)
    assert decision.fault in {FaceFault.NOT_DONE, FaceFault.NOT_LIVE, FaceFault.CHANGED}
    assert decision.challenges == ()


def test_who_does_nothing_is_told_so_in_time() -> None:
    visit = Visit("obama2")
    decision = visit.of(lambda: standing("obama"))
    assert decision.fault is FaceFault.NOT_DONE
    assert decision.challenges == ()
    assert visit.now - 1000 < 15


@pytest.mark.parametrize("name", ["obama", "biden2"])
def test_who_does_something_else_is_asked_once_more_and_not_again(name: str) -> None:
    others = {
        FaceHint.TURN_LEFT: FaceHint.TURN_RIGHT,
        FaceHint.TURN_RIGHT: FaceHint.NOD,
        FaceHint.NOD: FaceHint.TURN_LEFT,
    }
    visit = Visit(CARD[name])
    decision = visit.by(visit.person(name, others.__getitem__))
    asked = [hint for hint in visit.hints if hint in GESTURES]
    assert decision.fault is FaceFault.NOT_DONE
    assert len(asked) == 2
    assert asked[0] is asked[1]  # a new draw would make it easier for a film


def test_the_other_side_is_not_this_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's own left, in a picture that is not mirrored."""
    monkeypatch.setattr("drivers.face.verification.draw", lambda _count: [FaceHint.TURN_LEFT])
    visit = Visit("obama2")
    decision = visit.by(visit.person("obama", lambda _hint: FaceHint.TURN_RIGHT))
    assert decision.fault is FaceFault.NOT_DONE


# ---- Somebody else steps in ------------------------------------------------------------------


def stepping_in(visit: Visit, first: str, second: str, when: Callable[[], bool]) -> FaceDecision:
    """The second takes the first one's place, and does what is asked for."""
    person, gone = visit.person(first), False

    def look() -> Picture:
        nonlocal gone
        if not gone and when():
            gone = True
            person.steps_in(second)
        return person.picture()

    return visit.of(look, person.told)


def asked(visit: Visit) -> bool:
    return bool(set(visit.hints) & set(GESTURES))


def test_who_takes_the_place_while_it_is_looked_is_noticed() -> None:
    visit = Visit("obama2")
    held = iter(range(100))
    decision = stepping_in(visit, "obama", "biden2", lambda: next(held) >= 4)
    assert decision.fault is FaceFault.CHANGED


def test_who_takes_the_place_for_the_gesture_is_noticed() -> None:
    """A borrowed picture to be matched, an own head to be alive."""
    visit = Visit("obama2")
    decision = stepping_in(visit, "obama", "biden2", lambda: asked(visit))
    assert decision.fault is FaceFault.CHANGED
    assert decision.challenges == ()


def test_who_takes_the_place_after_the_gesture_is_noticed() -> None:
    visit = Visit("obama2")
    decision = stepping_in(
        visit, "obama", "biden2",
        lambda: asked(visit) and visit.hints[-1] is FaceHint.STRAIGHT,
    )  # fmt: skip
    assert decision.fault is FaceFault.CHANGED


def test_who_leaves_and_comes_back_begins_anew_and_passes() -> None:
    visit = Visit("obama2")
    person, left_at = visit.person("obama"), 0.0

    def look() -> Picture:
        nonlocal left_at
        if asked(visit) and not left_at:
            left_at = visit.now
        away = left_at and visit.now < left_at + 3
        return np.full_like(standing("obama"), 150) if away else person.picture()

    decision = visit.of(look, person.told)
    assert decision.fault is None
    assert FaceHint.SEARCHING in visit.hints[1:]
    assert {hint for hint in visit.hints if hint in GESTURES} == set(decision.challenges)


def test_left_and_right_may_be_mixed_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.face.verification.draw", lambda _count: [FaceHint.TURN_LEFT])
    visit = Visit("obama2")
    ways = iter([FaceHint.TURN_RIGHT, FaceHint.TURN_LEFT])
    decision = visit.by(visit.person("obama", lambda _hint: next(ways)))
    assert decision.fault is None
    assert visit.hints.count(FaceHint.TURN_LEFT) == 2


def test_time_that_ends_in_the_last_look_is_no_undone_gesture() -> None:
    visit = Visit("obama2", seconds=20)
    person = visit.person("obama")

    def look() -> Picture:
        done = asked(visit) and visit.hints[-1] is FaceHint.STRAIGHT
        hides = done or FaceHint.UNCOVER in visit.hints
        return with_glasses(standing("obama")) if hides else person.picture()

    decision = visit.of(look, person.told)
    assert decision.fault is FaceFault.TIMED_OUT
    assert len(decision.challenges) == 1


def test_who_leaves_again_and_again_is_sent_away() -> None:
    visit = Visit("obama2")

    def look() -> Picture:
        away = (visit.now - 1000) % 4 > 1.5
        return np.full_like(standing("obama"), 150) if away else standing("obama")

    assert visit.of(look).fault is FaceFault.CHANGED


def test_a_second_face_interrupts_the_gesture_but_does_not_end_it() -> None:
    visit = Visit("obama2")
    person, until = visit.person("obama"), 0.0

    def look() -> Picture:
        nonlocal until
        if asked(visit) and not until:
            until = visit.now + 1.5
        if until and visit.now < until:
            return beside(standing("obama"), standing("biden2"))
        return person.picture()

    decision = visit.of(look, person.told)
    assert FaceHint.ONE_PERSON in visit.hints
    assert decision.fault is None


# ---- Never well framed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        (lambda: np.full_like(standing("obama"), 150), FaceHint.SEARCHING),
        (lambda: np.asarray(standing("obama") * 0.15, np.uint8), FaceHint.TOO_DARK),
        (lambda: beside(standing("obama"), standing("biden2")), FaceHint.ONE_PERSON),
        (lambda: with_glasses(standing("obama")), FaceHint.UNCOVER),
        (lambda: with_mask(standing("obama")), FaceHint.UNCOVER),
        (lambda: standing("obama", share=0.15), FaceHint.CLOSER),
    ],
    ids=["nobody", "darkness", "two faces", "sunglasses", "mask", "far away"],
)
def test_who_is_never_well_framed_times_out_and_was_told_why(
    picture: Callable[[], Picture], hint: FaceHint
) -> None:
    visit = Visit("obama2", seconds=5)
    seen = picture()
    decision = visit.of(lambda: seen)
    assert decision == FaceDecision(
        FaceFault.TIMED_OUT, "yunet-mobilefacenet 2023.1", None, 0.40, None, 0.5
    )
    assert set(visit.hints) <= {FaceHint.SEARCHING, hint}
    assert 5 <= visit.now - 1000 < 5 + 2 * FRAME_SECONDS
