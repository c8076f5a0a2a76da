"""Files a simulated station's records in a fleet's database; says how far it has committed."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from fleet.errors import StoreError
from fleet.ledger import Ledger
from fleet.simulate.profile import load
from fleet.simulate.station import Station
from fleet.store.database import Store
from fleet.store.tables import chains
from kiosk import wire

START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
KEY = bytes(range(32))
BATCH = 25


def station() -> Station:
    """The same in every process."""
    made = Station(load("county"), 11, 1, KEY, START)
    made.live(START + timedelta(days=120))
    return made


def main(url: str) -> None:
    records = station().unacked
    store = opened(url)
    through = held(store)
    print("ready", through, flush=True)
    while through < len(records):
        batch = wire.Events("KS-00001", records[max(0, through - 3) : through + BATCH])
        try:
            with store.write() as connection:
                ledger = Ledger(connection, 1.0)
                ledger.file("t", batch)
                [(_, ack)] = ledger.close()
            through = ack.through
            print("safe", through, flush=True)
        except (SQLAlchemyError, OSError) as error:
            print("failed", type(error).__name__, flush=True)


def opened(url: str) -> Store:
    while True:
        try:
            return Store(url)
        except StoreError as error:
            print("failed", type(error).__name__, flush=True)


def held(store: Store) -> int:
    while True:
        try:
            with store.read() as connection:
                return connection.scalar(select(chains.c.through)) or 0
        except SQLAlchemyError as error:
            print("failed", type(error).__name__, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
