"""Commands and wishes over a real broker and HTTPS: from a person's order to what came of it."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fleet.rollouts import book, orders
from fleet.rollouts.orders import Wanted
from fleet.rollouts.shapes import Group, Plan, Where
from fleet.store.database import Store
from fleet.store.rollout_tables import attachments, order_terminals, rollout_terminals
from fleet.updates import command as updates
from kiosk import upkeep
from kiosk.agent.known import KnownTime
from kiosk.journal import Journal
from kiosk.settings import load
from kiosk.wire import Operation, Piece, PieceKind
from linkhouse import House, Terminal, house

NAME = "KT-0001"
SECONDS = 60.0


class Station:
    """A terminal as `kiosk agent` wires it; `ends`: how it would have ended."""

    def __init__(self, place: House, folder: Path) -> None:
        trust, self.ends = place.place.trust, list[int]()
        self.file = folder / "terminal.toml"
        self.file.write_text(
            f'[terminal]\nvar = "{folder}"\ntrust = "{trust}"\ntenant = "{place.place.tenant}"\n'
            f'[gateway]\nurl = "{place.gateway}"\nca = "{trust}/link.pem"\n'
            f'token_file = "{trust}/terminal.token"\n[updates]\nspread = 0\n'
        )
        self.terminal = Terminal(place, NAME, folder, upkeep=self._upkeep)

    def _upkeep(self, terminal: Terminal, known: KnownTime) -> dict[str, Any]:
        settings = load(self.file)

        def reopen() -> Journal:
            return Journal.open(terminal.folder / "journal.db", NAME)

        steward = upkeep.steward(settings, self.file, known, reopen, self.ends.append)
        self.thread = steward.start(terminal.stop)
        means = upkeep.means(settings, reopen, self.ends.append)
        return {"means": means, "wish": steward.heard.put}

    def close(self) -> None:
        self.terminal.close()
        self.thread.join(SECONDS)


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + SECONDS
    while not (answer := found()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return answer


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[House, Station, Store]]:
    with house(tmp_path / "fleet", NAME) as made:
        argv = ["init", "--roots", "1", "--threshold", "1"]
        folder = made.place.var / "updates"
        assert updates.run(updates.parse(argv), folder, made.place.trust) == 0
        (tmp_path / "terminal").mkdir()
        station, store = Station(made, tmp_path / "terminal"), Store(made.place.store_url)
        try:
            until(lambda: station.terminal.status.get("online"))
            yield made, station, store
        finally:
            station.close()
            store.close()


def test_an_order_and_a_wish_arrive_and_come_to_their_end(
    town: tuple[House, Station, Store], tmp_path: Path
) -> None:
    made, station, store = town

    def give(operation: Operation) -> int:
        wanted = Wanted(operation, Where(ids=[NAME]), {})
        with store.write() as connection:
            return orders.order(connection, wanted, "王工", time.time())

    def state(number: int) -> str:
        with store.read() as connection:
            query = select(order_terminals.c.state).where(order_terminals.c.order_id == number)
            return str(connection.scalar(query))

    report, logs = give(Operation.REPORT), give(Operation.COLLECT_LOGS)
    until(lambda: state(report) == "done")
    until(lambda: state(logs) == "done")
    with store.read() as connection:
        body = connection.scalar(select(attachments.c.body))
    assert body is not None
    assert "about.json" in zipfile.ZipFile(io.BytesIO(body)).namelist()

    (tmp_path / "bright.toml").write_text("[screen]\nidle_seconds = 90\n")
    argv = ["add", "settings", "bright", str(tmp_path / "bright.toml")]
    folder = made.place.var / "updates"
    assert updates.run(updates.parse(argv), folder, made.place.trust) == 0
    raw = (tmp_path / "bright.toml").read_bytes()
    digest = next((folder / "targets").iterdir()).name.split(".")[0]
    plan = Plan(Piece("bright", "settings-bright.toml", digest, len(raw)), [Group("everybody")])
    with store.write() as connection:
        book.propose(connection, PieceKind.SETTINGS, plan, "王工", time.time())
    until(lambda: station.ends == [75])
    assert load(station.file).screen.idle_seconds == 90

    def reached() -> bool:
        with store.read() as connection:
            return connection.scalar(select(rollout_terminals.c.state)) == "switched"

    until(reached)

    restart = give(Operation.RESTART)  # no screen process: nobody is disturbed
    until(lambda: state(restart) == "running")
    until(lambda: station.ends == [75, 75])
