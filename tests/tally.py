"""Rounds, kills, lost, doubled: of a whole run, over several processes of pytest-xdist too.

`make faults` ends in this line, and fails unless the last two are 0 and something was killed.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

ROUNDS = int(os.environ.get("KIOSK_ROUNDS", "0"))
SEED = int(os.environ.get("KIOSK_SEED", "20261122"))  # of what happens at random
NAMES = ("rounds", "kills", "lost", "doubled")
TALLY: Counter[str] = Counter()


def count(**more: int) -> None:
    TALLY.update(more)


def line() -> str:
    return ", ".join(f"{TALLY[name]} {name}" for name in NAMES)


class Plugin:
    """Registered by the conftest of each folder that counts; once."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["tally"] = dict(TALLY)
        elif ROUNDS and (TALLY["lost"] or TALLY["doubled"] or not TALLY["kills"]):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        TALLY.update(getattr(node, "workeroutput", {}).get("tally", {}))

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """After pytest's own last line."""
        if ROUNDS and not hasattr(config, "workeroutput"):
            print(line())


def register(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin("tally"):
        config.pluginmanager.register(Plugin(), "tally")
