"""What only the fleet can open: cases, and requests about a person."""

from __future__ import annotations

from msgspec import field

from kiosk.wire.messages import Message


class CaseApplicant(Message, frozen=True):
    name: str
    number: str
    card_type: str = ""
    address: str = ""


class CaseParty(Message, frozen=True):
    """Somebody beside the applicant. `role`: second, guardian, helper. `proof` as in the case.

    `staff`: a helper's id at the terminals.
    """

    role: str
    name: str
    number: str
    card_type: str = ""
    proof: str = ""
    staff: str = ""


class CaseMaterial(Message, frozen=True):
    """One material of the item. `source` as in the catalogue: card, earlier, scan, promise,
    commitment.

    `pages`: SHA-256 (hex) of each scanned page. `case_no`: the earlier case that it comes from.
    `due`: ISO date by which a promised one comes. `commitment`: SHA-256 (hex) of the text that
    was declared instead.
    """

    code: str
    source: str
    pages: list[str] = field(default_factory=list)
    case_no: str = ""
    due: str = ""
    commitment: str = ""


class Filed(Message, frozen=True):
    """Something of a person that an earlier case left. `kind`: as in `Material.kinds` of the
    catalogue; `day`: ISO date on which it was given; `trust`: A to D."""

    kind: str
    case_no: str
    day: str
    trust: str = "C"


class CasePayload(Message, frozen=True, tag="case", tag_field="type"):
    """What travels sealed: one application.

    `identity`: the document that was read, none or card. `proof`: how the applicant was shown to
    be its owner: face, code, pin, witness, captured_not_compared (a face that nothing compared),
    or "" (not asked for). `handling`: what the service point may do, when a helper acts:
    final, accept, carry; "" when the citizen acts alone. `bundle`: the number that the cases of
    one bundle have in common; `joint`: the answers to the bundle's own questions, such as where
    its results are to go. `payment`: the number of the payment that was made for it.
    """

    case_no: str
    terminal: str
    task_code: str
    task_version: str
    apply_date: str  # ISO 8601 with offset
    applicant: CaseApplicant
    answers: dict[str, str]
    identity: str
    proof: str = ""
    parties: list[CaseParty] = field(default_factory=list)
    handling: str = ""
    language: str = "zh_CN"
    signature: dict[str, str] = field(default_factory=dict)  # see `kiosk.signature`
    materials: list[CaseMaterial] = field(default_factory=list)
    catalogue: str = ""  # version of the bundle that the terminal worked by
    bundle: str = ""
    payment: str = ""
    joint: dict[str, str] = field(default_factory=dict)


class IdentityRequest(Message, frozen=True, tag="identity", tag_field="type"):
    """What travels sealed to the gateway about one person. `secret`: a code, a PIN, or "".

    `nonce` (hex) is made for this request and `time` (epoch s) is the terminal's, so that a
    recorded request is refused. Whoever opened it knows `nonce`: the answer proves it (`mac`).
    """

    nonce: str
    time: float
    number: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return "IdentityRequest(...)"
