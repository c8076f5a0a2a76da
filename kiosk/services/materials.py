"""What an applicant has to give (材料), and the ways in which it may be given."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kiosk.services.fields import When, Words


class Source(StrEnum):
    """A way to give a material, as an item allows it."""

    CARD = "card"  # the card that was read
    EARLIER = "earlier"  # from an earlier case of the same person, with consent
    SCAN = "scan"  # laid under the camera now
    PROMISE = "promise"  # handed in later (容缺), by a day, with the result withheld
    COMMITMENT = "commitment"  # replaced by a declaration (告知承诺)


class Trust(StrEnum):
    """How far a copy can be trusted (国办函〔2016〕108号)."""

    A = "A"  # issued by the authority
    B = "B"  # verified at a window
    C = "C"  # given by the citizen; the original is looked at
    D = "D"  # declared


class Material(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """材料. `main`: without it nothing is accepted (主要); a secondary one (次要) may come later.

    `sources`: the ways in which it may be given, the best first. `trust`: the least that is
    enough. `valid_days`: how old it may be; 0: any age. `correction_day`: working days in which
    a promised one has to come. `commitment`: what is declared instead. `kinds`: names under which
    a material of another item, or a certificate, is the same thing.
    """

    material_name: Words
    code: str = ""
    sources: tuple[Source, ...] = (Source.CARD,)
    main: bool = True
    trust: Trust = Trust.C
    page_num: int = 1
    valid_days: int = 0
    correction_day: int = 0
    accept_stand: Words = Words("", "")
    fill_explain: Words = Words("", "")
    commitment: Words = Words("", "")
    kinds: tuple[str, ...] = ()
    when: When | None = None
