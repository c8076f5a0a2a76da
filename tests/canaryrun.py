"""Many visits of `canaries`, a third of them cut off, and the search for what is left of them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import canaries
import canarysearch
from canaries import Needles, Person
from canaryhome import Gone, Home, running
from canaryvisits import Citizen, Left, touches, until_idle

VISITS = 100  # of each of the two runs
MIX = {"query": 58, "residence": 18, "face": 8, "code": 8, "pin": 8}  # per cent
TOUCHES = {"query": 10, "residence": 40, "face": 16, "code": 24, "pin": 30}  # of a whole visit
LATE = 0.3  # seconds at most between a touch and the kill
CALM = 6  # visits before each look into the memory in which nobody is killed
LEAVE = 0.25  # of those that are not killed leave before the end
REST = 2.5  # seconds after which a terminal has swept


@contextmanager
def in_service(folder: Path) -> Iterator[tuple[Home, float]]:
    """A terminal on its idle page, and when it was started (epoch seconds)."""
    since = time.time()
    with running(folder) as home:
        until_idle(home)
        yield home, since


@dataclass
class Run:
    """`first`: number of the first person. `found`: places and what was left there."""

    home: Home
    dumps: Path
    first: int
    seed: int
    codes: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    killed: int = 0

    def visits(self, count: int) -> None:
        """With a look at the whole in the middle and at the end."""
        chance = random.Random(self.seed)
        kinds = chance.choices(list(MIX), list(MIX.values()), k=count)
        doomed = self._doomed(chance, count)
        print(f"seed {self.seed}, killed: {sorted(doomed)}")
        for number, kind in enumerate(kinds):
            self._visit(chance, number, kind, killed=number in doomed)
            if number + 1 in (count // 2, count):
                self.look_into_memory()

    def _doomed(self, chance: random.Random, count: int) -> set[int]:
        looks = [number for end in (count // 2, count) for number in range(end - CALM, end)]
        return set(chance.sample([n for n in range(count) if n not in looks], count // 3))

    def _visit(self, chance: random.Random, number: int, kind: str, *, killed: bool) -> None:
        citizen = Citizen(self.home, Person(self.first + number), kind, codes=self.codes)
        if killed:
            timer = threading.Timer(chance.uniform(0, LATE), self.home.kill_screen)
            citizen.before_touch = touches(chance, TOUCHES[kind] - 2, timer.start)
        elif chance.random() < LEAVE:
            citizen.before_touch = touches(chance, TOUCHES[kind] - 2, _leave)
        try:
            citizen.visit()
            if killed:
                self.home.screen.wait_for_end()
        except Left:
            citizen.leave()
        except Gone:
            assert killed, "the screen process died by itself"
            self.killed += 1
            self.home.lay_down(None)
            self.home.screen.meet()
            until_idle(self.home)

    # ---- The search --------------------------------------------------------------------------

    def needles(self) -> Needles:
        return canarysearch.needles(self.home, self.codes)

    def look_into_memory(self) -> None:
        """Of each of the terminal's processes."""
        time.sleep(REST)
        wanted = self.needles()
        for name, pid in self.home.processes().items():
            for found in canarysearch.memory(pid, self.dumps, wanted):
                self.found.append(f"memory of {name}: {found}")

    def look_around(self, since: float) -> None:
        """Into files and messages. `since`: when this began."""
        wanted = self.needles()
        self.found += canarysearch.files(canarysearch.terminal_files(self.home), wanted)
        ours = {piece: wanted[piece] for piece in wanted.keys() - canaries.papers().keys()}
        self.found += canarysearch.files(canarysearch.shared_files(self.home, since), ours)
        told = canarysearch.sent(self.home, self.dumps, wanted)
        self.found += [f"MQTT: {found}" for found in told]


def _leave() -> None:
    raise Left


def check_that_nothing_stays(run: Run, visits: int, since: float) -> None:
    run.visits(visits)
    run.look_around(since)
    assert run.killed == visits // 3
    assert len(run.home.ears.heard) > visits, "the messages were not heard"
    assert run.found == []
