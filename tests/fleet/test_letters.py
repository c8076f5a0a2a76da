"""What is shown of a dead letter, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.incidents import Reason, bury
from fleet.letters import PAGE, Letters, shown
from fleet.store.database import Store
from kiosk import wire

STATE = wire.State("KT-0999", True, 1, 1, "2026-01-02T03:04:05Z")
SECRET = "张三 11010519491231002X"


def test_only_the_contracts_own_fields_are_shown() -> None:
    payload = wire.encode(STATE)[:-1] + f', "note": "{SECRET}"}}'.encode()
    text = shown(Reason.TERMINAL, payload)
    assert '"KT-0999"' in text
    assert SECRET not in text


@pytest.mark.parametrize("reason", list(Reason))
def test_what_cannot_be_read_and_records_are_never_shown(reason: Reason) -> None:
    record = b'{"type": "events", "terminal": "KT-1", "records": []}'
    for payload in (SECRET.encode(), b"\xff\x00", b"[" * 100_000, record, b""):
        assert shown(reason, payload) == ""


def test_pages_counts_and_topics_of_somebody_else(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    with store.write() as connection:
        for number in range(PAGE + 3):
            topic = f"kiosk/v1/s/KT-{number % 2}/health"
            bury(connection, 5.0, topic, str(number).encode(), Reason.UNDECODABLE)
        bury(connection, 6.0, f"kiosk/{SECRET}/x", b"", Reason.TOPIC)
        bury(connection, 7.0, "kiosk/v1/s/KT-0/state", wire.encode(STATE), Reason.TERMINAL)
        bury(connection, 8.0, "kiosk/v1/s/KT-0/state", wire.encode(STATE), Reason.TERMINAL)
    letters = Letters(store)
    first = letters.page()
    second = letters.page(before=(first[-1].time, first[-1].id))
    assert (len(first), len(second)) == (PAGE, 5)
    assert len({row.id for row in first + second}) == PAGE + 5
    known, other = first[0], first[1]
    assert (known.terminal, known.leaf, known.times, known.size) == (
        "KT-0", "state", 2, len(wire.encode(STATE))
    )  # fmt: skip
    assert (other.terminal, other.leaf, other.text) == ("", "", "")
    assert {row.terminal for row in letters.page(terminal="KT-1")} == {"KT-1"}
    assert letters.page(terminal="KT-_") == []
    assert letters.counts() == {"undecodable": (53, 53), "topic": (1, 1), "terminal": (1, 2)}
    store.close()
