"""Invented people, drawn from tables of soft shapes: who the camera simulator shows.

Coordinates as in `drivers.camera.shapes`. Shapes are painted in the order of their table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drivers.camera.shapes import Group, Points, Rgb, Shape, Solid


@dataclass(frozen=True, slots=True)
class Person:
    """`colours` take the place of the tables' own."""

    long_hair: bool
    colours: tuple[tuple[Rgb, Rgb], ...] = ()


SKULL = Solid(0.74, 1.15, 0.72, nose=0.26)
HAIRDO = Solid(0.98, 1.4, 0.8, follows=0.8)
BEHIND = Solid(0.98, 1.4, 0.9, follows=0.3)

SKIN: Rgb = (236, 196, 168)
SHADE: Rgb = (176, 118, 92)
DEEP: Rgb = (120, 70, 56)
LIGHT: Rgb = (255, 228, 206)
HAIR: Rgb = (38, 30, 30)
UPPER_LIP: Rgb = (172, 84, 80)
LIP: Rgb = (190, 98, 92)
JACKET: Rgb = (58, 78, 112)
LAPEL: Rgb = (44, 60, 90)
SHIRT: Rgb = (238, 240, 244)


def ellipse(x: float, y: float, rx: float, ry: float) -> Points:
    """Eight points on an ellipse, for a closed curve."""
    d = 0.7071
    return (
        (x + rx, y), (x + rx * d, y + ry * d), (x, y + ry), (x - rx * d, y + ry * d),
        (x - rx, y), (x - rx * d, y - ry * d), (x, y - ry), (x + rx * d, y - ry * d),
    )  # fmt: skip


# fmt: off
BODY: tuple[Shape, ...] = (
    Shape(
        ((0, 1.22), (0.36, 1.26), (0.8, 1.45), (1.32, 1.66), (1.62, 2.1), (1.78, 3.6), (1.8, 7.5),
         (0, 7.6)),
        JACKET, halves=True, name="jacket",
    ),
    Shape(((1.05, 1.7), (1.2, 2.2), (1.3, 3.6), (1.3, 7.5), (2.0, 7.5), (1.9, 3.6), (1.8, 1.9)),
          (20, 28, 46), 0.45, 0.22, clip="jacket", mirror=True),
    Shape(((0.55, 1.42), (0.95, 1.55), (1.2, 1.75), (0.9, 1.75)), (150, 170, 205),
          0.3, 0.14, clip="jacket", mirror=True),
    Shape(((0, 1.2), (0.36, 1.22), (0.3, 1.7), (0.14, 2.3), (0, 2.9)), SHIRT, halves=True,
          name="shirt"),
    Shape(((0.0, 1.55), (0.2, 1.5), (0.1, 2.4), (0, 2.8)), (170, 178, 196), 0.35, 0.1,
          clip="shirt", mirror=True),
    Shape(((0.36, 1.2), (0.5, 1.35), (0.58, 1.75), (0.16, 2.6), (0.05, 2.95), (0.2, 2.1)),
          LAPEL, clip="jacket", mirror=True, blur=0.008),
    Shape(
        ((0, 0.6), (0.2, 0.64), (0.36, 0.94), (0.42, 1.24), (0.24, 1.5), (0, 1.62)),
        (222, 178, 150), halves=True, name="neck",
    ),
    Shape(((0, 0.7), (0.5, 0.6), (0.46, 1.05), (0.22, 1.22), (0, 1.26)), DEEP, 0.55, 0.09,
          halves=True, clip="neck"),
    Shape(((0.3, 0.8), (0.46, 0.8), (0.46, 1.3), (0.34, 1.3)), DEEP, 0.4, 0.06, clip="neck",
          mirror=True),
    Shape(((0.3, 1.12), (0.42, 1.2), (0.46, 1.32), (0.14, 1.86), (0.04, 1.66)), (250, 251, 253),
          mirror=True, name="collar"),
    Shape(((0.04, 1.66), (0.2, 1.5), (0.34, 1.26)), (150, 158, 176), 0.55, 0.008, 0.012,
          mirror=True),
)

