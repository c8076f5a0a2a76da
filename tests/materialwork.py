"""A citizen who gathers materials on a terminal of fakes: cameras, archives, and steps."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from PIL import Image, ImageDraw

import fakes
from fakes import Bench, FakeDevice
from kiosk import events as e
from kiosk.model import (
    DeviceState,
    DeviceStatus,
    Page,
    PageHint,
    ScanFault,
)
from kiosk.ports import OnPageHint
from kiosk.services.fields import Words
from kiosk.services.item import Item
from kiosk.services.load import Catalogue
from kiosk.services.materials import Material, Source
from kiosk.view import (
    Body,
    CommitmentBody,
    MaterialsBody,
    ScanBody,
    State,
)
from kiosk.wire import Filed

B = TypeVar("B")
PROOF = "residence_proof"
ANSWERS = {
    "address_unit": "3-502", "moved_in": "2024-05-01", "reason": "work", "phone": "13800138000",
}  # fmt: skip


def jpeg(number: int = 1, *, ground: int = 240) -> bytes:
    image = Image.new("RGB", (600, 850), (ground,) * 3)
    if ground:
        ImageDraw.Draw(image).text((60, 60), f"page {number}", fill=(10, 10, 10))
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


@dataclass
class FakeDocumentCamera(FakeDevice):
    """Gives one thing after the other; then waits, as over an empty plate."""

    answers: list[Page | ScanFault] = field(default_factory=list)
    asked: int = 0

    async def capture(self, on_hint: OnPageHint, seconds: float) -> Page | ScanFault:
        self.asked += 1
        on_hint(PageHint.BLURRED)
        await asyncio.sleep(0)
        if not self.answers:
            await asyncio.sleep(seconds)
            return ScanFault.TIMED_OUT
        return self.answers.pop(0)

    async def bind(self, pages: Sequence[Page], max_bytes: int) -> bytes | ScanFault:
        """No PDF, but as large as its pages."""
        bound = b"".join(bytes(page.jpeg) for page in pages)
        return bound if len(bound) <= max_bytes else ScanFault.TOO_LONG


@dataclass
class FakeArchive:
    filed: tuple[Filed, ...] | None = ()
    asked: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    async def on_file(
        self, number: str, kinds: Collection[str], seconds: float
    ) -> tuple[Filed, ...] | None:
        self.asked.append((number, frozenset(kinds)))
        return self.filed


def camera(bench: Bench, *answers: Page | ScanFault) -> FakeDocumentCamera:
    made = FakeDocumentCamera("doccam", answers=list(answers))
    bench.terminal.devices.beside = {"doccam": made}
    bench.terminal.condition.statuses["doccam"] = DeviceStatus("doccam", DeviceState.ONLINE)
    return made


def pages(*numbers: int) -> list[Page]:
    return [Page(600, 850, jpeg(number)) for number in numbers]


def asks(bench: Bench, *materials: Material) -> Item:
    """The residence item asks for these as well."""
    known = bench.terminal.catalogue
    items = tuple(
        msgspec.structs.replace(one, materials=(*one.materials, *materials))
        if one.task_code == fakes.RESIDENCE else one
        for one in known.items
    )  # fmt: skip
    bench.terminal.catalogue = Catalogue(items, known.version)
    found = bench.terminal.catalogue.find(fakes.RESIDENCE)
    assert found is not None
    return found


def main(code: str, *sources: Source, **more: Any) -> Material:
    name = Words(f"材料{code}", f"Material {code}")
    base: dict[str, Any] = {"sources": sources, "kinds": (code,)}
    return Material(name, code, **{**base, **more})


async def act(bench: Bench, *events: e.Event) -> Body:
    """One after the other, each on the page that the one before has led to."""
    for event in events:
        serial = bench.view.serial
        bench.post(event)
        async with asyncio.timeout(60):
            while bench.view.serial == serial:
                await asyncio.sleep(0.002)
    return bench.view.body


async def to_materials(bench: Bench) -> MaterialsBody:
    bench.post(e.Touched(), e.ServiceChosen(fakes.RESIDENCE), e.GuideAccepted())
    await bench.until(State.QUESTION)
    for name, value in ANSWERS.items():
        await act(bench, e.Answered(name, value))
    return shown(bench, MaterialsBody)


async def to_scan(bench: Bench) -> ScanBody:
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("scan"))
    assert bench.view.state is State.SCAN
    return await phase(bench, "review")


async def to_promise(bench: Bench) -> CommitmentBody:
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("promise"))
    return shown(bench, CommitmentBody)


async def phase(bench: Bench, name: str) -> ScanBody:
    async with asyncio.timeout(60):
        while not (isinstance(bench.view.body, ScanBody) and bench.view.body.phase == name):
            await asyncio.sleep(0.002)
    return bench.view.body


def shown(bench: Bench, kind: type[B]) -> B:
    body = bench.view.body
    assert isinstance(body, kind), bench.view.state
    return body


def shown_ways(body: Body) -> dict[str, str]:
    assert isinstance(body, MaterialsBody)
    return {way.name: way.why_not for way in body.ways}
