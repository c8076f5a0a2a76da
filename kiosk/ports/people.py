"""Who somebody is, without a face; and who works here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk.model import (
    CodeSent,
    Member,
    SecretAnswer,
)


class Credentials(Protocol):
    """What proves a person without a face: asked of the fleet, for it alone knows phones and PINs.

    `number` is that of the person's card; it leaves the terminal encrypted to the fleet's key.
    """

    async def send_code(self, number: str, seconds: float) -> CodeSent | SecretAnswer:
        """Send a one-time code to the phone on file; an answer says why that was not done."""

    async def check_code(self, challenge: str, code: str, seconds: float) -> SecretAnswer: ...

    async def check_pin(self, number: str, pin: str, seconds: float) -> SecretAnswer: ...

    async def close(self) -> None: ...


class StaffRoster(Protocol):
    """Who works at this terminal, and their PINs."""

    def members(self) -> Sequence[Member]: ...

    def find(self, card_number: str) -> Member | None: ...

    def check(self, member: Member, pin: str) -> SecretAnswer:
        """Takes a tenth of a second, on purpose: not for an event loop."""
