"""The small language of played visits: what is pressed, and what is said about it."""

from __future__ import annotations

import re

from kiosk.view import PinBody, State, View

SIGN = "sign:draw"  # write in the field
_DATE = re.compile(r"date:(\d{4})-(\d\d)-(\d\d)")
_PIN = re.compile(r"pin:(\d+)")


def spelled(actions: list[str]) -> list[str]:
    """`date:2024-05-01` is typed: a touch on the year, then eight digits. So is `pin:135790`."""
    presses: list[str] = []
    for action in actions:
        date, pin = _DATE.fullmatch(action), _PIN.fullmatch(action)
        typed = date or pin
        digits = [f"key:{digit}" for digit in "".join(typed.groups())] if typed else [action]
        presses += ["date:year", *digits] if date else digits
    return presses


def told(view: View, action: str) -> str:
    """What is typed as a secret is not told."""
    secret = view.state is State.PIN and action.startswith("key:")
    return f"{view.state.value}: {'key' if secret else action}"


def same_phase(old: View, view: View) -> bool:
    """A countdown runs while a secret is typed: nothing begins again."""
    one, other = old.body, view.body
    if not (isinstance(one, PinBody) and isinstance(other, PinBody)):
        return False
    return (one.kind, one.phase, one.error) == (other.kind, other.phase, other.error)
