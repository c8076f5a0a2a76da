"""The scan step: one page under the document camera, then its picture to be looked at.

The page itself stays in the vault; the screen gets a small picture of it, through the frame slot
that shows the camera's live pictures before.
"""

from __future__ import annotations

import asyncio
import io
from typing import cast

from kiosk import events as e
from kiosk.model import ScanFault
from kiosk.ports import DocumentCamera
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit
from kiosk.wire import MAX_PAGE

SECONDS = 45.0  # for one page; less than a citizen may be idle
SHOWN = (960, 960)  # pixels at most of a page on the screen
MOST_PIXELS = 4096 * 4096
DARKEST = 32  # grey level of the brightest spot of a page on which nothing can be seen

Shown = tuple[int, int, bytes]  # width, height, BGR


async def scan_page(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `PageCaptured` or `ScanFailed`; does nothing while the citizen has to act first."""
    if visit.vault.page is not None or visit.gathering.fault or visit.gathering.arranging:
        return
    camera = terminal.devices.beside.get("doccam")
    if camera is None:
        post(e.ScanFailed(ScanFault.NO_SCANNER))
        return
    page = await cast(DocumentCamera, camera).capture(
        lambda hint: post(e.PageHinted(hint)), SECONDS
    )
    if isinstance(page, ScanFault):
        post(e.ScanFailed(page))
        return
    if len(page.jpeg) > MAX_PAGE:
        post(e.ScanFailed(ScanFault.TOO_LONG))
        return
    shown = await asyncio.to_thread(picture, page.jpeg)
    if shown is None:
        post(e.ScanFailed(ScanFault.NOT_READABLE))
        return
    visit.vault.frames.put(*shown)
    post(e.PageCaptured(page))


def picture(jpeg: bytes) -> Shown | None:
    """Small enough for the screen; None: no picture, a huge one, or a black one."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", SHOWN)
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # Pillow's, of no JPEG
        return None
    small.thumbnail(SHOWN)
    brightest = small.convert("L").getextrema()[1]
    if not isinstance(brightest, int | float) or brightest < DARKEST:
        return None
    return small.width, small.height, small.tobytes("raw", "BGR")
