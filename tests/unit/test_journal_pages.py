"""Scanned pages beside the records: sealed, with their case or not at all, until they are held."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import fakes
from fakes import Bench
from kiosk import events as e
from kiosk import wire
from kiosk.journal import Journal
from kiosk.model import Page, ScanFault
from kiosk.wire import PageFault
from materialwork import PROOF, act, camera, jpeg, phase, to_materials, to_scan
from visiting import payload_of, submit

KEY = X25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
CANARY = b"canary-of-a-scanned-page-4711"
WRITER = r"""
import os, signal, sys
from pathlib import Path
from kiosk import wire
from kiosk.journal import Journal
path, key, place = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
journal = Journal.open(path, "KT-1")

def kill(*_args):
    os.kill(os.getpid(), signal.SIGKILL)

def file(turn):
    pages = [wire.seal_page(key, b"\xff\xd8\xff%d-%d" % (turn, n)) for n in range(3)]
    journal.begin_all("case", [({"case_no": f"{turn}-{n}"}, "") for n in range(4)], "", pages)

real = journal.pages.put
file(journal.last_seq)
if place == "before the pages":
    journal.pages.put = kill
if place == "after the pages":
    journal.pages.put = lambda *args: (real(*args), kill())
file(journal.last_seq)
kill()
"""


def open_journal(folder: Path) -> Journal:
    return Journal.open(folder / "journal.db", "KT-1")


def test_a_page_opens_with_the_fleets_key_and_under_its_own_name_only() -> None:
    page = wire.seal_page(PUBLIC, jpeg())
    assert wire.open_page(KEY, page.digest, page.sealed) == (page.proof, jpeg())
    other = wire.seal_page(PUBLIC, jpeg(2))
    with pytest.raises(InvalidTag):
        wire.open_page(KEY, other.digest, page.sealed)
    with pytest.raises(InvalidTag):
        wire.open_page(X25519PrivateKey.generate(), page.digest, page.sealed)
    for broken in (b"", b"x" * 40, page.sealed[:-1], page.sealed[:-1] + b"!"):
        with pytest.raises((InvalidTag, ValueError)):
            wire.open_page(KEY, page.digest, broken)


def test_what_is_wrong_with_a_page_has_a_name() -> None:
    digest = wire.seal_page(PUBLIC, jpeg()).digest
    assert wire.page_fault(digest, jpeg()) is None
    assert wire.page_fault(digest, jpeg(2)) is PageFault.WRONG_DIGEST
    text = b"#!/bin/sh"
    assert wire.page_fault(wire.seal_page(PUBLIC, text).digest, text) is PageFault.NO_PICTURE
    huge = b"\xff\xd8\xff" + bytes(wire.MAX_PAGE)
    assert wire.page_fault(digest, huge) is PageFault.TOO_LARGE


def test_pages_leave_one_by_one_and_only_when_they_are_held(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    made = [wire.seal_page(PUBLIC, jpeg(n)) for n in (1, 2)]
    journal.begin_all("case", [({"case_no": "A"}, "")], "", made)
    journal.begin_all("case", [({"case_no": "B"}, "")], "", made[:1])  # the same page once more
    journal.note_acked(journal.last_seq)
    again = open_journal(tmp_path)
    assert again.pages.digests() == [page.digest for page in made]
    assert again.pages.read(made[0].digest) == made[0]
    again.pages.taken(made[0].digest)
    again.pages.taken(made[0].digest)
    assert (again.pages.read(made[0].digest), again.pages.waiting) == (None, 1)


@pytest.mark.parametrize(
    ("place", "filed"), [("before the pages", 1), ("after the pages", 1), ("when all is done", 2)]
)
def test_a_kill_leaves_whole_bundles_with_all_their_pages(
    tmp_path: Path, place: str, filed: int
) -> None:
    """Wherever it comes: every case has its pages, every page its case."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "journal.db"), PUBLIC.hex(), place]
    for turn in (1, 2):  # what the first left is no hindrance
        killed = subprocess.run(command, check=False, cwd=fakes.ROOT, timeout=60)
        assert killed.returncode == -signal.SIGKILL
        journal = open_journal(tmp_path)
        assert journal.last_seq == 4 * filed * turn
        assert journal.pages.waiting == 3 * filed * turn
        assert journal.verify() == journal.last_seq
        journal.close()


async def scan_both(bench: Bench, *pictures: bytes) -> None:
    camera(bench, *(Page(600, 850, picture) for picture in pictures))
    await to_scan(bench)
    await act(bench, e.PageKept(), e.PageLaid())
    await phase(bench, "review")
    await act(bench, e.PageKept())


async def test_a_scanned_page_is_filed_sealed_with_its_case(bench: Bench, tmp_path: Path) -> None:
    """Nothing on the disk can be read, and the fleet gets the very bytes."""
    marked = jpeg() + CANARY
    await scan_both(bench, marked, jpeg(2))
    assert bench.journal.pages.waiting == 0  # nothing before it is submitted
    await act(bench, e.MaterialsConfirmed())
    await submit(bench)
    [material] = [one for one in payload_of(bench).materials if one.code == PROOF]
    assert bench.journal.pages.digests() == material.pages
    digest = material.pages[0]
    page = bench.journal.pages.read(digest)
    assert page is not None
    assert wire.open_page(bench.case_key, digest, page.sealed) == (page.proof, marked)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert CANARY not in content, path
            assert marked[:64] not in content, path


async def test_a_page_that_was_replaced_by_another_way_is_not_filed(bench: Bench) -> None:
    await scan_both(bench, jpeg(), jpeg(2))
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("promise"))
    await act(bench, e.TextAgreed(), e.MaterialsConfirmed())
    await submit(bench)
    assert bench.journal.pages.waiting == 0


async def test_a_visit_that_ends_before_it_is_submitted_leaves_no_page(bench: Bench) -> None:
    await scan_both(bench, jpeg(), jpeg(2))
    await act(bench, e.Left())
    assert bench.journal.pages.waiting == 0


async def test_a_page_that_is_too_large_is_not_taken(bench: Bench) -> None:
    camera(bench, Page(600, 850, jpeg() + bytes(wire.MAX_PAGE)))
    await to_materials(bench)
    await act(bench, e.MaterialOpened(PROOF), e.MaterialWayChosen("scan"))
    body = await phase(bench, "failed")
    assert bench.engine.visit.gathering.fault == ScanFault.TOO_LONG
    assert body.phase == "failed"
