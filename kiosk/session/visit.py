"""Everything that one visit knows: the only place of a citizen's data; `wipe` empties it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.model import FaceHint, IdCard, Language, Rung
from kiosk.services.item import FormField, Item
from kiosk.view import State
from kiosk.wire import Record


class FaceStanding(StrEnum):
    """What is known of the face; the value goes into the case."""

    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    CAPTURED = "captured_not_compared"


class Standing(StrEnum):
    """How a submission came out."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    PROVISIONAL = "provisional"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    INTERRUPTED = "interrupted"


@dataclass(slots=True)
class Problem:
    """Locale key `problem.<code>`, the button `way_out.<way_out>`, and where it leads."""

    code: str
    way_out: str
    target: State
    case_no: str = ""


@dataclass(slots=True)
class PaperJob:
    """One paper of this visit."""

    name: str
    rung: Rung = Rung.QUEUED
    trouble: str = ""


@dataclass(slots=True)
class Visit:
    """Made at the first touch, wiped at the end. Nothing in it shows in `repr`."""

    language: Language = field(repr=False)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    started: float = field(default_factory=time.monotonic)
    intent: Record | None = field(default=None, repr=False)
    item: Item | None = None
    card: IdCard | None = field(default=None, repr=False)
    card_found: bool = False
    face: FaceStanding = FaceStanding.NOT_ASKED
    face_tries: int = 0
    face_hint: FaceHint = FaceHint.SEARCHING
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    asking: int = 0  # index into the item's fields
    changing: bool = False  # a single answer is being changed from the check page
    attempt: str = field(default="", repr=False)  # the refused value, to be mended
    error: str = ""
    stage: str = "saved"
    case: Record | None = field(default=None, repr=False)
    case_no: str = ""
    standing: Standing | None = None
    due_date: str = ""
    reason: str = ""
    certificate_no: str = ""
    certificate: bytes = field(default=b"", repr=False)
    result: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    papers: list[PaperJob] = field(default_factory=list)
    printed: bool = False
    problem: Problem | None = None
    resume: State = State.ATTRACT
    seconds_left: int = 0
    outcome: str = "left"

    @property
    def fields(self) -> tuple[FormField, ...]:
        return self.item.fields if self.item else ()

    def wipe(self) -> None:
        """Forget the citizen. Python can't overwrite strings; it can drop every reference."""
        self.card = None
        self.answers.clear()
        self.attempt = ""
        self.certificate = b""
        self.result = ()
        self.case = None
