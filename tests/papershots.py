"""Shots of papers under a document camera, harder than the simulator's, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.doccam.papers import DOTS, paper
from drivers.doccam.pictures import Corners, Picture

WIDTH, HEIGHT = 2048, 1536
NAMES = ("certificate", "letter", "form", "slip", "card")
SCALES = {"certificate": 4.2, "letter": 4.2, "form": 4.6, "slip": 4.6, "card": 4.6}
KINDS = ("dark", "light", "wood", "shadow", "askew")


@dataclass(frozen=True)
class Shot:
    name: str
    kind: str
    picture: Picture
    corners: Corners  # of the paper's own corners, its top left first
    turn: float


def shot(seed: int, kind: str, name: str, *, turn: float | None = None, blur: float = 0.6) -> Shot:
    """`kind`: a dark or light plate, one of wood, a shadow across, or a camera that looks askew."""
    random = np.random.default_rng(seed)
    if turn is None:
        turn = float(random.choice([0, 90, 180, 270]) + random.uniform(-12, 12))
    at = _corners(random, name, turn, 0.06 if kind == "askew" else 0.015)
    scene = _plate(random, kind).astype(np.float32)
    _lay(scene, paper(name), at)
    scene *= _light(random, kind)[..., None]
    scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), blur), np.float32)
    scene += 2.5 * random.standard_normal(scene.shape, np.float32)
    return Shot(name, kind, np.clip(scene, 0, 255).astype(np.uint8), at, turn)


def _corners(random: np.random.Generator, name: str, turn: float, skew: float) -> Corners:
    height, width = (side / DOTS * SCALES[name] for side in paper(name).shape[:2])
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array([width, height]) / 2
    askew = flat * (1 + random.uniform(-skew, skew, (4, 1)))
    angle = np.deg2rad(turn)
    turned = askew @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array([WIDTH, HEIGHT]) / 2
    fit = min(1.0, *(0.96 * middle / np.abs(turned).max(0)))
    turned *= fit
    room = np.maximum(0, 0.97 * middle - np.abs(turned).max(0))
    return np.asarray(turned + middle + random.uniform(-room, room), np.float32)


def _plate(random: np.random.Generator, kind: str) -> Picture:
    grey = random.uniform(188, 212) if kind == "light" else random.uniform(35, 95)
    plate = np.full((HEIGHT, WIDTH, 3), round(grey), np.uint8)
    if kind == "wood":
        rough = 60 * random.standard_normal((HEIGHT, WIDTH), np.float32)
        grain = cv2.GaussianBlur(rough, (0, 0), 60, sigmaY=2)
        plate = np.clip(np.array([70, 105, 140], np.float32) + grain[..., None], 0, 255).astype(
            np.uint8
        )
    return plate


def _lay(scene: np.ndarray, sheet: np.ndarray, at: Corners) -> None:
    rows, columns = sheet.shape[:2]
    own = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    move = cv2.getPerspectiveTransform(own, at)
    soft = cv2.GaussianBlur(sheet, (0, 0), 0.7)
    laid = cv2.warpPerspective(soft, move, (WIDTH, HEIGHT))
    cover = cv2.warpPerspective(np.ones((rows, columns), np.float32), move, (WIDTH, HEIGHT))
    beside = cv2.warpAffine(cover, np.array([[1, 0, 4], [0, 1, 6]], np.float32), (WIDTH, HEIGHT))
    scene *= (1 - 0.3 * cv2.GaussianBlur(beside, (0, 0), 6))[..., None]
    scene *= (1 - cover)[..., None]
    scene += laid * cover[..., None]


def _light(random: np.random.Generator, kind: str) -> np.ndarray:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    light = 1 - random.uniform(0.05, 0.3) * (x / WIDTH if random.random() < 0.5 else y / HEIGHT)
    if kind == "shadow":  # of an arm or a head
        edge = random.uniform(0.3, 0.7) * WIDTH + (y - HEIGHT / 2) * random.uniform(-0.5, 0.5)
        light = light * (1 - 0.2 * (1 + np.tanh((x - edge) / 24)))
    return np.asarray(light, np.float32)
