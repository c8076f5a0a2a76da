"""What the fleet has acknowledged is there after a power cut, and on a disk that fails: once."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import fleet_writer
import msgspec
import pytest
from baddisk import BadDisk, killed_after, seed_shadow
from sqlalchemy import func, select

from fleet.store.database import Store
from fleet.store.tables import alarms, cases, chains, records

WRITER = Path(__file__).with_name("fleet_writer.py")


@pytest.fixture(scope="module")
def sent() -> list[tuple[int, str]]:
    return [(one.seq, one.hash) for one in fleet_writer.station().unacked]


def check(url: str, sent: list[tuple[int, str]], acknowledged: int, tally: Counter[str]) -> int:
    """Hash by hash; how far the fleet holds it."""
    with closing(Store(url)) as store, store.read() as connection:
        query = select(records.c.seq, records.c.hash).order_by(records.c.seq)
        held = [(seq, digest) for seq, digest in connection.execute(query)]
        through = connection.scalar(select(chains.c.through)) or 0
        numbers = connection.scalars(select(cases.c.case_no)).all()
        intents = select(records.c.data).where(records.c.type == "kiosk.case.intent")
        known = [msgspec.json.decode(data)["case_no"] for data in connection.scalars(intents)]
        raised = connection.scalar(select(func.count()).select_from(alarms))
    tally["lost"] += max(0, acknowledged - through)
    tally["doubled"] += len(held) - len(set(held)) + len(numbers) - len(set(numbers))
    assert through >= acknowledged, "what was acknowledged is not there"
    assert held == sent[:through], "the ledger and the records differ"
    assert sorted(numbers) == sorted(known), "a case is lost or doubled"
    assert raised == 0
    return int(through)


def last_safe(said: list[list[str]]) -> int:
    return max((int(one[1]) for one in said if one[0] == "safe" and len(one) == 2), default=0)


@pytest.mark.timeout(3600)
def test_after_a_power_cut_the_fleet_holds_what_it_acknowledged(
    library: Path, tmp_path: Path, rounds: int, tally: Counter[str], sent: list[tuple[int, str]]
) -> None:
    dice, folder, lost, acknowledged = Random(42), tmp_path / "var", 0, 0
    folder.mkdir()
    url = f"sqlite:///{folder}/fleet.db"
    for turn in range(10 * rounds):
        if turn >= rounds and lost:  # on a busy machine a writer may not come to write before
            break
        disk = BadDisk(library, folder, tmp_path / f"shadow-{turn}", turn)
        seed_shadow(disk)
        said = killed_after(WRITER, url, disk, dice.uniform(0.05, 0.4))
        lost += disk.power_cut(dice)
        acknowledged = check(url, sent, max(acknowledged, last_safe(said)), tally)
        tally["rounds"] += 1
        tally["kills"] += 1
        if acknowledged == len(sent):
            (folder / "fleet.db").unlink()
            acknowledged = 0
    assert lost, "nothing was ever on its way"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fail", ["eio", "full"])
def test_on_a_disk_that_fails_an_acknowledgement_still_means_what_it_says(
    library: Path, tmp_path: Path, rounds: int, tally: Counter[str],
    sent: list[tuple[int, str]], fail: str,
) -> None:  # fmt: skip
    dice, folder, failed, acknowledged = Random(8), tmp_path / "var", Counter[str](), 0
    folder.mkdir()
    url = f"sqlite:///{folder}/fleet.db"
    well = BadDisk(library, folder, tmp_path / "shadow", 0)
    for turn in range(rounds):
        chance, after = dice.choice((5, 30, 200)), dice.choice((0, 50, 300))
        bad = replace(well, seed=turn, fail=fail, chance=chance, after=after)
        said = killed_after(WRITER, url, bad, dice.uniform(0.2, 0.5))
        failed.update(one[1] for one in said if one[0] == "failed" and one[1:])  # not cut off
        acknowledged = check(url, sent, max(acknowledged, last_safe(said)), tally)
        tally["rounds"] += 1
        tally["kills"] += 1
        if acknowledged == len(sent):
            (folder / "fleet.db").unlink()
            acknowledged = 0
    assert failed, "the disk never failed"
