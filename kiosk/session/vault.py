"""Everything personal of a visit: one object, with one owner, that forgets it all at once."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model import CaseStory, CodeSent, IdCard
from kiosk.ports import Appointment, FrameSlot
from kiosk.wire import CaseMaterial, Filed


class Role(StrEnum):
    """In what capacity somebody is here."""

    APPLICANT = "applicant"
    SECOND = "second"  # of two people who apply together
    GUARDIAN = "guardian"  # of an applicant who is a child
    HELPER = "helper"
    STAFF = "staff"  # who signs in


class Proof(StrEnum):
    """How somebody was shown to be the card's owner; the word goes into the case."""

    NONE = ""
    FACE = "face"
    CODE = "code"
    PIN = "pin"
    WITNESS = "witness"
    CAPTURED = "captured_not_compared"  # a demonstration's: the face was only framed


@dataclass(slots=True)
class Person:
    """Somebody whose card was read. `no_face`: why the camera can't help: no_camera, no_model,
    no_portrait; '' when it can. `comparable`: with the card's portrait, by a model pack."""

    card: IdCard = field(repr=False)
    proof: Proof = Proof.NONE
    consent: bool | None = None  # to the camera; None: not asked
    face_tries: int = 0
    no_face: str = ""
    comparable: bool = False
    not_registered: set[str] = field(default_factory=set)  # of the ways code, pin


@dataclass(slots=True)
class Scan:
    """A scanned page: JPEG, which is overwritten in the end, and its SHA-256 (hex)."""

    jpeg: bytearray = field(repr=False)
    digest: str = field(repr=False)

    @classmethod
    def of(cls, jpeg: bytes) -> Scan:
        return cls(bytearray(jpeg), hashlib.sha256(jpeg).hexdigest())

    def wipe(self) -> None:
        self.jpeg[:] = bytes(len(self.jpeg))


@dataclass(slots=True)
class Vault:
    """`secret`: a PIN or code between being typed and being judged. `attempt`: a refused answer.
    `row`: the answers about somebody who is being put on a list. `given`, `scans`: what was given
    of the materials, and the pages of those that were scanned, by `needed.Need.code`; `pages`: of
    the one that is being scanned, `page` the one that is looked at; `filed`: what earlier cases
    left, None while nobody was asked. `certificates`, `results`: by case number.

    Python can't overwrite a string. The vault drops every reference; the terminal's processes run
    with an allocator that overwrites what is freed (see docs/privacy.md).
    """

    frames: FrameSlot
    people: dict[Role, Person] = field(default_factory=dict, repr=False)
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    row: dict[str, str] = field(default_factory=dict, repr=False)
    attempt: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    sent: CodeSent | None = field(default=None, repr=False)
    signature: dict[str, str] = field(default_factory=dict, repr=False)
    given: dict[str, CaseMaterial] = field(default_factory=dict, repr=False)
    scans: dict[str, list[Scan]] = field(default_factory=dict, repr=False)
    pages: list[Scan] = field(default_factory=list, repr=False)
    page: Scan | None = field(default=None, repr=False)
    filed: tuple[Filed, ...] | None = field(default=None, repr=False)
    certificates: dict[str, bytes] = field(default_factory=dict, repr=False)
    results: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict, repr=False)

    stories: tuple[CaseStory, ...] = field(default=(), repr=False)  # of cases that were asked for
    appointments: tuple[Appointment, ...] | None = field(default=(), repr=False)  # None: not told
    complaint: dict[str, str] = field(default_factory=dict, repr=False)  # what is said in it

    def card(self, role: Role) -> IdCard | None:
        person = self.people.get(role)
        return person.card if person else None

    def numbers(self) -> set[str]:
        """Of everybody who is known here."""
        return {person.card.number for person in self.people.values()}

    def forget_page(self) -> None:
        """The page that is looked at, on the screen too."""
        if self.page is not None:
            self.page.wipe()
        self.page = None
        self.frames.wipe()

    def forget_pages(self) -> None:
        """Of the material that is being scanned."""
        self.forget_page()
        for scan in self.pages:
            scan.wipe()
        self.pages = []

    def forget_material(self, code: str) -> None:
        self.given.pop(code, None)
        for scan in self.scans.pop(code, []):
            scan.wipe()

    def forget_materials(self) -> None:
        self.forget_pages()
        for code in [*self.given, *self.scans]:
            self.forget_material(code)
        self.filed = None

    def forget_item(self) -> None:
        """Who is here stays known for the next service; what they said is forgotten."""
        self.answers.clear()
        self.row.clear()
        self.forget_materials()
        self.signature = {}
        self.attempt = self.secret = ""
        self.sent = None
        self.stories = ()
        self.appointments = ()
        self.complaint.clear()
        self.certificates.clear()
        self.results.clear()

    def wipe(self) -> dict[str, int]:
        """Forget everything; how many things of each kind there were."""
        counts = {
            "cards": len(self.people),
            "portraits": sum(bool(person.card.photo) for person in self.people.values()),
            "answers": len(self.answers),
            "materials": len(self.given),
            "scans": sum(map(len, (*self.scans.values(), self.pages))) + (self.page is not None),
            "signatures": int(bool(self.signature)),
            "certificates": len(self.certificates),
            "results": sum(map(len, self.results.values())),
            "enquiries": len(self.stories) + len(self.complaint),
        }
        self.people.clear()
        self.forget_item()
        self.frames.wipe()
        gc.collect()  # what hangs in cycles is freed, and so overwritten, now
        return counts
