"""What the pictures of one person came to, compared with a portrait and with each other."""

from __future__ import annotations

import numpy as np

from drivers.face.manifest import Thresholds
from drivers.face.networks import Vector
from kiosk.model import FaceFault


class Evidence:
    """Means over all pictures: a run of luck with one of them must not decide."""

    def __init__(self, portrait: Vector, thresholds: Thresholds) -> None:
        self._portrait = portrait
        self._thresholds = thresholds
        self.forget()

    def forget(self) -> None:
        """Begin anew: it may be somebody else."""
        self._sum = np.zeros_like(self._portrait)
        self._real = 0.0
        self.count = 0

    def same(self, vector: Vector) -> bool:
        """Is it the person of the pictures so far? True when there are none."""
        return not self.count or _cosine(self._sum, vector) >= self._thresholds.match

    def add(self, vector: Vector, real: float | None) -> None:
        self._sum = self._sum + vector
        self._real += real or 0.0
        self.count += 1

    @property
    def score(self) -> float | None:
        return _cosine(self._sum, self._portrait) if self.count else None

    @property
    def liveness(self) -> float | None:
        measured = self.count and self._thresholds.liveness is not None
        return self._real / self.count if measured else None

    @property
    def fault(self) -> FaceFault | None:
        """None: alive, and the portrait's person."""
        least, liveness, score = self._thresholds.liveness, self.liveness, self.score
        if least is not None and (liveness is None or liveness < least):
            return FaceFault.NOT_LIVE
        if score is None or score < self._thresholds.match:
            return FaceFault.NOT_MATCHED
        return None


def _cosine(one: Vector, other: Vector) -> float:
    return float(one @ other / max(1e-9, float(np.linalg.norm(one) * np.linalg.norm(other))))
