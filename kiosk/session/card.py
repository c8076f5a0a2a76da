"""The card step: wait for a card at any reader, read it, say what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from kiosk import events as e
from kiosk.model import CardFault, CardType
from kiosk.ports import CardReader
from kiosk.services.item import Document
from kiosk.session.post import Post

RETRY_SECONDS = 5.0

_DOCUMENTS = {
    CardType.SOCIAL_SECURITY: Document.SOCIAL_SECURITY_CARD,
    CardType.PASSPORT: Document.PASSPORT,
}


async def read_card(
    readers: Sequence[CardReader], accepted: Collection[Document], post: Post, *, expired: bool
) -> None:
    """Read the first card that is put down, once; cancelled when the page is left.

    `expired`: a card whose validity has ended will do.
    """
    reader = await _arrival(readers)
    if isinstance(reader, CardFault):
        post(e.CardFailed(reader))
        return
    post(e.CardFound())
    card = await reader.read(expired=expired)
    if not isinstance(card, CardFault) and document_of(card.card_type) not in accepted:
        card = CardFault.NOT_ACCEPTED
    post(e.CardFailed(card) if isinstance(card, CardFault) else e.CardRead(card))


async def await_card(readers: Sequence[CardReader], post: Post) -> None:
    """On the idle page: a card that is put down begins a visit. It is read later, if needed."""
    while True:
        if not isinstance(await _arrival(readers, fresh=readers), CardFault):
            post(e.CardFound())
            return
        await asyncio.sleep(RETRY_SECONDS)


async def watch_card(readers: Sequence[CardReader], known: Collection[str], post: Post) -> None:
    """In a visit: tells of a card that is put down and is of nobody in `known` (card numbers).

    A card that can't be read tells nothing and is tried again; the visit goes on. Another may have
    come while one was read; so at a reader that has read one, the next need not be seen to come.
    """
    fresh = list(readers)
    while True:
        reader = await _arrival(readers, fresh=fresh)
        if isinstance(reader, CardFault):
            await asyncio.sleep(RETRY_SECONDS)
            continue
        fresh = [one for one in fresh if one is not reader]
        card = await reader.read(expired=True)
        if isinstance(card, CardFault):
            await asyncio.sleep(RETRY_SECONDS)
        elif card.number not in known:
            post(e.CardSwapped())
            return


def document_of(card_type: CardType) -> Document:
    """Every layout of the SDT readers is an ID card."""
    return _DOCUMENTS.get(card_type, Document.ID_CARD)


async def _arrival(
    readers: Sequence[CardReader], fresh: Collection[CardReader] = ()
) -> CardReader | CardFault:
    """The reader where a card lies; a fault when none of them can be used.

    `fresh`: those whose card must be seen to come.
    """
    waits = {
        asyncio.create_task(reader.arrival(fresh=reader in fresh)): reader for reader in readers
    }
    try:
        while waits:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                reader = waits.pop(task)
                if task.result() is None:
                    return reader
        return CardFault.NO_READER
    finally:
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
