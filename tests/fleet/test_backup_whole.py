"""A running fleet backed up, lost, and begun again: the same keys, cases and papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage

from fleet.backup import run, stamp
from fleet.backup.run import Whole

NAME = "金丝雀小鸟"


def whole(fleet: Any, folder: Path) -> Whole:
    place = fleet.place
    return Whole(place.tenant, place.var, place.trust, place.store_url, folder / "fleet.toml")


def test_a_lost_fleet_goes_on_from_its_backup(
    fleet: Any, terminal: Any, until: Any, tmp_path: Path
) -> None:
    terminal.say_state(session=1)
    terminal.send(terminal.write_case(fleet.case_key, "A-1", NAME))
    terminal.wait_ack(1)
    until(lambda: fleet.gateway("cases/A-1").json().get("state") == "approved")
    key, out = pyrage.x25519.Identity.generate(), tmp_path / "out.age"
    made = run.back_up(whole(fleet, tmp_path), out, [key.to_public()])
    assert made.about.counts["certificates"] == 1
    assert NAME.encode() not in out.read_bytes()
    assert stamp.last_made(fleet.place.var) > 0
    text = fleet.api.get("/metrics").text
    assert "fleet_backup_last_success_timestamp_seconds 0.0" not in text
    terminal.send(terminal.write_case(fleet.case_key, "A-2", NAME))
    terminal.wait_ack(2)
    fleet.close()

    folder = tmp_path / "again"
    url = f"sqlite:///{folder}/var/fleet.db"
    there = Whole(fleet.place.tenant, folder / "var", folder / "trust", url, tmp_path / "none")
    done = run.restore(there, out, key)
    assert (done.verdict.records, done.verdict.faults) == (1, ())
    again = type(fleet)(folder)
    try:
        assert again.token == fleet.token
        assert again.case_key == fleet.case_key
        paper = again.gateway("cases/A-1/certificate")
        assert (paper.status_code, paper.content) == (200, b"%PDF-A-1")
        assert again.gateway("cases/A-2").status_code == 404, "that one was lost with the fleet"
        back = again.terminal()
        back.chain = terminal.chain
        back.send(*terminal.chain[1:])
        back.wait_ack(2)
        until(lambda: again.gateway("cases/A-2").json().get("state") == "approved")
        assert again.api.get("/api/v1/reports?first=2026-01-01&last=2026-12-31").status_code == 200
    finally:
        again.close()
