"""A simulated ID card reader with the sample decoder; shared by its contract suites."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from drivers import registry
from drivers.idcard import sample_decoder
from drivers.idcard.simulator import PORTRAITS
from drivers.options import Site
from drivers.statefile import replace_json
from kiosk.model import CardFault, IdCard
from kiosk.ports import CardReader

LIMIT = 15.0
DECODER = f"program:{sys.executable} -I -S {sample_decoder.__file__}"


class Station:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        options = {"port": str(folder / "idcard.tty"),
                   "photo_decoder": f"{DECODER} {folder / PORTRAITS}"}  # fmt: skip
        self.reader: CardReader = registry.build("idcard", "sdt_serial", options, Site())

    def put(self, **state: object) -> None:
        replace_json(self._folder / "idcard.json", state)

    async def read(self) -> IdCard | CardFault:
        async with asyncio.timeout(LIMIT):
            assert await self.reader.arrival() is None
            return await self.reader.read()

    async def photo(self) -> str:
        return str((await self.reader.status()).readings["photo"])


def opened(photo: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(photo))
    image.load()
    return image


async def until(happens: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not happens():
            await asyncio.sleep(0.02)
