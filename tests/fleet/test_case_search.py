"""A terminal's cases are found by an index, in both databases, however many others there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from fleet.console.casebook import PAGE, SHOW, CaseBook
from fleet.interface import cases as interface
from fleet.store.database import Store
from fleet.store.handling_tables import handling_cases
from fleet.store.tables import cases

MANY, TERMINALS, NOW = 4000, 200, 1_790_000_000.0
PLAN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@pytest.fixture
def store(each_url: str) -> Iterator[Store]:
    made = Store(each_url)
    numbers = [(f"C-{at:06}", f"KT-{at % TERMINALS:04}", NOW - at) for at in range(MANY)]
    with made.write() as connection:
        connection.execute(cases.insert(), [
            {"case_no": number, "terminal": terminal, "task_code": "T1", "kind": "promise",
             "sealed": "", "state": "pending", "received_at": at}
            for number, terminal, at in numbers
        ])  # fmt: skip
        connection.execute(handling_cases.insert(), [
            {"case_no": number, "terminal": terminal, "task_code": "T1", "phase": "handling",
             "person": "王芳", "opened_at": at}
            for number, terminal, at in numbers
        ])  # fmt: skip
        connection.execute(text("ANALYZE"))
    yield made
    made.close()


def plans(store: Store, ask: Any) -> list[str]:
    """How the database would find what `ask` asks for."""
    asked: list[tuple[str, Any]] = []
    with store.read() as connection:
        engine = connection.engine

    def hear(_connection: Any, _cursor: Any, said: str, values: Any, *_rest: Any) -> None:
        asked.append((said, values))

    event.listen(Engine, "before_cursor_execute", hear)
    ask()
    event.remove(Engine, "before_cursor_execute", hear)
    with store.read() as connection:
        rows = [
            connection.exec_driver_sql(PLAN[engine.dialect.name] + said, values).all()
            for said, values in asked
            if said.startswith("SELECT") and "handling_cases" in said
        ]
    return [" ".join(str(one) for row in found for one in row) for found in rows]


@pytest.mark.parametrize("show", ["open", "all"])
def test_the_console_finds_a_terminals_cases_by_the_index(store: Store, show: str) -> None:
    book = CaseBook(store)
    [by_terminal, _by_number] = plans(store, lambda: book.page(show, "KT-0007", PAGE, NOW))
    assert "cases_of_terminal" in by_terminal
    found = book.page(show, "KT-0007", PAGE, NOW)
    assert [row.terminal for row in found] == ["KT-0007"] * (MANY // TERMINALS)
    assert [row.opened_at for row in found] == sorted((r.opened_at for r in found), reverse=True)
    assert len(book.page(show, "KT-0007", 5, NOW)) == 5


def test_the_interface_finds_them_so_too(store: Store) -> None:
    wanted = interface.Wanted(terminal="KT-0007")

    def ask() -> None:
        with store.read() as connection:
            interface.page(connection, wanted, "", PAGE)

    [plan] = plans(store, ask)
    assert "cases_of_terminal" in plan


def test_a_number_is_found_by_its_beginning_and_each_case_once(store: Store) -> None:
    book = CaseBook(store)
    assert len(book.page("all", "C-00000", PAGE, NOW)) == 10
    with store.write() as connection:
        connection.execute(cases.update().values(terminal="C-000001").filter_by(case_no="C-000001"))
    assert [row.case_no for row in book.page("all", "C-000001", PAGE, NOW)] == ["C-000001"]
    assert {show: len(book.page(show, "%", PAGE, NOW)) for show in SHOW} == dict.fromkeys(SHOW, 0)
