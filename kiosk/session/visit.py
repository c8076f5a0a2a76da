"""What one visit knows: where it stands. Everything personal is in its vault."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model import FaceHint, Handling, IdCard, Language, Member, Rung, Text
from kiosk.services.asked import applying, asked_of, kept, merged
from kiosk.services.fields import FormField
from kiosk.services.item import Item
from kiosk.services.needed import Need, missing, needed, standing
from kiosk.session.bills import Bill
from kiosk.session.errand import Around, Purpose
from kiosk.session.filing import Filing, Standing
from kiosk.session.gathering import Gathering
from kiosk.session.vault import Person, Role, Vault
from kiosk.session.whom import gaps, level_of
from kiosk.view import State
from kiosk.wire import CaseMaterial, Record


class Errand(StrEnum):
    """What the card and PIN pages are for just now."""

    SERVICE = "service"  # the citizen's own
    WITNESS = "witness"  # a helper is to confirm who the citizen is
    SIGN_IN = "sign_in"  # somebody who works here signs in


@dataclass(slots=True)
class Problem:
    """Locale key `problem.<code>`, the button `way_out.<way_out>`, and where it leads."""

    code: str
    way_out: str
    target: State
    case_no: str = ""
    other_ways: bool = False
    tries_left: int | None = None
    still: tuple[Text, ...] = ()


@dataclass(slots=True)
class PaperJob:
    """One paper of this visit. `job`: its name at the printer and in the journal. `case_no`: when
    it is not the first case's. `pages`: of certificates, whose sheets are accounted for; else 0."""

    name: str
    job: str = ""
    case_no: str = ""
    pages: int = 0
    rung: Rung = Rung.QUEUED
    trouble: str = ""


@dataclass(slots=True)
class PinEntry:
    """What the PIN page is about: see `view.PinBody`."""

    kind: str
    phase: str = "waiting"
    error: str = ""
    tries_left: int | None = None
    wait: int = 0  # seconds from the last answer: until unlocked, or until a code may be sent again
    again: bool = False


@dataclass(frozen=True, slots=True)
class Browse:
    """What is looked for on the list of services."""

    facet: str = "theme"
    key: str = ""
    words: str = field(default="", repr=False)

    @property
    def narrow(self) -> bool:
        return bool(self.key or self.words)