EARS: tuple[Shape, ...] = (
    Shape(((0.64, -0.12), (0.76, -0.16), (0.79, 0.0), (0.75, 0.2), (0.66, 0.3)), (226, 178, 150),
          mirror=True, name="ear"),
    Shape(((0.68, -0.05), (0.74, -0.06), (0.74, 0.08), (0.69, 0.2)), SHADE, 0.6, 0.025,
          mirror=True, clip="ear"),
)

HEAD: tuple[Shape, ...] = (
    Shape(
        ((0, -1.0), (0.38, -0.94), (0.62, -0.66), (0.7, -0.22), (0.68, 0.16), (0.61, 0.48),
         (0.44, 0.78), (0.22, 0.96), (0, 1.0)),
        SKIN, halves=True, name="face",
    ),
    # The light comes from above and in front: edges of the face fall into shade.
    Shape(((0.6, -0.9), (0.56, -0.2), (0.56, 0.3), (0.4, 0.7), (0.12, 0.98), (0.4, 1.1),
           (0.9, 0.6), (0.9, -0.6)), SHADE, 0.6, 0.1, clip="face", mirror=True),
    Shape(ellipse(0, -0.5, 0.36, 0.24), LIGHT, 0.5, 0.13, clip="face"),
    Shape(ellipse(0.37, 0.26, 0.16, 0.12), LIGHT, 0.55, 0.08, clip="face", mirror=True),
    Shape(ellipse(0.42, 0.36, 0.15, 0.1), (226, 128, 112), 0.3, 0.09, clip="face", mirror=True),
    Shape(ellipse(0, 0.84, 0.14, 0.07), LIGHT, 0.5, 0.05, clip="face"),
    # Sockets
    Shape(((0.1, -0.12), (0.3, -0.2), (0.5, -0.12), (0.48, 0.04), (0.28, 0.08), (0.12, 0.03)),
          DEEP, 0.42, 0.05, clip="face", mirror=True),
    Shape(((0.12, 0.09), (0.28, 0.13), (0.44, 0.08), (0.3, 0.17)), SHADE, 0.28, 0.02,
          clip="face", mirror=True),
    # Nose
    Shape(((0.085, -0.1), (0.14, -0.02), (0.1, 0.14), (0.13, 0.28), (0.08, 0.24), (0.065, 0.05)),
          SHADE, 0.5, 0.03, clip="face", mirror=True),
    Shape(((0, -0.18), (0.035, -0.1), (0.03, 0.15), (0.05, 0.27), (0, 0.32)), LIGHT, 0.75, 0.025,
          clip="face", halves=True),
    Shape(ellipse(0, 0.385, 0.13, 0.035), DEEP, 0.42, 0.03, clip="face"),
    Shape(((0.105, 0.26), (0.15, 0.3), (0.145, 0.355), (0.1, 0.375)), DEEP, 0.6, 0.008, 0.018,
          clip="face", mirror=True),
    Shape(ellipse(0.06, 0.362, 0.032, 0.014), (70, 34, 30), 0.8, 0.01, clip="face", mirror=True),
    Shape(ellipse(0, 0.285, 0.045, 0.035), (255, 240, 226), 0.6, 0.022, clip="face"),
    Shape(((0.03, 0.42), (0.04, 0.49)), SHADE, 0.3, 0.018, 0.02, clip="face", mirror=True),
    # Mouth
    Shape(((0, 0.525), (0.045, 0.51), (0.13, 0.535), (0.215, 0.58), (0.12, 0.592), (0, 0.594)),
          UPPER_LIP, 0.92, 0.008, clip="face", halves=True, name="upper"),
    Shape(((0, 0.594), (0.12, 0.592), (0.205, 0.583), (0.13, 0.655), (0.05, 0.685), (0, 0.687)),
          LIP, 0.9, 0.008, clip="face", halves=True, name="lower"),
    Shape(ellipse(0, 0.642, 0.08, 0.016), (240, 176, 168), 0.6, 0.014, clip="face"),
    Shape(((-0.225, 0.572), (-0.12, 0.596), (0, 0.598), (0.12, 0.596), (0.225, 0.572)),
          (86, 34, 36), 0.85, 0.006, 0.016, clip="face"),
    Shape(((0.215, 0.56), (0.24, 0.58), (0.235, 0.6)), DEEP, 0.4, 0.014, 0.016, clip="face",
          mirror=True),
    Shape(ellipse(0, 0.745, 0.13, 0.03), SHADE, 0.6, 0.028, clip="face"),
    # Eyes
    Shape(((0.145, 0.03), (0.2, -0.022), (0.29, -0.045), (0.38, -0.028), (0.445, 0.01),
           (0.38, 0.05), (0.29, 0.062), (0.2, 0.052)), (240, 234, 230), 1.0, 0.004, name="eye",
          mirror=True),
    Shape(ellipse(0.292, 0.004, 0.066, 0.066), (44, 26, 20), 1.0, 0.004, clip="eye", mirror=True),
    Shape(ellipse(0.292, 0.024, 0.042, 0.03), (104, 64, 44), 0.75, 0.014, clip="eye",
          mirror=True),
    Shape(ellipse(0.292, 0.004, 0.03, 0.03), (8, 6, 6), 1.0, 0.004, clip="eye", mirror=True),
    Shape(((0.14, -0.05), (0.29, -0.075), (0.45, -0.04), (0.44, 0.0), (0.29, -0.028),
           (0.16, 0.01)), (40, 24, 22), 0.5, 0.014, clip="eye", mirror=True),
    Shape(((0.14, 0.034), (0.2, -0.022), (0.29, -0.047), (0.38, -0.03), (0.46, 0.004)),
          (26, 16, 16), 0.95, 0.004, 0.026, mirror=True),
    Shape(((0.38, -0.034), (0.44, -0.01), (0.478, -0.012)), (26, 16, 16), 0.8, 0.004, 0.014,
          mirror=True),
    Shape(((0.17, -0.045), (0.28, -0.09), (0.38, -0.078), (0.455, -0.035)), DEEP, 0.65, 0.007,
          0.012, mirror=True),
    Shape(((0.18, 0.052), (0.29, 0.066), (0.4, 0.046)), DEEP, 0.55, 0.006, 0.01, mirror=True),
    Shape(((0.125, -0.19), (0.22, -0.222), (0.36, -0.235), (0.5, -0.165), (0.36, -0.192),
           (0.22, -0.172), (0.13, -0.15)), (44, 32, 30), 0.85, 0.014, mirror=True, clip="face"),
)

