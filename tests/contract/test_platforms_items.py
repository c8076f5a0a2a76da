"""Every item of the catalogue is handled by every platform, to its end."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import datetime

import msgspec
import pytest

import filledforms
from fleet.platform.contract import Reason, Standing, StepEnd
from fleet.platform.deciding import Facts
from fleet.platform.registers import look_up
from fleet.platform.sample import CHINA
from kiosk.services.item import Item, ItemKind
from kiosk.wire import CasePayload
from paperwork import case, number, party
from platformwork import Rig, items, rig

NOW = datetime.now(CHINA)


@pytest.fixture(scope="module", params=["sample", "city", "county"])
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp(request.param)
    with rig(request.param, folder, papers=False) as made:
        yield made


@functools.cache
def application(code: str) -> CasePayload:
    item = items()[code]
    given = filledforms.answers(item, NOW.date())
    born = _born(item, given)
    made = case(f"I-{item.catalog_code}", "", born=born, proof="face", **given)
    return msgspec.structs.replace(
        made, task_code=item.task_code, apply_date=NOW.isoformat(timespec="seconds"),
        parties=[party("second", proof="pin")], materials=filledforms.materials(item, given),
    )  # fmt: skip


def _born(item: Item, given: dict[str, str]) -> str:
    """Of somebody whom the registers know, or nobody in particular."""
    for year in (*range(1985, 2000), *range(1940, 1985)):
        known: Facts | None = look_up(item, number(f"{year}0307"), given, NOW.date())
        if known is not None:
            return f"{year}0307"
    return "19900307"


@pytest.mark.parametrize("code", items())
def test_it_is_decided_or_walked_to_its_end(on: Rig, code: str) -> None:
    item, one = items()[code], application(code)
    decision = on.platform.decide(one)
    outstanding = {Reason.REVIEW, Reason.MATERIALS}
    if decision.state is Standing.PENDING:
        assert decision.reason in outstanding
        on.advance(60)
        reports = on.reports(one.case_no)
        if reports[-1].end is StepEnd.SENT_BACK:  # what could only be promised comes now
            scanned = [msgspec.structs.replace(m, source="scan") for m in one.materials]
            on.platform.supplement(msgspec.structs.replace(one, materials=scanned))
            on.advance(60)
            reports = on.reports(one.case_no)
        assert reports[-1].end in {StepEnd.DONE, StepEnd.SENT_BACK}
    else:
        assert item.kind is not ItemKind.PROMISE
        assert decision.state is Standing.APPROVED, decision.reason
        assert bool(decision.certificate_no) == item.certificate
