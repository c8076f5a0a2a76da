"""What earlier cases left is asked for once, while the list of materials is shown."""

from __future__ import annotations

from kiosk import events as e
from kiosk.services.materials import Source
from kiosk.services.needed import allowed
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import Visit

SECONDS = 4.0


async def ask_archive(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Ends in `EarlierFound`, unless nothing could come of it. No answer is nothing on file."""
    kinds = {
        kind
        for need in visit.needs
        if Source.EARLIER in allowed(need.material)
        for kind in need.material.kinds
    }
    if terminal.archive is None or visit.card is None or not kinds:
        return
    filed = await terminal.archive.on_file(visit.card.number, kinds, SECONDS)
    later = visit.around.supplement
    own = later.case_no if later else ""  # what a case lacks it cannot give to itself
    visit.vault.filed = tuple(one for one in filed or () if one.case_no != own)
    post(e.EarlierFound())