GLINTS: tuple[Shape, ...] = (
    Shape(ellipse(0.27, -0.014, 0.015, 0.015), (255, 255, 255), 0.95, 0.003),
    Shape(ellipse(-0.314, -0.014, 0.015, 0.015), (255, 255, 255), 0.95, 0.003),
)

LONG_BACK: tuple[Shape, ...] = (
    Shape(((0, -1.3), (0.5, -1.24), (0.86, -0.86), (0.95, -0.2), (0.97, 0.5), (0.93, 1.05),
           (0.72, 1.28), (0.4, 1.2), (0, 1.0)), (28, 22, 23), halves=True, name="back"),
)
SHORT_BACK: tuple[Shape, ...] = (
    Shape(((0, -1.25), (0.45, -1.2), (0.74, -0.9), (0.79, -0.4), (0.73, -0.05), (0.5, 0.0),
           (0, 0.0)), HAIR, halves=True, name="back"),
)
LONG_FRONT: tuple[Shape, ...] = (
    # Parted on one side; the fringe sweeps to the other.
    Shape(((-0.22, -1.24), (-0.6, -1.14), (-0.86, -0.8), (-0.94, -0.2), (-0.95, 0.5),
           (-0.9, 1.08), (-0.74, 1.2), (-0.64, 1.0), (-0.68, 0.4), (-0.66, -0.1), (-0.56, -0.44),
           (-0.4, -0.7), (-0.24, -0.92)), HAIR, 1.0, 0.006, name="left"),
    Shape(((-0.3, -1.2), (0.0, -1.32), (0.44, -1.26), (0.8, -0.94), (0.93, -0.4), (0.95, 0.4),
           (0.92, 1.06), (0.76, 1.2), (0.65, 1.0), (0.69, 0.4), (0.67, -0.1), (0.58, -0.4),
           (0.36, -0.62), (0.02, -0.78), (-0.24, -0.92)), HAIR, 1.0, 0.006, name="right"),
    Shape(((-0.24, -0.92), (-0.44, -0.66), (-0.6, -0.36), (-0.68, 0.0), (-0.7, 0.4)),
          SHADE, 0.35, 0.03, 0.05, clip="face"),
    Shape(((-0.2, -0.9), (0.04, -0.76), (0.36, -0.6), (0.58, -0.38), (0.68, 0.0), (0.7, 0.4)),
          SHADE, 0.4, 0.03, 0.06, clip="face"),
    Shape(((-0.05, -1.12), (0.35, -1.08), (0.68, -0.76), (0.56, -0.8), (0.3, -0.96)),
          (120, 104, 100), 0.5, 0.06, clip="right"),
    Shape(((-0.42, -1.02), (-0.66, -0.8), (-0.76, -0.5), (-0.68, -0.6), (-0.52, -0.86)),
          (110, 96, 92), 0.4, 0.05, clip="left"),
    Shape(((0.78, -0.3), (0.84, 0.3), (0.82, 0.9)), (92, 78, 76), 0.4, 0.03, 0.05, clip="right"),
    Shape(((-0.78, -0.3), (-0.84, 0.3), (-0.82, 0.9)), (84, 72, 70), 0.35, 0.03, 0.05,
          clip="left"),
    Shape(((-0.24, -0.94), (-0.26, -1.1), (-0.3, -1.22)), (12, 9, 9), 0.6, 0.008, 0.014),
)
SHORT_FRONT: tuple[Shape, ...] = (
    Shape(((-0.73, -0.05), (-0.78, -0.5), (-0.68, -0.96), (-0.36, -1.24), (0.1, -1.32),
           (0.52, -1.2), (0.74, -0.9), (0.79, -0.45), (0.73, -0.05), (0.68, -0.12),
           (0.65, -0.42), (0.55, -0.66), (0.3, -0.74), (0.0, -0.7), (-0.3, -0.78),
           (-0.54, -0.68), (-0.64, -0.42), (-0.68, -0.12)), HAIR, 1.0, 0.008, name="top"),
    Shape(((-0.6, -0.5), (-0.5, -0.66), (-0.3, -0.74), (0.0, -0.66), (0.3, -0.7), (0.53, -0.62),
           (0.62, -0.42)), SHADE, 0.4, 0.03, 0.05, clip="face"),
    Shape(((-0.4, -1.1), (0.05, -1.18), (0.45, -1.06), (0.3, -0.98), (0.0, -1.04)),
          (120, 108, 104), 0.45, 0.06, clip="top"),
)
# fmt: on

WOMAN = Person(long_hair=True)
MAN = Person(
    long_hair=False,
    colours=(
        (SKIN, (226, 184, 152)),
        (UPPER_LIP, (160, 98, 84)),
        (LIP, (184, 118, 102)),
        (JACKET, (84, 92, 84)),
        (LAPEL, (64, 72, 66)),
    ),
)


def groups(person: Person) -> tuple[Group, ...]:
    """A person from the shoulders up, from back to front."""
    back, front = (LONG_BACK, LONG_FRONT) if person.long_hair else (SHORT_BACK, SHORT_FRONT)
    head = HEAD + GLINTS if person.long_hair else EARS + HEAD + GLINTS
    parts = (Group(back, BEHIND), Group(BODY), Group(head, SKULL), Group(front, HAIRDO))
    colours = dict(person.colours)
    return tuple(
        Group(
            tuple(replace(s, colour=colours.get(s.colour, s.colour)) for s in part.shapes),
            part.solid,
        )
        for part in parts
    )
