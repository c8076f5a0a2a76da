"""A plan of the sites as SVG, drawn by ourselves: no map service, nothing from outside.

Places are projected evenly (longitude shrunk by the cosine of the middle latitude), which is true
enough for a county or a province. Every mark is a link; its state is a shape, then a colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from fleet.console.parts import Tone
from fleet.rows import Serving, TerminalRow
from fleet.sites import Place

WIDTH, HEIGHT, MARGIN = 900.0, 560.0, 56.0
KM_OF_DEGREE = 111.32
LEAST_KM = 2.0  # a plan of one hall is not blown up to a plan of its tiles
SMALLEST, GROWTH, LARGEST = 9.0, 2.4, 26.0  # radius of a mark, in the plan's units
LETTER, LINE = 12.5, 17.0  # width of a Chinese letter, height of a line
LABEL = 14  # letters
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Site:
    """`told`: its state in words. `place` None: nobody has entered one."""

    name: str
    count: int
    bad: int
    tone: Tone
    told: str
    place: Place | None = None

    @property
    def path(self) -> str:
        """The list of its terminals."""
        return f"/?{urlencode({'q': self.name})}"


@dataclass(frozen=True, slots=True)
class Mark:
    site: Site
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`km`: length of the scale's bar, which is `bar` wide in the plan."""

    marks: tuple[Mark, ...]
    km: float
    bar: float


def tone_of(rows: Sequence[TerminalRow]) -> tuple[Tone, int]:
    """The state of a site, and how many of its terminals have some trouble."""
    heard = [row for row in rows if not row.stale]
    closed = [row for row in heard if row.serving is Serving.NO and row.screen != "maintenance"]
    troubled = [row for row in heard if row.serving is not Serving.YES or _broken(row)]
    bad = len(rows) - len(heard) + len(troubled)
    if not heard:
        return Tone.DIM, bad
    return (Tone.BAD if closed else Tone.WARN if bad else Tone.GOOD), bad


def _broken(row: TerminalRow) -> bool:
    """More than a supply that is low: that is for the round of supplies."""
    return any(need.level != "low" for need in row.needs)


def plan(sites: Sequence[Site]) -> Plan | None:
    """None: no site has a place."""
    placed = [(one, one.place) for one in sites if one.place is not None]
    if not placed:
        return None
    middle = sum(place.latitude for _, place in placed) / len(placed)
    shrink = max(0.05, math.cos(math.radians(middle)))
    xs = [place.longitude * shrink for _, place in placed]
    ys = [-place.latitude for _, place in placed]
    least = LEAST_KM / KM_OF_DEGREE
    wide, high = max(max(xs) - min(xs), least), max(max(ys) - min(ys), least)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    x0, y0 = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    marks = [
        Mark(one, WIDTH / 2 + (x - x0) * scale, HEIGHT / 2 + (y - y0) * scale, _radius(one.count))
        for (one, _), x, y in zip(placed, xs, ys, strict=True)
    ]
    # The large ones first, so that small ones lie on top and can be pressed.
    marks.sort(key=lambda mark: (-mark.radius, mark.site.name))
    width = WIDTH / scale * KM_OF_DEGREE
    km = max((step for step in STEPS if step <= width / 4), default=STEPS[0])
    return Plan(tuple(marks), km, km / width * WIDTH)


def _radius(count: int) -> float:
    return min(LARGEST, SMALLEST + GROWTH * math.sqrt(max(0, count - 1)))


def draw(made: Plan, label: str, scale: str, north: str) -> str:
    """`label`, `scale`, `north`: words. All that comes from terminals is escaped."""
    taken: list[tuple[float, float, float, float]] = [_box(mark) for mark in made.marks]
    marks = "".join(_mark(mark, taken) for mark in made.marks)
    y = HEIGHT - 18
    bar = (
        f'<path class="k-scale" d="M20 {y - 6}v6h{made.bar:.1f}v-6"/>'
        f'<text x="{24 + made.bar:.1f}" y="{y + 1}" class="k-small">{escape(scale)}</text>'
    )
    arrow = (
        f'<path class="k-scale" d="M{WIDTH - 26} 44v-26m-6 8l6-8l6 8"/>'
        f'<text x="{WIDTH - 26}" y="60" class="k-small" text-anchor="middle">{escape(north)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="group" aria-label="{escape(label)}">'
        f"{bar}{arrow}{marks}</svg>"
    )


def _box(mark: Mark) -> tuple[float, float, float, float]:
    return (
        mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius,
    )  # fmt: skip


def _mark(mark: Mark, taken: list[tuple[float, float, float, float]]) -> str:
    said = escape(f"{mark.site.name} · {mark.site.told}")
    number = (
        f'<text class="k-number" x="{mark.x:.1f}" y="{mark.y + 4:.1f}">{mark.site.count}</text>'
    )
    return (
        f'<a href="{escape(mark.site.path)}" class="{mark.site.tone}" aria-label="{said}">'
        f"<title>{said}</title>{_shape(mark)}{number}{_label(mark, taken)}</a>"
    )


def _shape(mark: Mark) -> str:
    """A circle is well, a triangle has some trouble, a square cannot serve, a ring is silent."""
    x, y, r = mark.x, mark.y, mark.radius
    match mark.site.tone:
        case Tone.WARN:
            r *= 1.25
            return f'<path d="M{x:.1f} {y - r:.1f}L{x + r:.1f} {y + 0.8 * r:.1f}H{x - r:.1f}Z"/>'
        case Tone.BAD:
            return (
                f'<rect x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:.1f}" height="{2 * r:.1f}"/>'
            )
        case _:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>'


def _label(mark: Mark, taken: list[tuple[float, float, float, float]]) -> str:
    """Right or left of its mark, below or above it, where nothing else stands; else none: the
    title and the list have it."""
    name = mark.site.name
    name = name if len(name) <= LABEL else name[: LABEL - 1] + "…"
    width = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.6 for letter in name)
    gap = mark.radius + 6
    for x, y in (
        (mark.x + gap, mark.y), (mark.x - gap - width, mark.y),
        (mark.x - width / 2, mark.y + gap + 8), (mark.x - width / 2, mark.y - gap - 6),
    ):  # fmt: skip
        box = (x, y - LINE / 2, x + width, y + LINE / 2)
        inside = box[0] > 0 and box[2] < WIDTH and box[1] > 0 and box[3] < HEIGHT - 30
        if inside and not any(_meet(box, other) for other in taken):
            taken.append(box)
            return f'<text class="k-name" x="{x:.1f}" y="{y + 4:.1f}">{escape(name)}</text>'
    return ""


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart
