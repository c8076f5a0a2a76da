"""The page on which a fee is paid by phone."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Text


@dataclass(frozen=True, slots=True)
class PaymentBody:
    """`phase`: asking (there is no code yet), waiting, paid, refused, late (the code's time is
    over), returned (another amount was paid), silent (nobody answers), unable (the citizen can't
    pay by phone); locale keys `payment.<phase>`.

    `lines`: what for, and fen of each; `total` in fen. `qr`: what the code on the page says.
    `number` of `count`: which payment, when there are several. `printer`: a ticket for the desk
    can be printed.
    """

    item: Text
    lines: tuple[tuple[Text, int], ...]
    total: int
    payee: Text = Text("", "")
    phase: str = "asking"
    qr: str = field(default="", repr=False)
    seconds_left: int = 0
    number: int = 1
    count: int = 1
    printer: bool = True

    @property
    def page(self) -> str:
        return f"{self.phase} {self.number}"

    @property
    def done(self) -> bool:
        """Paid: nothing can be given up any more."""
        return self.phase == "paid"
