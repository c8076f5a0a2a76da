"""One person before the camera, from the first picture to the decision. Pictures in, hints out.

It looks at the face, has it do what was drawn by lot, looks again, and decides over all looks:

    look (LOOKS[0] pictures) → gesture → look → … → decision

Who is looked at must stay the same: each look is compared with those before, a gesture counts only
while its face is followed without a gap from a look, and a face that was lost begins anew.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from drivers.camera.ring import Picture
from drivers.face.challenge import Challenge, Shown, draw
from drivers.face.detect import Gray
from drivers.face.evidence import Evidence
from drivers.face.finding import find
from drivers.face.landmarks import NOSE, Face, Points, Pose
from drivers.face.networks import Vector
from drivers.face.packs import Pack
from drivers.face.quality import judge
from drivers.face.told import Told
from kiosk.model import FaceDecision, FaceFault, FaceHint

FIRST_LOOK, NEXT_LOOK = 5, 3  # pictures that decide whether to go on
MOST_LOOKS = 12  # pictures of one look, then it has failed
RESTLESS = 0.08  # distances between the eyes, by which a nose may move from frame to frame
BACK = 9.0  # degrees of the first look that a head has come back to after a gesture
STRANGERS = 2  # pictures in a row that show somebody else
LOST_SECONDS = 1.5  # without a face, then somebody else may have come
GESTURE_SECONDS = 12.0
MOST_STARTS = 3
MOST_WRONG = 1  # other gestures than were asked for: left and right are soon mixed up


class Verification:
    """`end`, and `now` of each picture: seconds of one clock. `challenges`: how many gestures."""

    _asked: list[FaceHint]  # gestures that are left
    _met: list[FaceHint]
    _challenge: Challenge | None
    _due: float  # when the gesture must be done; 0: none is asked for
    _looks: int
    _strangers: int
    _nose: Points | None  # where it was in the frame before
    _first: Pose | None

    def __init__(self, pack: Pack, portrait: Vector, challenges: int, end: float) -> None:
        self._pack = pack
        self._drawn = draw(challenges)  # once: who begins anew must not draw until it suits
        self._end = end
        self._evidence = Evidence(portrait, pack.manifest.thresholds)
        self._told = Told()
        self._starts = self._wrong = 0
        self._seen = 0.0  # when a face was
        self._begin()

    def offer(self, view: Picture, still: Picture, now: float) -> FaceHint | FaceDecision:
        """`still`: the same picture in full size."""
        self._seen = self._seen or now
        if now >= self._end:
            return self._decide(self._too_late())
        gray = np.asarray(cv2.cvtColor(view, cv2.COLOR_BGR2GRAY), np.uint8)
        faces = find(self._pack.detector, view)
        quality = judge(view, gray, faces, still.shape[1] / view.shape[1])
        if not quality.found:
            return self._missing(quality.hint, now)
        self._seen = now
        if self._due and now >= self._due:
            return self._decide(FaceFault.NOT_DONE)
        if self._challenge is not None:
            return self._follow(self._challenge, gray, faces[0], quality.hint)
        hint = self._calm(faces[0]) if quality.good else quality.hint
        if hint is FaceHint.UNCOVER and not self._due and not self._met:
            self._evidence.forget()  # the uncovered moments of a covered face are no look
            self._looks = 0
        if hint is not None:
            return self._told.of(hint)
        return self._look(view, still, gray, faces[0], now)

    # ---- Looking -----------------------------------------------------------------------------

    def _calm(self, face: Face) -> FaceHint | None:
        """None for a head that rests, and looks where it looked at first."""
        before, self._nose = self._nose, face.points[NOSE]
        if before is None or math.dist(before, self._nose) > RESTLESS * face.eyes:
            return FaceHint.HOLD_STILL
        pose, first = face.pose, self._first
        if first is None or not self._met:
            self._first = pose
        elif abs(pose.yaw - first.yaw) > BACK or abs(pose.pitch - first.pitch) > BACK:
            return FaceHint.STRAIGHT
        return None

    def _look(
        self, view: Picture, still: Picture, gray: Gray, face: Face, now: float
    ) -> FaceHint | FaceDecision:
        full = face.scaled(still.shape[1] / view.shape[1])
        vector = self._pack.recogniser.embed(full.aligned(still, self._pack.recogniser.side))
        if not self._evidence.same(vector):
            self._strangers += 1
            if self._strangers >= STRANGERS:
                return self._decide(FaceFault.CHANGED)
            return self._told.of(FaceHint.HOLD_STILL)
        self._strangers = 0
        self._evidence.add(vector, self._pack.real(view, face))
        self._looks += 1
        if self._asked and self._due:  # known again after it was lost: go on at once
            return self._ask(gray, face, now)
        return self._looked(gray, face, now)

    def _looked(self, gray: Gray, face: Face, now: float) -> FaceHint | FaceDecision:
        wanted = NEXT_LOOK if self._met else FIRST_LOOK
        fault = self._evidence.fault
        if self._looks < wanted or (fault is not None and self._looks < MOST_LOOKS):
            if self._asked:
                return self._told.of(FaceHint.HOLD_STILL)
            return self._told.now(FaceHint.COMPARING)
        if fault is not None or not self._asked:
            return self._decide(fault)
        return self._ask(gray, face, now)

    # ---- Gestures ----------------------------------------------------------------------------

    def _ask(self, gray: Gray, face: Face, now: float) -> FaceHint:
        self._due = self._due or now + GESTURE_SECONDS
        self._challenge = Challenge(self._asked[0], gray, face)
        return self._told.now(self._asked[0])

    def _follow(
        self, challenge: Challenge, gray: Gray, face: Face, hint: FaceHint
    ) -> FaceHint | FaceDecision:
        if hint is FaceHint.ONE_PERSON:
            self._challenge = None
            return self._told.of(hint)
        shown = challenge.follow(gray, face)
        if shown is Shown.NOTHING:
            return self._told.now(self._asked[0])
        self._challenge = None
        if shown is Shown.LOST:
            return self._told.of(FaceHint.HOLD_STILL)
        self._due, self._looks = 0.0, 0
        if shown is Shown.MET:
            self._met.append(self._asked.pop(0))
            return self._told.now(FaceHint.STRAIGHT)
        self._wrong += 1
        if self._wrong > MOST_WRONG:
            return self._decide(FaceFault.NOT_DONE)
        return self._told.now(FaceHint.STRAIGHT)

    # ---- Beginning and ending ----------------------------------------------------------------

    def _begin(self) -> None:
        self._evidence.forget()
        self._asked = list(self._drawn)
        self._met = []
        self._challenge = None
        self._due = 0.0
        self._looks = self._strangers = 0
        self._nose = self._first = None

    def _missing(self, hint: FaceHint, now: float) -> FaceHint | FaceDecision:
        self._challenge = None
        if self._evidence.count and now - self._seen > LOST_SECONDS:
            self._starts += 1
            if self._starts >= MOST_STARTS:
                return self._decide(FaceFault.CHANGED)
            self._begin()
        return self._told.of(hint)

    def _too_late(self) -> FaceFault:
        if self._due or (self._met and self._asked):
            return FaceFault.NOT_DONE
        if self._evidence.count < FIRST_LOOK:
            return FaceFault.TIMED_OUT
        return self._evidence.fault or FaceFault.TIMED_OUT

    def _decide(self, fault: FaceFault | None) -> FaceDecision:
        told = self._pack.manifest
        return FaceDecision(
            fault,
            told.label,
            self._evidence.score,
            told.thresholds.match,
            self._evidence.liveness,
            told.thresholds.liveness,
            tuple(self._met),
        )
