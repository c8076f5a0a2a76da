"""An appointment's offices, times and terms in an item file: what the rule finds."""

from __future__ import annotations

import msgspec
import pytest

import fakes
from kiosk.services.fields import Words
from kiosk.services.item import Booking, Item, Office
from kiosk.services.lint_outcome import RULES

RULE = next(rule for rule in RULES if rule.name == "booking-coherent")
W = Words("字", "word")


def wedding() -> Item:
    item = fakes.shipped().find(fakes.MARRIAGE)
    assert item is not None
    return item


def found(**changes: object) -> list[tuple[str | int, ...]]:
    """Where the rule finds something wrong."""
    item = wedding()
    assert item.booking is not None
    booking: Booking = msgspec.structs.replace(item.booking, **changes)
    return [where for where, _why in RULE.check(msgspec.structs.replace(item, booking=booking))]


def office(**changes: object) -> tuple[Office, ...]:
    booking = wedding().booking
    assert booking is not None
    first, second = booking.offices
    return first, msgspec.structs.replace(second, **changes)


def test_the_shipped_item_is_well() -> None:
    assert found() == []
    booking = wedding().booking
    assert booking is not None
    assert [one.code for one in booking.offices] == ["county", "hexi"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"office": ""}, ("booking", "office")),
        ({"office": "phone"}, ("booking", "office")),
        ({"offices": office()[:1]}, ("booking", "offices")),
        ({"offices": office(code="moon")}, ("booking", "offices")),
        ({"offices": office(capacity=-1)}, ("booking", "offices", 1, "capacity")),
        ({"offices": office(weekdays=(0,))}, ("booking", "offices", 1, "weekdays")),
        ({"offices": office(weekdays=(8,))}, ("booking", "offices", 1, "weekdays")),
        ({"offices": office(closed=("tomorrow",))}, ("booking", "offices", 1, "closed")),
        ({"offices": office(slots=("night",))}, ("booking", "offices", 1, "slots")),
        ({"times": {"morning": ("09:00", "11:30")}}, ("booking", "times")),
        (
            {"times": {"morning": ("9:00", "11:30"), "afternoon": ("14:30", "17:00")}},
            ("booking", "times", "morning"),
        ),
        (
            {"times": {"morning": ("11:30", "09:00"), "afternoon": ("14:30", "17:00")}},
            ("booking", "times", "morning"),
        ),
        (
            {"times": {"morning": ("09:00", "25:00"), "afternoon": ("14:30", "17:00")}},
            ("booking", "times", "morning"),
        ),
        ({"change_hours": -1}, ("booking", "change_hours")),
        ({"moves": -1}, ("booking", "moves")),
        ({"grace_minutes": -1}, ("booking", "grace_minutes")),
    ],
)
def test_each_fault_is_found_where_it_is(
    changes: dict[str, object], where: tuple[str | int, ...]
) -> None:
    assert where in found(**changes)
