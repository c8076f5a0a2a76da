"""A model pack: a folder with `models.toml` and its networks, verified and loaded.

A file is read once: the bytes that are hashed are those that are loaded. That each network gives
what is declared is seen by running it, on a grey picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.camera.ring import Picture
from drivers.face.landmarks import ARCFACE, ARCFACE_SIDE, Face
from drivers.face.manifest import (
    MAX_BYTES,
    NAME,
    Manifest,
    MiniFasNet,
    Network,
    PackFault,
    PackProblem,
    parse,
)
from drivers.face.networks import Detector, Liveness, Recogniser, recogniser

GREY = 128
BLANK = (240, 320)  # rows and columns of the picture that a detector is tried on


@dataclass(frozen=True, slots=True)
class Pack:
    """Its networks, ready. Used by one thread."""

    manifest: Manifest
    detector: Detector
    recogniser: Recogniser
    liveness: tuple[Liveness, ...]

    def real(self, picture: Picture, face: Face) -> float | None:
        """How likely a living person, 0 to 1: the mean of the networks; None without any."""
        if not self.liveness:
            return None
        return sum(one.real(picture, face) for one in self.liveness) / len(self.liveness)


def load(folder: Path) -> Pack | PackProblem:
    """Everything verified, loaded and run once; never raises."""
    told = read_manifest(folder)
    if isinstance(told, PackProblem):
        return told
    try:
        return _load(folder, told)
    except _RefusedError as refused:
        return refused.problem


def read_manifest(folder: Path) -> Manifest | PackProblem:
    try:
        with (folder / NAME).open("rb") as file:
            return parse(file.read(MAX_BYTES + 1))
    except OSError:
        return PackProblem(PackFault.NOT_FOUND, NAME)


class _RefusedError(Exception):
    def __init__(self, fault: PackFault, about: str) -> None:
        super().__init__(fault)
        self.problem = PackProblem(fault, about)


def _load(folder: Path, told: Manifest) -> Pack:
    detector = _detector(folder, told)
    matcher = _recogniser(folder, told)
    return Pack(told, detector, matcher, tuple(_liveness(folder, one) for one in told.liveness))


def _detector(folder: Path, told: Manifest) -> Detector:
    blob = _verified(folder, told.detector)
    with _running(told.detector):
        made = Detector(blob, told.thresholds.face)
        made.faces(np.full((*BLANK, 3), GREY, np.uint8))
    return made


def _recogniser(folder: Path, told: Manifest) -> Recogniser:
    blob = _verified(folder, told.recogniser)
    with _running(told.recogniser):
        made = recogniser(told.recogniser, blob)
        vector = made.embed(np.full((made.side, made.side, 3), GREY, np.uint8))
    if vector.size != made.dimension or not np.isfinite(vector).all():
        raise _RefusedError(PackFault.WRONG_SHAPE, told.recogniser.file)
    return made


def _liveness(folder: Path, spec: MiniFasNet) -> Liveness:
    blob = _verified(folder, spec)
    side = 4 * ARCFACE_SIDE
    centre = Face((side * 3 / 8, side * 3 / 8, side / 4, side / 4), ARCFACE, 1.0)
    with _running(spec):
        made = Liveness(spec, blob)
        chances = made.chances(np.full((side, side, 3), GREY, np.uint8), centre)
    if chances.size != spec.classes or not np.isfinite(chances).all():
        raise _RefusedError(PackFault.WRONG_SHAPE, spec.file)
    return made


def _verified(folder: Path, network: Network) -> bytes:
    try:
        with (folder / network.file).open("rb") as file:
            blob = file.read(network.bytes + 1)
    except OSError:
        raise _RefusedError(PackFault.NOT_FOUND, network.file) from None
    if len(blob) != network.bytes:
        raise _RefusedError(PackFault.WRONG_SIZE, network.file)
    if hashlib.sha256(blob).hexdigest() != network.sha256:
        raise _RefusedError(PackFault.WRONG_HASH, network.file)
    return blob


@contextmanager
def _running(network: Network) -> Iterator[None]:
    try:
        yield
    except (cv2.error, MemoryError, ValueError):
        raise _RefusedError(PackFault.NOT_LOADED, network.file) from None
