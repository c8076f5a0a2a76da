"""Pages that find out who somebody is."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import FaceHint, Text


@dataclass(frozen=True, slots=True)
class CardBody:
    """`phase`: waiting (put it down) or reading (leave it there).

    `whose`: applicant, second, guardian, helper (who is to confirm) or staff (who signs in).
    `documents`: what may be put down, locale keys `document.<name>`.
    """

    phase: str = "waiting"
    documents: tuple[str, ...] = ("id_card",)
    whose: str = "applicant"


@dataclass(frozen=True, slots=True)
class ConsentBody:
    """`name_masked`: whose face it is: 张*. `guardian`: masked, who is asked for a child.

    `matching` False: in a demonstration without a model pack the face is framed, not compared.
    """

    name_masked: str = field(default="", repr=False)
    purpose: Text = Text("", "")
    matching: bool = False
    guardian: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FaceBody:
    """`number` of `tries`: which try this is. A hint may be a challenge: turn_left, nod, ..."""

    hint: FaceHint = FaceHint.SEARCHING
    seconds_left: int = 30
    number: int = 1
    tries: int = 3
    matching: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """`name`: face, code, pin, helper, desk: locale keys `way.<name>` and `way.<name>.hint`.

    `why_not`: locale key `why_not.<reason>` when it can't be gone now, or ''.
    """

    name: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class WaysBody:
    """`reason`: why another way is needed, locale key `ways.<reason>`: refused (the citizen said
    no), tries (three went wrong), no_camera, no_model, no_portrait, chosen, not_agreed."""

    ways: tuple[Way, ...]
    reason: str = "chosen"
    name_masked: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PinBody:
    """`kind`: code (one-time, from the phone), pin (the citizen's), staff (a helper's, or staff's).

    `phase`: sending (of the code), waiting (for keys), checking, locked (until `seconds_left` is
    0), failed (no code could be sent: see `error`). `sent_to`: the masked phone. `error`: locale
    key or ''; `tries_left` None: not told. `again`: a new code may be asked for now.
    """

    kind: str
    phase: str = "waiting"
    least: int = 6
    most: int = 12
    sent_to: str = field(default="", repr=False)
    error: str = ""
    tries_left: int | None = None
    seconds_left: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class WitnessBody:
    """A helper looks at person and card. Names and number come masked."""

    helper: str = field(repr=False)
    name_masked: str = field(repr=False)
    number_masked: str = field(repr=False)
    item: Text = Text("", "")
