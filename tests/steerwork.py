"""A fleet's desk of orders and rollouts behind its interface, for whoever a test says is asking."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import select

from fleet import api
from fleet.interface.routes import Desk
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.people.audit import Audit
from fleet.people.roles import GRANTS, Role, Way, Who
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.people_tables import audit
from fleet.updates.repository import Repository
from rolloutwork import Sim, Village

CLOSE = {
    "operation": "out_of_service", "where": {"ids": ["KT-0001"]}, "reason": "更换打印机",
    "arguments": {"zh": "今日检修", "en": "Under repair today"},
}  # fmt: skip
GROUPS = [{"name": "canary", "where": {"ids": ["KT-0001"]}}, {"name": "everybody"}]


def person(name: str, role: Role = Role.APPROVER) -> Who:
    return Who(name, role, GRANTS[role], Way.CONSOLE, "192.0.2.7")


LI, ZHAO = person("li.wei"), person("zhao.min")
VIEWER = person("wang.fang", Role.VIEWER)


@dataclass
class House:
    """`who`: whoever asks over the interface now."""

    folder: Path
    who: Who = LI
    village: Village = field(init=False)

    def __post_init__(self) -> None:
        sims = [Sim(f"KT-{number:04}", "东镇" if number < 3 else "县城") for number in range(1, 6)]
        self.village = Village(self.folder, *sims)
        self.store = self.village.store
        self.audit = Audit(self.store, b"k" * 32, self.folder / "head")
        repository = Repository(self.folder / "updates", time.time)
        repository.begin(1, 1)
        (bundle := self.folder / "new.zip").write_bytes(b"new")
        repository.add(bundle, "new.zip", {"kind": "software", "version": "0.2.0"})
        self.desk = RolloutDesk(self.store, self.audit, repository, lambda: self.village.now)
        live = Live(self.store, 90)
        app = api.build(Metrics(), {}, Desk(self.store, live, Reporter(self.store, {}), self.desk))
        self._let_in(app)
        self.http = TestClient(app)

    def _let_in(self, app: FastAPI) -> None:
        @app.middleware("http")
        async def stand_in(request: Request, go_on: Any) -> Any:
            request.state.who = self.who
            return await go_on(request)

    def ask(self, who: Who, path: str, body: Any = None) -> Any:
        self.who = who
        answer = self.http.post(f"/api/v1/{path}", json=body or {})
        return answer.status_code, answer.json()

    def acts(self) -> list[tuple[str, str, str, str]]:
        with self.store.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.position))
            return [(row.who, row.act, row.target, row.outcome) for row in rows]
