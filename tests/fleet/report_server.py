"""A console with a year of figures, for the browser: `python report_server.py FOLDER` prints its
port; `empty` after it: with none."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[1]))

from fleet import api
from fleet.console.pages import mount
from fleet.interface.routes import Desk
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store
from reportwork import Books, a_year, at, items


def main() -> None:
    store = Store(f"sqlite:///{sys.argv[1]}/fleet.db")
    if sys.argv[2:] != ["empty"]:
        a_year(Books(store))
    live, metrics = Live(store, 3600.0), Metrics()
    reporter = Reporter(store, items(), clock=lambda: at("2026-11-22"))
    app = api.build(metrics, {}, Desk(store, live, reporter, RolloutDesk(store)))
    mount(app, live)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    print(listener.getsockname()[1], flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
