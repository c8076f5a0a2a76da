"""Commands that take time: kept over restarts, done once, ended with a reason."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.agent.logs import LEFT_OUT, clean, collect
from kiosk.agent.orders import Orders
from kiosk.agent.tasks import RESTART, Means, Tasks
from kiosk.journal import Journal

FAR = 2**40


class Desk:
    """An agent's tasks; `again` is what a restart of the agent does."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal.open(folder / "journal.db", "KT-0001")
        self.ends, self.brought = list[int](), dict[str, bytes]()
        self.sent = threading.Event()
        self.takes = True
        self.again()

    def again(self) -> None:
        self.tasks = Tasks(self.journal, Means(self.ends.append, self._attach, lambda: b"zip"))

    def _attach(self, command: str, kind: str, body: bytes) -> bool:
        self.brought[f"{command}.{kind}"] = body
        self.sent.set()
        return self.takes

    def give(self, operation: str, end: int = FAR) -> None:
        self.tasks.add("c1", operation, {}, end)

    def look(self, now: float = 0.0) -> list[tuple[str, str]]:
        """As the agent does: what is told, and forgotten when it has ended."""
        self.tasks._next = 0.0
        told = []
        for command, _operation, outcome, why in self.tasks.work(now):
            told.append((str(outcome), why))
            if outcome != "running":
                self.tasks.forget(command)
        self.tasks.leave()
        return told

    def until(self, found: Callable[[], list[tuple[str, str]]]) -> list[tuple[str, str]]:
        assert self.sent.wait(60)
        for _ in range(10_000):
            if told := found():
                return told
        raise AssertionError("nothing was told")

    def screen(self, **answer: str) -> None:
        """The screen process is there, and answers."""
        self.journal.put_status("screen", "idle")
        if answer:
            self.journal.put_status("ordered.command", {"id": "c1", **answer})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.journal.close()


def test_a_restart_is_begun_told_and_done_by_the_next_start(desk: Desk) -> None:
    desk.screen()
    desk.give("restart")
    assert (desk.look(), desk.ends) == ([], []), "somebody may be there"
    desk.screen(outcome="done")
    assert (desk.look(), desk.ends) == ([("running", "")], [RESTART])
    assert desk.look() == [], "it is on its way out"
    desk.again()
    assert (desk.look(), desk.ends) == ([("done", "")], [RESTART])
    desk.again()
    assert desk.look() == []


def test_a_restart_of_a_terminal_without_a_screen_waits_for_nobody(desk: Desk) -> None:
    desk.give("restart")
    assert (desk.look(), desk.ends) == ([("running", "")], [RESTART])


def test_what_has_to_wait_too_long_fails_with_a_reason(desk: Desk) -> None:
    desk.screen()
    desk.give("test_print", 100)
    assert desk.look(50) == []
    assert desk.look(101) == [("failed", "visitor")]
    assert Orders(desk.journal, "command").answer("c1") == {}
    assert desk.journal.statuses()["order.command"][0] == {}, "it is not done later"


def test_what_the_screen_says_is_told_also_after_a_restart(desk: Desk) -> None:
    desk.screen()
    desk.give("test_print")
    assert desk.look() == []
    desk.screen(outcome="running", why="")
    assert desk.look() == [("running", "")]
    desk.again()
    assert desk.look() == []
    desk.screen(outcome="failed", why="no_paper")
    assert desk.look() == [("failed", "no_paper")]


def test_what_was_running_and_is_known_to_nobody_is_not_asked_again(desk: Desk) -> None:
    desk.screen()
    desk.give("test_print")
    desk.look()
    desk.screen(outcome="running", why="")
    desk.look()
    Orders(desk.journal, "command").withdraw()
    desk.again()
    assert desk.look() == [("interrupted", "")]


def test_a_picture_is_brought_and_forgotten(desk: Desk) -> None:
    desk.screen()
    desk.give("screen_picture")
    desk.look()
    desk.screen(outcome="done", why="", picture="UE5H")
    assert desk.look() == [("running", "")]
    assert desk.until(desk.look) == [("done", "")]
    assert desk.brought == {"c1.picture": b"PNG"}
    assert desk.journal.statuses()["ordered.command"][0] == {}


def test_logs_are_brought(desk: Desk) -> None:
    desk.give("collect_logs")
    assert desk.look() == [("running", "")]
    assert desk.until(desk.look) == [("done", "")]
    assert desk.brought == {"c1.logs": b"zip"}


def test_logs_hold_nothing_about_a_person(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    line = {"event": "step_failed", "state": "card", "n": 3, "timestamp": "2026-03-02T09:00:00Z",
            "name": "张小满", "number": "11010519491231002X", "phone": 13900001234,
            "inner": {"address": "示例县城关镇一号", "ok": True}}  # fmt: skip
    (folder / "screen.jsonl").write_text(json.dumps(line) + "\nTraceback: 张小满\n")
    journal = Journal.open(tmp_path / "journal.db", "KT-0001")
    journal.append("boot", {"software": "0.1.0"})
    journal.put_status("device.idcard", {"state": "online"})
    journal.put_status("draft", {"name": "张小满"})
    archive = zipfile.ZipFile(io.BytesIO(collect(folder, journal, {"software": "0.1.0"})))
    whole = "".join(archive.read(name).decode() for name in archive.namelist())
    for secret in ("张小满", "\\u5f20", "11010519491231002X", "13900001234", "示例"):
        assert secret not in whole, secret
    assert "step_failed" in whole
    assert "kiosk.boot.event" in whole
    assert clean(13900001234) == LEFT_OUT
    journal.close()
