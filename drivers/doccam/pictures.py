"""What the simulated document camera sees: papers on its plate, under its lamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from drivers.doccam.papers import DOTS, paper

Picture = npt.NDArray[np.uint8]  # height x width x 3, BGR
Corners = npt.NDArray[np.float32]  # 4 x 2: top left, top right, bottom right, bottom left

WIDTH, HEIGHT = 2048, 1536
SCALE = 4.3  # pixels of the picture a millimetre of the plate
NOISE = 2.0  # standard deviation of the sensor's noise, in grey levels


class Scene(StrEnum):
    """What lies on the plate; the words of `doccam.json`."""

    NONE = "none"
    PAGE = "page"
    TILTED = "tilted"
    UPSIDE_DOWN = "upside_down"
    BLURRED = "blurred"
    GLARE = "glare"
    DARK = "dark"
    CUT = "cut"
    TWO = "two"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Lying:
    """A paper: its middle in pixels, turned by degrees, seen askew (share of its size)."""

    name: str
    x: float = WIDTH / 2
    y: float = HEIGHT / 2
    turn: float = 0.0
    skew: float = 0.01


@dataclass(frozen=True, slots=True)
class Stage:
    """`light`: 1 is a good lamp; `blur`: standard deviation in pixels; `plate`: its grey."""

    papers: tuple[Lying, ...] = ()
    light: float = 1.0
    blur: float = 0.0
    glare: bool = False
    plate: int = 62


_PAGE = Lying("certificate", turn=1.5)
STAGES: Mapping[Scene, Stage] = MappingProxyType(
    {
        Scene.NONE: Stage(),
        Scene.PAGE: Stage((_PAGE,)),
        Scene.TILTED: Stage((Lying("letter", turn=-17, skew=0.05),)),
        Scene.UPSIDE_DOWN: Stage((Lying("certificate", turn=178),)),
        Scene.BLURRED: Stage((_PAGE,), blur=5),
        Scene.GLARE: Stage((_PAGE,), light=0.86, glare=True),
        Scene.DARK: Stage((_PAGE,), light=0.16),
        Scene.CUT: Stage((Lying("certificate", y=HEIGHT * 0.62, turn=5),)),
        Scene.TWO: Stage((Lying("slip", x=560, turn=-4), Lying("slip", x=1440, turn=6))),
        Scene.CARD: Stage((Lying("card", x=1120, y=700, turn=8),)),
    }
)


def picture(stage: Stage, seed: int) -> tuple[Picture, list[Corners]]:
    """One shot, and where the papers' corners truly are in it."""
    [shot] = shots(stage, (seed,))
    return shot, [corners(one) for one in stage.papers]


def shots(stage: Stage, seeds: Iterable[int]) -> Iterator[Picture]:
    """Several of one scene, which is laid out once; each has noise of its own."""
    scene = _laid_out(stage)
    for seed in seeds:
        shot = np.random.default_rng(seed).standard_normal(scene.shape, np.float32)
        shot *= np.float32(NOISE)
        shot += scene
        yield np.clip(shot, 0, 255, out=shot).astype(np.uint8)


def _laid_out(stage: Stage) -> npt.NDArray[np.float32]:
    scene = np.full((HEIGHT, WIDTH, 3), stage.plate, np.float32)
    for one in stage.papers:
        _lay(scene, paper(one.name), corners(one))
    scene *= (_lamp() * np.float32(stage.light))[..., None]
    if stage.glare:
        scene += _reflection()[..., None]
    if stage.blur:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), stage.blur), np.float32)
    return scene


def corners(lying: Lying) -> Corners:
    """Of the paper's own corners, top left first, clockwise."""
    height, width = (side / DOTS * SCALE for side in paper(lying.name).shape[:2])
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / 2
    askew = flat * (1 + lying.skew * np.array([[1], [-1], [1], [-1]]))
    turn = np.deg2rad(lying.turn)
    turned = askew @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(turned + np.array([lying.x, lying.y]), np.float32)


def _lay(scene: npt.NDArray[np.float32], sheet: Picture, at: Corners) -> None:
    """With a soft shadow beside it, and edges that are no pixel steps."""
    rows, columns = sheet.shape[:2]
    own = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    move = cv2.getPerspectiveTransform(own, at)
    size = (scene.shape[1], scene.shape[0])
    # a paper has more dots than the camera has pixels for them: they melt into each other
    soft = cv2.GaussianBlur(sheet, (0, 0), 0.35 * DOTS / SCALE)
    laid = cv2.warpPerspective(soft, move, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones((rows, columns), np.float32), move, size)
    beside = cv2.warpAffine(cover, np.array([[1, 0, 6], [0, 1, 9]], np.float32), size)
    shadow = cv2.GaussianBlur(beside, (0, 0), 7)
    scene *= (1 - 0.35 * shadow)[..., None]
    scene *= (1 - cover)[..., None]
    scene += laid * cover[..., None]


@cache
def _lamp() -> npt.NDArray[np.float32]:
    """Brighter under the lamp, at the top left, than in the corner opposite."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    far = np.hypot((x - WIDTH * 0.4) / WIDTH, (y - HEIGHT * 0.35) / HEIGHT)
    return np.asarray(0.98 - 0.22 * far * far, np.float32)


@cache
def _reflection() -> npt.NDArray[np.float32]:
    """A lamp's mirror image on glossy paper."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    far = np.hypot((x - WIDTH * 0.47) / 190, (y - HEIGHT * 0.42) / 120)
    return np.asarray(210 * np.exp(-(far**4)), np.float32)
