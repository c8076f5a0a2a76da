"""What an item costs is held by its version: yesterday's is known, tomorrow's is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fleet.payment.items import AGAIN_SECONDS, HeldItems
from fleet.store.database import Store
from fleet.store.payment_tables import payment_items
from kiosk.services.item import Item
from kiosk.services.load import CatalogueError
from paymentwork import FLAT, fee

DEARER = msgspec.structs.replace(FLAT, task_version="2", fees=(fee(amount=700),))


class Office:
    """Its item files, its store, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.files: tuple[Item, ...] | None = (FLAT,)
        self.store = Store(f"sqlite:///{folder}/fleet.db")
        self.now = 100.0

    def read(self) -> tuple[Item, ...]:
        if self.files is None:
            raise CatalogueError("a file is broken")
        return self.files

    def held(self) -> HeldItems:
        return HeldItems(self.read, self.store, lambda: self.now)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


def test_earlier_versions_are_kept_over_restarts(office: Office) -> None:
    office.held()
    office.files = (DEARER,)
    items = office.held()
    assert items.version("FLAT", "1") == FLAT
    assert items.version("FLAT", "2") == DEARER
    assert items.newest("FLAT") == DEARER
    assert not items.knows("7-0123456789ab")


def test_a_version_that_is_not_here_yet_is_looked_for_but_not_all_the_time(office: Office) -> None:
    items = office.held()
    office.files = (DEARER,)
    assert items.version("FLAT", "2") is None
    office.now += AGAIN_SECONDS
    assert items.version("FLAT", "2") == DEARER


def test_broken_files_change_nothing(office: Office) -> None:
    items = office.held()
    office.files = None
    office.now += AGAIN_SECONDS
    assert items.version("FLAT", "9") is None
    assert items.version("FLAT", "1") == FLAT


def test_what_was_kept_and_cannot_be_read_is_not_there(office: Office) -> None:
    office.held()
    with office.store.write() as connection:
        connection.execute(payment_items.update().values(content="{"))
    office.files = (DEARER,)
    assert office.held().version("FLAT", "1") is None
