"""What a citizen leaves with: a visit's outcome as the lines of a slip.

Pure, but for the templates (`config/receipts`), read once. A slip is bilingual, the visit's
language first, because a clerk may read it later. It shows the masked name and number only.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.model import Receipt
from kiosk.slips.facts import Slip
from kiosk.slips.fill import fill
from kiosk.slips.standing import REASONS, Standing

__all__ = [
    "REASONS",
    "TEMPLATES",
    "Slip",
    "Standing",
    "compose",
]
TEMPLATES: Mapping[Standing, str] = {
    Standing.DECIDED: "completed",
    Standing.ACCEPTED: "acceptance",
    Standing.CARRIED: "carried",
    Standing.PROVISIONAL: "provisional",
    Standing.REFUSED: "refusal",
    Standing.ANSWERED: "answer",
}


def compose(slip: Slip) -> Receipt:
    """The slip from top to bottom."""
    return fill(TEMPLATES[slip.standing], slip, slip.language)
