"""kill -9 at random moments of visits: of session, agent, fleet or broker; then all is compared.

Fleet and broker once in every run, for other tests kill the others; all of them `KIOSK_ROUNDS`
times at night, and then some visits pay, and in some the calendar jumps by a year. A household goes
through many rounds: each finds the traces of every kill before it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import badclock
import preload
import pytest

import fakes
import invariants
import moneywork
import realhousehold
import tally
from kiosk.session.recovery import recover
from realhousehold import Household, wait

PROGRAM = Path(__file__).with_name("session_process.py")
SHIPPED = realhousehold.ROOT / "config/catalogue"
OFFERED = ("residence_endorsement.toml", "insurance_certificate.toml", "pension_contribution.toml")
UNPAID = (fakes.CERTIFICATE, fakes.RESIDENCE)
VICTIMS = ("fleet", "broker", "session", "agent", "clock")
CHAPTER = 40  # rounds with one household: simulators keep the newest 500 papers
LONGEST = 5.0  # seconds into a visit
PATIENCE = 90.0


class Rounds:
    """Of one household."""

    def __init__(
        self, home: Household, dice: Random, tasks: tuple[str, ...], clock: badclock.BadClock
    ) -> None:
        self.home, self._dice, self._tasks, self._clock = home, dice, tasks, clock

    def play(self, victim: str) -> None:
        """A visit; in the middle of it the victim dies, and is started again."""
        jumps = victim == "clock"
        visit = self._visit(fakes.RESIDENCE if jumps else self._dice.choice(self._tasks), jumps)
        time.sleep(self._dice.uniform(0, LONGEST))
        self._kill(victim, visit)
        self._end(visit)
        assert not jumps or visit.returncode == 0, "the visit was disturbed by its calendar"
        self._agree()

    def finish(self) -> dict[str, int]:
        """A visit that nobody disturbs, by which everything that was open is closed."""
        visit = self._visit(self._tasks[0])
        self._end(visit)
        assert visit.returncode == 0
        wait(self._no_payment_is_open, PATIENCE, "payments to be told")
        self._agree()
        moneywork.check(self.home, PATIENCE)
        counts = invariants.check(self.home)
        return {name: counts[name] for name in ("cases", "presented", "unconfirmed")}

    def _visit(self, task: str, jumps: bool = False) -> subprocess.Popen[bytes]:
        before = self.home.last_seq
        argv = [realhousehold.PYTHON, str(PROGRAM), str(realhousehold.SETTINGS), task, "none"]
        self._clock.jump(0)
        wrong = self._clock.preload() if jumps else {}
        visit = self.home.spawn(argv, **realhousehold.QUICK, **wrong)
        wait(lambda: self.home.last_seq > before or visit.poll() is not None, PATIENCE, "a visit")
        return visit

    def _kill(self, victim: str, visit: subprocess.Popen[bytes]) -> None:
        if victim == "session":
            if visit.poll() is None:
                visit.send_signal(signal.SIGKILL)
                tally.count(kills=1)
        elif victim == "clock":
            self._clock.jump(self._dice.choice((-365, 365)))
        elif victim == "broker":
            os.kill(self.home.broker_pid, signal.SIGKILL)
            tally.count(kills=1)
        else:
            self.home.kill(victim)
            time.sleep(self._dice.uniform(0, 1))
            self.home.start(victim)

    def _end(self, visit: subprocess.Popen[bytes]) -> None:
        """A visit that waits for what is gone is left, as a citizen leaves it."""
        try:
            visit.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            visit.send_signal(signal.SIGKILL)
            visit.wait(10)
            tally.count(kills=1)

    def _agree(self) -> None:
        """As the next start does it; what was being paid is closed by the next visit."""
        journal = self.home.journal()
        recover(journal)
        journal.close()
        wait(self.home.fleet_answers, PATIENCE, "the fleet")
        wait(self.home.caught_up, PATIENCE, "the fleet to hold every record")
        invariants.check(self.home, paying=True)

    def _no_payment_is_open(self) -> bool:
        journal = self.home.journal()
        try:
            return journal.unfinished() == []
        finally:
            journal.close()


def chapters(count: int, dice: Random) -> Iterator[list[str]]:
    """Each victim as often as the others, in any order."""
    victims = [VICTIMS[turn % len(VICTIMS)] for turn in range(count)]
    dice.shuffle(victims)
    for first in range(0, count, CHAPTER):
        yield victims[first : first + CHAPTER]


@pytest.mark.timeout(6 * 3600)
def test_killed_at_random(tmp_path: Path) -> None:
    dice = Random(tally.SEED)
    night = bool(tally.ROUNDS)
    names = ("fleet", "simulators", "agent", *(["provider"] if night else []))
    tasks = (*UNPAID, moneywork.PENSION) if night else UNPAID
    library = preload.build("clock", tmp_path) if night else tmp_path
    clock = badclock.BadClock(library, tmp_path / "clock")
    offered = tmp_path / "catalogue"
    offered.mkdir()
    for name in OFFERED if night else OFFERED[:-1]:
        shutil.copy(SHIPPED / name, offered)
    where = {"KIOSK_TERMINAL__CATALOGUE": str(offered), "FLEET_FLEET__CATALOGUE": str(offered)}
    for number, victims in enumerate(chapters(tally.ROUNDS or 2, dice)):
        folder = tmp_path / f"household-{number}"
        folder.mkdir()
        with realhousehold.running(folder, *names, **where) as home:
            wait((folder / "trust/case.pub").exists, PATIENCE, "the fleet's keys")
            made = Rounds(home, dice, tasks, clock)
            for victim in victims:
                made.play(victim)
            if night:
                assert made.finish()["cases"] > len(victims) // 4, "no visit came to its end"
        shutil.rmtree(folder)
