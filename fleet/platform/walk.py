"""How a case walks through its item's steps: which one ends next, and when. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from kiosk.services import workdays
from kiosk.services.fields import Words
from kiosk.services.item import Item, Stage, Step

DECIDING = (Stage.APPROVAL, Stage.COMPLETION, Stage.NOTICE)
_WHOLE = Step(code="completion", name=Words("办结", "Completion"), stage=Stage.COMPLETION)
_CLERKS = ("周示例", "吴样本", "郑示范", "王样例")


def steps(item: Item) -> tuple[Step, ...]:
    """An item that names no steps is handled in one, within its promise."""
    whole = Step(_WHOLE.code, _WHOLE.name, _WHOLE.stage, day=item.promise_day)
    return item.steps or (whole,)


def first(item: Item) -> Step:
    return next(step for step in steps(item) if not step.after)


def due(item: Item, accepted: date, ended: Mapping[str, date]) -> list[tuple[date, Step]]:
    """Steps that can end next, with the day on which each does, the earliest first."""
    found = []
    for step in steps(item):
        if step.code in ended or not all(code in ended for code in step.after):
            continue
        begun = max((ended[code] for code in step.after), default=accepted)
        found.append((workdays.after(max(begun, accepted), step.day), step))
    return sorted(found, key=lambda one: one[0])


def gate(item: Item) -> str:
    """Before this step ends, everything that was promised has to be there."""
    listed = steps(item)
    return next((step.code for step in listed if step.stage in DECIDING), listed[-1].code)


def clerk(case_no: str, step: str) -> str:
    """The invented person who answers for it: always the same one."""
    draw = hashlib.sha256(f"{case_no} {step}".encode()).digest()[0]
    return _CLERKS[draw % len(_CLERKS)]
