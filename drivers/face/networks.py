"""The kinds of network that a pack may hold, each behind one small call; from bytes, by OpenCV.

Not for use from several threads. What OpenCV can't do it raises as `cv2.error`.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from drivers.camera.ring import Picture
from drivers.face import manifest
from drivers.face.landmarks import ARCFACE_SIDE, Face

Floats = npt.NDArray[np.float32]
Vector: TypeAlias = Floats  # an embedding, of length 1

OVERLAP = 0.3  # of two boxes of one face
MOST_FACES = 50
_ONNX = "onnx"
_NO_CONFIG = np.empty(0, np.uint8)


class Recogniser(Protocol):
    dimension: int  # as declared

    def embed(self, face: Picture) -> Vector:
        """Of an aligned face; 112 x 112 or the network's own size."""

    @property
    def side(self) -> int: ...


class Detector:
    """YuNet. Finds faces of about 10 to 300 pixels."""

    def __init__(self, blob: bytes, least: float) -> None:
        self._size = (320, 320)
        self._net = cv2.FaceDetectorYN.create(
            _ONNX, _buffer(blob), _NO_CONFIG, self._size, least, OVERLAP, MOST_FACES
        )

    def faces(self, picture: Picture) -> list[Face]:
        """Widest first."""
        size = picture.shape[1], picture.shape[0]
        if size != self._size:
            self._net.setInputSize(size)
            self._size = size
        rows = self._net.detect(picture)[1]
        found = [] if rows is None else [_face(row) for row in rows if np.isfinite(row).all()]
        return sorted(found, key=lambda face: -face.box[2])


class SFaceRecogniser:
    side = ARCFACE_SIDE

    def __init__(self, spec: manifest.SFace, blob: bytes) -> None:
        self.dimension = spec.dimension
        self._net = cv2.FaceRecognizerSF.create(_ONNX, _buffer(blob), _NO_CONFIG)

    def embed(self, face: Picture) -> Vector:
        return _unit(np.asarray(self._net.feature(face), np.float32))


class EmbeddingRecogniser:
    def __init__(self, spec: manifest.Embedding, blob: bytes) -> None:
        self.dimension = spec.dimension
        self.side = spec.input
        self._flip = spec.flip
        self._net = _Fed(spec, blob)

    def embed(self, face: Picture) -> Vector:
        straight = self._net.run(face)
        if not self._flip:
            return _unit(straight)
        return _unit(straight + self._net.run(np.ascontiguousarray(face[:, ::-1])))


class Liveness:
    """MiniFASNet: sees print, screen and their borders around a face; one of an ensemble."""

    def __init__(self, spec: manifest.MiniFasNet, blob: bytes) -> None:
        self._spec = spec
        self._net = _Fed(spec, blob)

    def chances(self, picture: Picture, face: Face) -> Floats:
        """Of each class; their sum is 1."""
        out = self._net.run(_around(picture, face, self._spec.scale))
        shares = np.exp(out - out.max())
        return np.asarray(shares / shares.sum(), np.float32)

    def real(self, picture: Picture, face: Face) -> float:
        """How likely a living person, 0 to 1."""
        return float(self.chances(picture, face)[self._spec.real])


class _Fed:
    """An ONNX network, and the way that pixels go into it."""

    def __init__(self, spec: manifest.Embedding | manifest.MiniFasNet, blob: bytes) -> None:
        self._size = (spec.input, spec.input)
        self._swap = spec.order == "rgb"
        self._mean = np.array(spec.mean, np.float32).reshape(3, 1, 1)
        self._std = np.array(spec.std, np.float32).reshape(3, 1, 1)
        self._net = cv2.dnn.readNetFromONNX(_buffer(blob))

    def run(self, picture: Picture) -> Floats:
        """Its only output, flat."""
        if (picture.shape[1], picture.shape[0]) != self._size:
            picture = np.asarray(cv2.resize(picture, self._size), np.uint8)
        pixels = cv2.dnn.blobFromImage(picture, swapRB=self._swap)
        self._net.setInput((pixels - self._mean) / self._std)
        return np.array(self._net.forward(), np.float32).ravel()


def recogniser(spec: manifest.SFace | manifest.Embedding, blob: bytes) -> Recogniser:
    if isinstance(spec, manifest.SFace):
        return SFaceRecogniser(spec, blob)
    return EmbeddingRecogniser(spec, blob)


def _buffer(blob: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(blob, np.uint8)


def _face(row: Floats) -> Face:
    left, top, width, height = (float(length) for length in row[:4])
    points = np.array(row[4:14], np.float32).reshape(5, 2)
    return Face((left, top, width, height), points, float(row[14]))


def _unit(vector: Floats) -> Vector:
    flat = np.asarray(vector, np.float32).ravel()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), np.float32)


def _around(picture: Picture, face: Face, scale: float) -> Picture:
    """The box widened by `scale`, moved into the picture where it would leave it.

    Cut as in the networks' training: that is why the box keeps its form, and loses its scale
    where the picture is too small.
    """
    rows, columns = picture.shape[:2]
    x, y, width, height = face.box
    scale = min(scale, (columns - 1) / max(width, 1), (rows - 1) / max(height, 1))
    wide, high = width * scale, height * scale
    left = min(max(x + (width - wide) / 2, 0), columns - 1 - wide)
    top = min(max(y + (height - high) / 2, 0), rows - 1 - high)
    return picture[int(top) : int(top + high) + 1, int(left) : int(left + wide) + 1]
