"""The card step: wait for a card, read it, say what came of it."""

from __future__ import annotations

import asyncio

from kiosk import events as e
from kiosk.model import CardFault
from kiosk.ports import CardReader
from kiosk.session.post import Post

POLL_SECONDS = 0.3


async def read_card(reader: CardReader, post: Post) -> None:
    """Poll until a card lies on the reader, then read it once; cancelled when the page is left."""
    while True:
        found = await reader.find()
        if isinstance(found, CardFault):
            post(e.CardFailed(found))
            return
        if found:
            break
        await asyncio.sleep(POLL_SECONDS)
    post(e.CardFound())
    card = await reader.read()
    post(e.CardFailed(card) if isinstance(card, CardFault) else e.CardRead(card))