@dataclass(slots=True)
class Visit:
    """Made at the first touch, wiped at the end. Nothing in it shows in `repr`."""

    language: Language = field(repr=False)
    vault: Vault = field(repr=False)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    started: float = field(default_factory=time.monotonic)
    longer: float = 0.0  # when more time was asked for
    intent: Record | None = field(default=None, repr=False)
    errand: Errand = Errand.SERVICE
    helper: Member | None = None  # who has signed in to act for citizens
    witness: Member | None = None  # who has confirmed, or is about to
    staff: Member | None = None  # who has signed in to mend or fill
    staff_act: str = ""
    staff_said: str = ""
    page: State = State.ATTRACT  # what was shown when the last event came
    browse: Browse = Browse()
    around: Around = field(default_factory=Around)  # what is wanted, if no service
    browsed: bool = False  # back was pressed where all shelves were shown
    item: Item | None = None
    card_found: bool = False
    face_hint: FaceHint = FaceHint.SEARCHING
    ways_reason: str = "chosen"
    pin: PinEntry | None = None
    ticket: str = ""
    parts: tuple[Item, ...] = ()  # of a bundle
    asking: int = 0  # index into `fields`
    row: int | None = None  # whose turn it is on a list of people; None: the list itself
    row_asking: int = 0  # index into the questions about them
    changing: bool = False  # a single answer is being changed from the check page
    error: str = ""
    gathering: Gathering = field(default_factory=Gathering)
    stage: str = "saved"
    cases: list[Filing] = field(default_factory=list)
    bundle: str = ""  # the number that its cases have in common
    bills: list[Bill] = field(default_factory=list)  # what has to be paid before it is submitted
    unable: bool = False  # to pay by phone, or not now
    papers: list[PaperJob] = field(default_factory=list)
    printed: bool = False
    problem: Problem | None = None
    defects: int = 0  # of the program, so far
    resume: State = State.ATTRACT
    seconds_left: int = 0
    outcome: str = "left"

    @property
    def applying(self) -> tuple[Item, ...]:
        """The parts of a bundle that are applied for, as the answers are so far."""
        return applying(self.item, self.parts, self.vault.answers) if self.item else ()

    @property
    def case_no(self) -> str:
        """Of the first case; '' before there is one."""
        return self.cases[0].case_no if self.cases else ""

    @property
    def standing(self) -> Standing | None:
        """Of all cases, when they stand alike."""
        found = {filing.standing for filing in self.cases}
        return found.pop() if len(found) == 1 else None

    @property
    def form(self) -> tuple[FormField, ...]:
        """All questions that there are; of a bundle, those of its parts too."""
        return merged(self.item, self.applying) if self.item else ()

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The questions that are asked, as the answers are so far."""
        return asked_of(self.form, self.vault.answers)

    @property
    def answers(self) -> dict[str, str]:
        """To the questions that are asked."""
        return kept(self.form, self.vault.answers)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The materials that are asked for, as the answers are so far; of a bundle, each once."""
        if self.around.supplement is not None:
            return self.around.supplement.needs
        return needed(self.item, self.applying, self.vault.answers) if self.item else ()

    @property
    def given(self) -> dict[str, CaseMaterial]:
        """Those that are there, by `Need.code`: by the card at once, the others as they came."""
        return standing(self.needs, self.vault.given, card=self.card is not None)

    @property
    def missing_materials(self) -> tuple[Need, ...]:
        return missing(self.needs, self.vault.given, card=self.card is not None)

    @property
    def gathers(self) -> bool:
        """Is anything asked for that the card does not give?"""
        return bool(missing(self.needs, {}, card=self.card is not None))

    @property
    def card(self) -> IdCard | None:
        """The applicant's."""
        return self.vault.card(Role.APPLICANT)

    @property
    def handling(self) -> Handling | None:
        """What the helper's service point may do with the item; None: the citizen acts alone."""
        if self.helper is None or self.item is None:
            return None
        handling: Handling = getattr(self.item.authority, self.helper.level)
        return handling

    @property
    def missing(self) -> tuple[Role, bool] | None:
        """Who must still be known, and whether their card is known already; None: nobody."""
        level = level_of(self.item, collecting=self.around.purpose is Purpose.COLLECT)
        return next(gaps(self.vault, level), None)

    @property
    def turn(self) -> Role:
        """Whom the pages of identity are about now."""
        if self.errand is Errand.WITNESS:
            return Role.HELPER
        if self.errand is Errand.SIGN_IN:
            return Role.STAFF
        return self.missing[0] if self.missing else Role.APPLICANT

    @property
    def subject(self) -> Person:
        """Who is to be shown to be the card's owner."""
        assert self.missing is not None
        return self.vault.people[self.missing[0]]

    @property
    def answerable(self) -> IdCard:
        """Whose phone and PIN count for the subject: a child's guardian's."""
        card = self.subject.card
        guardian = self.vault.card(Role.GUARDIAN)
        return guardian if guardian is not None and card is self.card else card

    def next_item(self) -> None:
        """The same people want another service."""
        self.vault.forget_item()
        fresh = Visit(self.language, self.vault)
        for name in _OF_ITEM:
            setattr(self, name, getattr(fresh, name))


_OF_ITEM = (
    "item", "card_found", "ways_reason", "pin", "ticket", "parts", "asking", "row",
    "row_asking", "changing", "error", "gathering", "stage",
    "cases", "bundle", "papers", "printed", "problem", "outcome",
    "bills", "unable", "around",
)  # fmt: skip
