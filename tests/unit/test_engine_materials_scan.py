"""Materials that are scanned in a visit on fakes: what goes into the case, what stays."""

from __future__ import annotations

import gc
import hashlib

import pytest

from fakes import Bench
from kiosk import events as e
from kiosk.model import (
    Page,
    PageHint,
    ScanFault,
)
from kiosk.view import (
    MaterialsBody,
    ScanBody,
    State,
)
from materialwork import (
    PROOF,
    act,
    camera,
    jpeg,
    pages,
    phase,
    to_materials,
    to_scan,
)
from visiting import payload_of, submit


async def test_all_pages_are_scanned_looked_at_and_kept(bench: Bench) -> None:
    taken = pages(1, 2)
    plate = camera(bench, *taken)
    body = await to_scan(bench)
    assert PageHint.BLURRED in {v.body.hint for v in bench.views if isinstance(v.body, ScanBody)}
    assert (body.number, body.total) == (1, 2)
    assert bench.terminal.devices.frames.newest()[1] is not None, "the page is to be seen"
    await act(bench, e.PageKept())
    body = await phase(bench, "turn")
    assert (body.number, plate.asked) == (2, 1), "the first page still lies there"
    assert bench.terminal.devices.frames.newest()[1] is None
    bench.post(e.PageLaid())
    await phase(bench, "review")
    listed = await act(bench, e.PageKept())
    assert isinstance(listed, MaterialsBody)
    assert listed.done
    await act(bench, e.MaterialsConfirmed())
    await submit(bench)
    given = payload_of(bench).materials[1]
    assert given.pages == [hashlib.sha256(page.jpeg).hexdigest() for page in taken]


async def test_a_page_can_be_scanned_again(bench: Bench) -> None:
    camera(bench, *pages(1, 3, 2))
    await to_scan(bench)
    first = bench.engine.visit.vault.page
    assert first is not None
    await act(bench, e.PageAgain())
    await phase(bench, "turn")
    assert set(first.jpeg) == {0}, "what was thrown away is overwritten"
    bench.post(e.PageLaid())
    await phase(bench, "review")
    await act(bench, e.PageKept(), e.PageLaid())
    await phase(bench, "review")
    await act(bench, e.PageKept())
    digests = [hashlib.sha256(jpeg(number)).hexdigest() for number in (3, 2)]
    assert bench.engine.visit.given[PROOF].pages == digests


@pytest.mark.parametrize("fault", list(ScanFault))
async def test_each_fault_of_a_scan_can_be_tried_again_or_left(
    bench: Bench, fault: ScanFault
) -> None:
    plate = camera(bench, fault, *pages(1))
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("scan"))
    assert (await phase(bench, "failed")).fault == fault
    await act(bench, e.PageAgain())
    await phase(bench, "review")
    assert plate.asked == 2
    assert isinstance(await act(bench, e.WentBack()), MaterialsBody)


@pytest.mark.parametrize(
    "bad", [b"", b"no picture", jpeg()[:400], jpeg(ground=0)], ids=["empty", "text", "cut", "black"]
)
async def test_a_page_that_is_no_picture_or_black_is_not_taken(bench: Bench, bad: bytes) -> None:
    camera(bench, Page(600, 850, bad))
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("scan"))
    assert (await phase(bench, "failed")).fault == ScanFault.NOT_READABLE
    assert bench.engine.visit.vault.page is None


async def test_a_second_press_keeps_no_second_page(bench: Bench) -> None:
    camera(bench, *pages(1, 2))
    await to_scan(bench)
    await act(bench, e.PageKept(), e.PageKept())
    assert len(bench.engine.visit.vault.pages) == 1


async def test_another_way_takes_the_place_of_the_scan(bench: Bench) -> None:
    camera(bench, *pages(1, 2))
    await to_scan(bench)
    await act(bench, e.PageKept(), e.PageLaid())
    await phase(bench, "review")
    await act(bench, e.PageKept())
    [first, _] = bench.engine.visit.vault.scans[PROOF]
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("promise"), e.TextAgreed())
    assert bench.engine.visit.vault.scans == {}
    assert set(first.jpeg) == {0}


async def test_pages_are_overwritten_counted_and_gone(bench: Bench) -> None:
    camera(bench, *pages(1, 2))
    await to_scan(bench)
    await act(bench, e.PageKept(), e.PageLaid())
    await phase(bench, "review")
    vault = bench.engine.visit.vault
    held = [*vault.pages, vault.page]
    bench.post(e.Left())
    await bench.until(State.ATTRACT)
    assert all(scan is not None and set(scan.jpeg) == {0} for scan in held)
    assert bench.terminal.devices.frames.newest()[1] is None
    [ended] = bench.data("session.outcome")
    assert (ended["wiped"]["scans"], ended["wiped"]["materials"]) == (2, 0)
    del held, vault
    gc.collect()
    raw = jpeg(2)
    assert not [o for o in gc.get_objects() if isinstance(o, Page) and o.jpeg == raw]
