"""The page for those who look after the terminal, and the door to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk import events
from kiosk.model import DeviceState, Language, StaffRole, SupplyLevel
from kiosk.view import DeviceRow, StaffBody, State

DEVICES = ("idcard", "chipcard", "camera", "receipt", "document", "scanner", "doccam", "keypad",
           "sensors", "speech")  # fmt: skip
WORST = tuple(
    DeviceRow(name, "user_error", "recoverable_error", "configuration",
              (("paper", "not_supported"), ("toner", "jammed")))
    for name in DEVICES
)  # fmt: skip


def seen(stage: Any) -> list[str]:
    """The devices that can be read whole now."""
    page = stage.page()
    window = page._scroll.window
    lines = [line for line in page._devices if line.parent is not None]
    return [line._name.raw for line in lines
            if window.y <= line.y + 1 and line.top - 1 <= window.top]  # fmt: skip


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("leave", [False, True])
def test_ten_devices_in_the_worst_state_fit_and_can_all_be_read(
    stage: Any, language: Language, leave: bool
) -> None:
    from screens.samples import bodies
    from screens.step import frames

    stage.show("rating", language)
    _, body = bodies()["staff-closed"]
    view = stage.show_body(State.STAFF, replace(body, devices=WORST), language)
    stage.app.show(replace(view, can_leave=leave))
    frames(4)
    assert stage.faults() == []
    names = {stage.app.look.words.say(f"device.{device}", language) for device in DEVICES}
    read = set(seen(stage))
    while "page_down" in stage.app.targets():
        stage.press("page_down")
        read |= set(seen(stage))
    assert read == names


def test_well_devices_fit_without_turning_pages(stage: Any) -> None:
    for language in Language:
        stage.show("staff", language, devices=tuple(DeviceRow(n, "online") for n in DEVICES))
        assert len(seen(stage)) == 10
        assert "page_down" not in stage.app.targets()


@pytest.mark.parametrize("state", list(DeviceState))
@pytest.mark.parametrize("language", list(Language))
def test_every_state_and_level_has_words(stage: Any, state: str, language: Language) -> None:
    rows = tuple(DeviceRow("receipt", state, supplies=(("paper", level),)) for level in SupplyLevel)
    stage.show("staff", language, devices=rows)
    assert stage.faults() == []
    assert len({line._supplies.raw for line in stage.page()._devices[: len(rows)]}) == len(rows)


def test_what_is_not_fitted_is_no_fault(portrait: Any) -> None:
    rows = (DeviceRow("speech", "no_device", "not_fitted", "configuration"),
            DeviceRow("camera", "no_device", "not_connected", "maintenance"))  # fmt: skip
    portrait.show("staff", Language.EN, devices=rows)
    absent, broken = portrait.page()._devices[:2]
    assert absent._state.raw == "not fitted"
    assert "please call maintenance" in broken._state.raw
    assert tuple(absent._state.color) != tuple(broken._state.color)


@pytest.mark.parametrize("role", list(StaffRole))
@pytest.mark.parametrize("said", ["printed", "not_printed", "closed", "opened"])
def test_every_role_and_outcome_fits(stage: Any, role: str, said: str) -> None:
    for language in Language:
        stage.show("staff", language, role=role, said=f"staff.said.{said}")
        assert stage.faults() == []
    words = stage.app.look.words
    assert words.say(f"staff.said.{said}", Language.EN) in stage.said()
    assert words.say(f"staff.role.{role}", Language.EN) in stage.said()


def test_nothing_can_be_begun_while_an_act_runs_but_one_can_go(stage: Any) -> None:
    stage.show("staff-busy", Language.ZH)
    offered = set(stage.app.targets())
    assert not [action for action in offered if action.startswith("staff:")]
    assert "sign_out" in offered


def test_only_what_may_be_done_is_offered(stage: Any) -> None:
    stage.show("staff", Language.ZH, acts=("test_slip",), role="operator")
    assert {a for a in stage.app.targets() if a.startswith("staff:")} == {"staff:test_slip"}


def test_the_network_and_what_waits_are_told(portrait: Any) -> None:
    portrait.show("staff-closed", Language.EN)
    assert {"Closed", "Down", "128", "1.4.0"} <= set(portrait.said())


def test_nothing_of_a_member_stays(stage: Any) -> None:
    stage.show("staff", Language.ZH)
    screen = stage.page()
    assert screen._name.raw == "王海生"
    stage.show("attract", Language.ZH)
    assert screen._name.raw == ""


# ---- The door --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["attract", "out-of-service"])
def test_the_door_is_there_only_when_somebody_can_sign_in(stage: Any, name: str) -> None:
    stage.show(name, Language.ZH, staff=False)
    assert "staff" not in stage.app.targets()
    stage.show(name, Language.ZH, staff=True)
    door = stage.app.targets()["staff"]
    assert door.height >= stage.app.look.u(60)
    assert door.width >= stage.app.look.u(120)


def test_the_door_does_not_begin_a_visit(stage: Any) -> None:
    stage.show("attract-staff", Language.ZH)
    stage.press("staff")
    assert [type(event) for event in stage.posted] == [events.StaffEntered]


def test_where_no_door_is_a_touch_begins_a_visit(stage: Any) -> None:
    """On the clock, for one."""
    from screens.player import Finger
    from screens.step import frames

    stage.show("attract", Language.ZH)
    stage.app.gate.shown(new_page=False)
    finger = Finger(1, stage.app.look.width / 2, stage.app.look.height * 0.8)
    finger.down()
    frames(1)
    finger.up()
    frames(1)
    assert [type(event) for event in stage.posted] == [events.Touched]


def test_a_body_holds_no_name_in_its_repr() -> None:
    body = StaffBody("王海生", "operator", False, True, 0, "1", (), ())
    assert "王海生" not in repr(body)
