"""Metrics by Prometheus' own convention; dashboard and alert rules name only what there is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from fleet import api
from fleet.backup import stamp
from fleet.interface.routes import Desk
from fleet.live import Live
from fleet.metrics import Metrics
from fleet.reports.build import Reporter
from fleet.rollouts.desk import RolloutDesk
from fleet.store.database import Store

DEPLOY = Path("config/deploy")
WORD = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
SAID = re.compile(r"\"[^\"]*\"|\b(?:by|without)\s*\([^)]*\)|\[[^]]*\]")
KNOWN = {"up", "time"}  # Prometheus' own
LANGUAGE = {"rate", "sum", "increase", "histogram_quantile", "max", "min", "on", "and", "or"}
LABELS = {"state", "serving", "status", "job", "le", "route"}
UNITS = ("seconds", "bytes", "total", "info", "ratio")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("metrics")
    store, metrics = Store(f"sqlite:///{folder}/fleet.db"), Metrics()
    live = Live(store, 90)
    metrics.show(live)
    stamp.note(folder, 1234)
    metrics.last_backup.set_function(lambda: stamp.last_made(folder))
    client = TestClient(
        api.build(metrics, {}, Desk(store, live, Reporter(store, {}), RolloutDesk(store)))
    )
    for address in ("/api/v1/terminals/KT-0001", "/api/v1/cases/SECRET-4711", "/nowhere/SECRET"):
        client.get(address)
    yield client.get("/metrics").text
    store.close()


def families(told: str) -> list[Any]:
    return list(text_string_to_metric_families(told))


def names(told: str) -> set[str]:
    found = {sample.name for family in families(told) for sample in family.samples}
    counters = {f"{family.name}_total" for family in families(told) if family.type == "counter"}
    histograms = {
        f"{family.name}_{end}"
        for family in families(told)
        if family.type == "histogram"
        for end in ("bucket", "count", "sum")
    }
    return found | counters | histograms


def test_names_follow_the_convention_and_nobody_is_named(told: str) -> None:
    own = [family for family in families(told) if family.name.startswith("fleet_")]
    assert len(own) > 20
    for family in own:
        assert family.documentation, family.name
        assert re.fullmatch(r"fleet_[a-z_]+", family.name)
        if family.type == "histogram":
            assert family.name.endswith(UNITS)
        for sample in family.samples:
            assert {"terminal", "site", "case_no"}.isdisjoint(sample.labels)
    assert "KT-0001" not in told
    assert "SECRET" not in told
    line = 'route="/api/v1/cases/{case_no}",status="4xx"'
    assert f'fleet_http_request_duration_seconds_count{{method="GET",{line}}} 1.0' in told
    assert "fleet_backup_last_success_timestamp_seconds 1234.0" in told
    assert "process_resident_memory_bytes" in told


def expressions() -> list[tuple[str, str]]:
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    panels = [
        (one["title"], target["expr"]) for one in board["panels"] for target in one["targets"]
    ]
    rules = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text("utf-8"))
    alerts = [(one["alert"], one["expr"]) for group in rules["groups"] for one in group["rules"]]
    return panels + alerts


@pytest.mark.parametrize(("where", "expression"), expressions())
def test_what_dashboard_and_alerts_name_is_there(told: str, where: str, expression: str) -> None:
    words = set(WORD.findall(SAID.sub(" ", expression))) - LANGUAGE - LABELS - KNOWN
    assert words or "up" in expression, where
    assert words <= names(told), where


def test_panels_do_not_overlap_and_have_names_of_their_own() -> None:
    board = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for one in board["panels"]:
        at = one["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert taken.isdisjoint(cells), one["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({one["id"] for one in board["panels"]}) == len(board["panels"])
    assert len({one["title"] for one in board["panels"]}) == len(board["panels"])


def test_every_alert_says_what_is_wrong_and_how_bad() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus-alerts.yml").read_text("utf-8"))
    for rule in rules["groups"][0]["rules"]:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"]
    scrape = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    assert scrape["rule_files"] == ["prometheus-alerts.yml"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs Debian's prometheus")
def test_promtool_takes_the_rules() -> None:
    rules = str(DEPLOY / "prometheus-alerts.yml")
    subprocess.run(["promtool", "check", "rules", rules], check=True, capture_output=True)
