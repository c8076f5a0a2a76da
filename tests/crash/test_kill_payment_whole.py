"""kill -9 while a citizen pays, in a whole household: fleet, provider, agent, simulated devices."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import moneywork
import realhousehold
import tally
from kiosk.journal import Journal

PROGRAM = Path(__file__).with_name("session_process.py")
ITEM = "pension_contribution.toml"
SHIPPED = realhousehold.ROOT / "config/catalogue"
# At the first the case is written, and its money stays; that of the others goes back.
PLACES = ("end:payment:before", "begin:payment:after", "begin:case:before")
NAMES = ("fleet", "simulators", "agent", "provider")
FEE = 20_000


def play(home: realhousehold.Household, place: str) -> int:
    argv = [realhousehold.PYTHON, str(PROGRAM), str(realhousehold.SETTINGS)]
    process = home.spawn([*argv, moneywork.PENSION, place], **realhousehold.QUICK)
    realhousehold.wait(lambda: process.poll() is not None, 90, f"a visit killed at {place}")
    tally.count(kills=process.returncode == -9)
    return process.returncode


def orders(home: realhousehold.Household) -> list[str]:
    return sorted(state for (state,) in home.fleet_rows("SELECT state FROM payment_orders"))


@pytest.mark.skipif("KIOSK_LONG" not in os.environ, reason="a whole household: KIOSK_LONG=1")
@pytest.mark.timeout(240)
def test_every_fen_has_its_case(tmp_path: Path) -> None:
    offered = tmp_path / "catalogue"
    offered.mkdir()
    shutil.copy(SHIPPED / ITEM, offered)
    where = {"KIOSK_TERMINAL__CATALOGUE": str(offered), "FLEET_FLEET__CATALOGUE": str(offered)}
    with realhousehold.running(tmp_path, *NAMES, **where) as home:
        realhousehold.wait((tmp_path / "trust/case.pub").exists, 30, "the fleet's keys")
        assert [play(home, place) for place in (*PLACES, "none")] == [-9, -9, -9, 0]
        realhousehold.wait(home.caught_up, 60, "the fleet to hold every record")
        realhousehold.wait(lambda: len(_decided(home)) == 2, 60, "two cases to be decided")
        kept = moneywork.check(home, 60)
        tally.count(rounds=1)
        assert orders(home)[0] == "closed"
        assert kept == FEE * _decided(home).count("approved")
        assert moneywork.total(home, "trades") == 3 * FEE
        journal: Journal = home.journal()
        assert not [one for one in journal.unfinished() if one.type == "kiosk.payment.intent"]
        journal.close()


def _decided(home: realhousehold.Household) -> list[str]:
    return [state for (state,) in home.fleet_rows("SELECT state FROM cases WHERE handed_over")]
