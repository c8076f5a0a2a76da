"""`models.toml`: what a model pack says of itself. Words and numbers only; opens no network.

The numbers of a network are those of its training, in grey levels of 0 to 255: its input is
`(pixels - mean) / std`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

NAME = "models.toml"
MAX_BYTES = 64 << 10  # of a manifest
MAX_NETWORK = 256 << 20
_FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"  # beside the manifest, nowhere else

Levels = tuple[float, float, float]  # one for each colour, in the network's order
Positive = Annotated[float, Field(gt=0)]


class PackFault(StrEnum):
    """Why a pack can't be used."""

    NOT_FOUND = "not_found"  # no such folder, no manifest in it, or a file is missing
    NOT_READABLE = "not_readable"  # the manifest is no TOML, or a key is wrong
    UNKNOWN_KIND = "unknown_kind"  # of a network, or of the manifest's format
    UNSAFE_PATH = "unsafe_path"  # a file's name leads elsewhere
    WRONG_SIZE = "wrong_size"
    WRONG_HASH = "wrong_hash"
    NOT_LOADED = "not_loaded"  # OpenCV can't load it, or can't run it on such an input
    WRONG_SHAPE = "wrong_shape"  # it gives something else than was declared


@dataclass(frozen=True, slots=True)
class PackProblem:
    """`about`: the file or key."""

    fault: PackFault
    about: str = ""

    def __str__(self) -> str:
        return f"{self.fault}: {self.about}" if self.about else str(self.fault)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Network(_Table):
    """What every network's table has. `source`: where it comes from, in words."""

    file: str = Field(pattern=_FILE_NAME)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(gt=0, le=MAX_NETWORK)
    licence: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=500)


class YuNet(Network):
    kind: Literal["yunet"]


class SFace(Network):
    kind: Literal["sface"]
    dimension: int = Field(128, ge=2, le=4096)


class _Fed(Network):
    """A network that is fed with pixels by us."""

    input: int = Field(ge=16, le=1024)  # pixels, across and down
    order: Literal["rgb", "bgr"]
    mean: Levels
    std: tuple[Positive, Positive, Positive]


class Embedding(_Fed):
    """`flip`: the mean of the face's embedding and of its mirror image's."""

    kind: Literal["embedding"]
    template: Literal["arcface"]
    dimension: int = Field(ge=2, le=4096)
    flip: bool


class MiniFasNet(_Fed):
    """`scale`: of the face's box, to what is cut out; `real`: which class is a person."""

    kind: Literal["minifasnet"]
    scale: float = Field(ge=1, le=8)
    classes: int = Field(ge=2, le=16)
    real: int = Field(ge=0)

    @model_validator(mode="after")
    def _real_is_a_class(self) -> MiniFasNet:
        if self.real >= self.classes:
            raise ValueError("real is not one of the classes")
        return self


class Thresholds(_Table):
    """`face`: least score of a detection. `match`: least cosine of the same person's faces.
    `liveness`: least mean probability of a living person, over networks and pictures.
    """

    face: float = Field(gt=0, lt=1)
    match: float = Field(gt=0, lt=1)
    liveness: float | None = Field(None, gt=0, lt=1)


Recogniser: TypeAlias = Annotated[SFace | Embedding, Field(discriminator="kind")]


class Manifest(_Table):
    """`limits`: what it was measured on, and what it must not be trusted with."""

    format: Literal[1]
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    version: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.]{0,19}$")
    licence: str = Field(min_length=1, max_length=200)
    limits: str = Field(min_length=1, max_length=4000)
    thresholds: Thresholds
    detector: YuNet
    recogniser: Recogniser
    liveness: tuple[MiniFasNet, ...] = Field((), max_length=4)

    @property
    def label(self) -> str:
        """Such as `opencv-zoo 2023mar`."""
        return f"{self.name} {self.version}"

    @property
    def networks(self) -> tuple[Network, ...]:
        return (self.detector, self.recogniser, *self.liveness)

    @model_validator(mode="after")
    def _whole(self) -> Manifest:
        if bool(self.liveness) is not (self.thresholds.liveness is not None):
            raise ValueError("thresholds.liveness is needed with a liveness network, and only then")
        return self


def parse(text: bytes) -> Manifest | PackProblem:
    """Any bytes; never raises."""
    if len(text) > MAX_BYTES:
        return PackProblem(PackFault.NOT_READABLE, f"{NAME} is larger than {MAX_BYTES} bytes")
    try:
        return Manifest.model_validate(tomllib.loads(text.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return PackProblem(PackFault.NOT_READABLE, f"{NAME} is not valid TOML")
    except ValidationError as error:
        return _problem(error)


def _problem(error: ValidationError) -> PackProblem:
    """The worst mistake: what leads out of the folder before what can't be understood."""
    found: dict[PackFault, str] = {}
    for one in error.errors():
        key = ".".join(str(part) for part in one["loc"])
        found.setdefault(_fault(one["type"], key), f"{key}: {one['msg']}".removeprefix(": "))
    worst = min(found, key=(PackFault.UNSAFE_PATH, PackFault.UNKNOWN_KIND,
                            PackFault.NOT_READABLE).index)  # fmt: skip
    return PackProblem(worst, found[worst])


def _fault(kind: str, key: str) -> PackFault:
    last = key.rpartition(".")[2]
    if last == "file" and kind == "string_pattern_mismatch":
        return PackFault.UNSAFE_PATH
    if kind.startswith("union_tag") or (last in {"kind", "format"} and kind == "literal_error"):
        return PackFault.UNKNOWN_KIND
    return PackFault.NOT_READABLE
