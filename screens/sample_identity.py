"""Sample views of the pages that find out who somebody is, and of those for staff."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import FaceHint, Rung, Text
from kiosk.view import (
    Body,
    CardBody,
    ConsentBody,
    DeviceRow,
    FaceBody,
    Paper,
    PinBody,
    ServicesBody,
    ServiceTile,
    StaffBody,
    State,
    TicketBody,
    Way,
    WaysBody,
    WitnessBody,
)

Samples = dict[str, tuple[State, Body]]

_PHONE = "138****8000"
_CHALLENGES = (FaceHint.TURN_LEFT, FaceHint.TURN_RIGHT, FaceHint.NOD, FaceHint.BLINK)
_WAYS = (Way("desk"), Way("face", "why_not.tries"), Way("code"), Way("pin"),
         Way("helper", "why_not.no_helper"))  # fmt: skip
_HANDLING = ("final", "accept", "carry", "accept", "carry", "final", "final", "final")
_DEVICES = (
    DeviceRow("idcard", "online"),
    DeviceRow("chipcard", "busy"),
    DeviceRow("camera", "hardware_error", "no_picture", "maintenance"),
    DeviceRow("receipt", "online", supplies=(("paper", "low"),)),
    DeviceRow("document", "user_error", "toner_out", "refill",
              (("paper", "full"), ("toner", "out"))),
    DeviceRow("scanner", "online"),
    DeviceRow("doccam", "offline", "silent", "reset"),
    DeviceRow("keypad", "starting"),
    DeviceRow("sensors", "online"),
    DeviceRow("speech", "no_device", "not_fitted"),
)  # fmt: skip
_STAFF = StaffBody("王海生", "administrator", False, True, 3, "1.4.0", _DEVICES,
                   ("test_slip", "close_service"))  # fmt: skip


def bodies(tiles: tuple[ServiceTile, ...], item: Text, purpose: Text) -> Samples:
    """Name of the picture → state and body, in the order of a visit."""
    return {
        **_visits_of_others(tiles, purpose),
        **_faces(),
        "ways": (State.WAYS, WaysBody(_WAYS, "tries", "张*")),
        "ways-refused": (State.WAYS, WaysBody((Way("code"), Way("pin"), Way("desk")), "refused")),
        **_secrets(),
        "witness": (State.WITNESS, WitnessBody("王海生", "张*", "1101**********1221", item)),
        "ticket": (State.TICKET, TicketBody("K012", Paper("ticket", Rung.SENT), item)),
        "ticket-ready": (
            State.TICKET,
            TicketBody("K012", Paper("ticket", Rung.PRESENTED), item, done=True),
        ),
        "ticket-lost": (
            State.TICKET,
            TicketBody("K012", Paper("ticket", Rung.QUEUED, "paper.trouble.no_paper"), item, True),
        ),
    }


def _visits_of_others(tiles: tuple[ServiceTile, ...], purpose: Text) -> Samples:
    handled = tuple(replace(t, handling=h) for t, h in zip(tiles, _HANDLING, strict=True))
    cards = {f"card-{whose}": (State.CARD, CardBody("waiting", ("id_card",), whose))
             for whose in ("second", "guardian", "helper", "staff")}  # fmt: skip
    return {
        "services-known": (State.SERVICES, ServicesBody(tiles, "张*")),
        "services-helper": (State.SERVICES, ServicesBody(handled, "张*", "王*")),
        **cards,
        "consent-matching": (State.CONSENT, ConsentBody("张*", purpose, matching=True)),
        "consent-child": (State.CONSENT, ConsentBody("张*", purpose, True, "李*")),
    }


def _faces() -> Samples:
    hints = (*_CHALLENGES, FaceHint.UNCOVER, FaceHint.COMPARING)
    return {
        f"face-{hint.value}": (State.FACE, FaceBody(hint, 14, 2, 3, matching=True))
        for hint in hints
    }


def _secrets() -> Samples:
    code, pin, staff = PinBody("code", sent_to=_PHONE, most=6), PinBody("pin"), PinBody("staff")
    pages = {
        "code-sending": replace(code, phase="sending", sent_to=""),
        "code-wrong": replace(_wrong(code), again=True),
        "code": replace(code, seconds_left=48),
        "code-failed": replace(code, phase="failed", sent_to="", again=True,
                               error="error.secret.unreachable"),
        "pin-wrong": _wrong(pin),
        "pin": pin,
        "pin-checking": replace(pin, phase="checking"),
        "pin-locked": replace(pin, phase="locked", error="error.secret.locked", seconds_left=272),
        "pin-staff": staff,
    }  # fmt: skip
    return {name: (State.PIN, body) for name, body in pages.items()}


def _wrong(body: PinBody) -> PinBody:
    return replace(body, error="error.secret.wrong", tries_left=2)


def staff() -> Samples:
    """What those see who look after the terminal."""
    closed = replace(_STAFF, closed=True, online=False, waiting=128, said="staff.said.closed",
                     acts=("test_slip", "open_service"))  # fmt: skip
    return {
        "staff": (State.STAFF, _STAFF),
        "staff-closed": (State.STAFF, closed),
        "staff-busy": (State.STAFF, replace(_STAFF, busy=True)),
    }
