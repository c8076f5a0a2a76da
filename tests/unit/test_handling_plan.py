"""Plans of the catalogue's own items: each can be carried out, whatever was handed in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.handling import events as e
from fleet.handling.catalogue import items
from fleet.handling.fold import fold
from fleet.handling.plan import Duty, bare_plan, fault, plan_of
from fleet.handling.states import CaseState
from handlingwork import at
from kiosk import wire
from kiosk.services.calendar import default

ITEMS = items(Path("config/catalogue"))
DUTY = Duty("综合受理岗")
TEXT = st.one_of(st.text(max_size=80), st.sampled_from(["promise", "commitment", "2026-03-06"]))
MATERIALS = st.lists(
    st.builds(wire.CaseMaterial, code=TEXT, source=TEXT, due=TEXT, commitment=TEXT), max_size=3
)


@given(st.sampled_from(sorted(ITEMS)), MATERIALS, st.sampled_from(["", "carry", "final"]))
def test_every_item_has_a_plan(code: str, given_: list[wire.CaseMaterial], handling: str) -> None:
    person = wire.CaseApplicant("张小满", "445299199003072043")
    case = wire.CasePayload(
        "C-1", "KT-0001", code, "1", "", person, {}, "card", handling=handling, materials=given_
    )
    plan = plan_of(ITEMS[code], case, DUTY, date(2026, 3, 2), default())
    assert fault(plan) is None
    assert plan.carried == (handling == "carry")
    for one in plan.promised:
        assert one.due >= "2026-03-02"
    opening = e.Opened(at=at("2026-03-02"), plan=plan)
    if e.valid(opening):  # else the case gets the bare plan
        assert isinstance(fold([opening], default()), CaseState)


def test_a_case_without_an_item_has_the_law() -> None:
    plan = bare_plan("C-1", "T9", "1", DUTY)
    assert (fault(plan), plan.promise, plan.legal) == (None, 20, 20)
    assert e.valid(e.Opened(at=at("2026-03-02"), plan=plan))


def test_a_broken_item_is_left_out(tmp_path: Path) -> None:
    files = {
        "half": b"task_code =",
        "bytes": b"\xff",
        "other": b"a = 1",
    }
    for name, content in files.items():
        (tmp_path / f"{name}.toml").write_bytes(content)
    assert items(tmp_path) == {}


@pytest.mark.parametrize("days", [0, 5])
def test_a_promise_is_never_later_than_the_item_allows(days: int) -> None:
    from handlingstore import item
    from kiosk.services.fields import Words
    from kiosk.services.materials import Material, Source

    material = Material(Words("", ""), "sketch", (Source.PROMISE,), False, correction_day=days)
    case = wire.CasePayload(
        "C-1", "KT-0001", "T1", "1", "", wire.CaseApplicant("张小满", ""), {}, "card",
        materials=[wire.CaseMaterial("sketch", "promise", due="2099-01-01")],
    )  # fmt: skip
    made = item(materials=(material,))
    (one,) = plan_of(made, case, DUTY, date(2026, 3, 2), default()).promised
    assert one.due == {0: "2026-03-02", 5: "2026-03-09"}[days]
