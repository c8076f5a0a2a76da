"""`kiosk demo`: one whole visit in a household of its own, and proof of how it came out."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from kiosk import household, processes, sample_staff
from kiosk.model import Rung
from kiosk.sample_citizen import ITEMS
from kiosk.settings import load
from kiosk.supervisor import Child, Supervisor

READY_SECONDS = 60.0
VISIT_SECONDS = 150.0
CATCH_UP_SECONDS = 20.0


def run_demo(
    settings_path: Path,
    out: Path,
    item: str,
    language: str,
    *,
    landscape: bool = False,
    way: str = "face",
) -> int:
    """0 only if every paper of the visit is presented and the fleet has committed its case."""
    settings = load(settings_path)
    processes.empty_folder(out)
    ports = household.Ports.any()
    env = household.environment(settings, ports, out)
    width, height = (1920, 1080) if landscape else (1080, 1920)
    env |= {"KIOSK_SCREEN__WIDTH": str(width), "KIOSK_SCREEN__HEIGHT": str(height)}
    env |= {"KIOSK_SCREEN__LANGUAGE": language, "KIOSK_SCREEN__THANKS_SECONDS": "2"}
    print(f"Playing one visit ({item}); everything is kept in {out}/")
    display, name = processes.virtual_display(width, height)
    try:
        env |= household.publish(settings, out, out / "trust")
        sample_staff.enrol(out / "terminal" / "staff.json", out / "sim")
        argv = _screen_argv(settings_path, out, ITEMS[item], way)
        screen = Child("screen", argv, env, restart=False)
        screen.env = env | {"DISPLAY": name}
        with Supervisor(household.background(settings, settings_path, env, ports)) as supervisor:
            summary = _visit(supervisor, screen, out, ports.console, settings.terminal.id)
    finally:
        processes.stop(display)
    return _report(summary, out)


def _screen_argv(path: Path, out: Path, task: str, way: str) -> list[str]:
    played = ["--task", task, "--visits", "1", "--way", way]
    kept = ["--pictures", str(out / "screens"), "--steps", str(out / "steps.jsonl")]
    return household.screen_argv(path, *played, *kept)


def _visit(
    supervisor: Supervisor, screen: Child, out: Path, console: str, terminal: str
) -> dict[str, Any]:
    ready = supervisor.run(lambda: _ready(out, console), READY_SECONDS)
    if not ready:
        raise OSError("fleet or simulators did not start in time; see the lines above")
    supervisor.children.append(screen)
    supervisor.start(screen)
    supervisor.run(lambda: not screen.alive, VISIT_SECONDS)
    journal = out / "terminal" / "journal.db"
    supervisor.run(lambda: _acked(journal), CATCH_UP_SECONDS)
    _collect(out)
    return _summary(out, journal, console, terminal)


def _ready(out: Path, console: str) -> bool:
    if not (out / "sim" / "ready.json").exists():
        return False
    try:
        return httpx.get(f"{console}healthz", timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _acked(journal: Path) -> bool:
    last, acked = _rows(
        journal, "SELECT (SELECT max(seq) FROM record), acked_through FROM journal"
    )[0]
    return last is not None and acked >= last


def _rows(journal: Path, query: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def _collect(out: Path) -> None:
    """Put the newest papers where a newcomer looks for them."""
    for pattern, name in (
        ("receipts/*.escpos", "receipt.escpos"),
        ("receipts/*.png", "receipt.png"),
        ("certificates/*.pdf", "certificate.pdf"),
    ):
        papers = sorted((out / "sim").glob(pattern))
        if papers:
            shutil.copyfile(papers[-1], out / name)


def _summary(out: Path, journal: Path, console: str, terminal: str) -> dict[str, Any]:
    outcomes = [
        (kind, json.loads(data))
        for kind, data in _rows(journal, "SELECT type, data FROM record ORDER BY seq")
    ]
    cases = [data for kind, data in outcomes if kind == "kiosk.case.intent"]
    prints = [data for kind, data in outcomes if kind == "kiosk.print.outcome"]
    case = cases[-1] if cases else {}
    acked = _rows(journal, "SELECT acked_through FROM journal")[0][0]
    return {
        "terminal": terminal,
        "case_no": case.get("case_no", ""),
        "item": case.get("task_code", ""),
        "steps": _steps(out / "steps.jsonl"),
        "print": {data["paper"]: data["rung"] for data in prints},
        "fleet": {"committed": _committed(console, case), "acked_through": acked},
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }


def _steps(file: Path) -> list[dict[str, Any]]:
    """Each page with the milliseconds until the next."""
    if not file.exists():
        return []
    steps = [json.loads(line) for line in file.read_text().splitlines()]
    pages = [step for step in steps if not step["press"]]
    return [
        {"name": page["name"], "ms": round(after["at_ms"] - page["at_ms"], 1)}
        for page, after in pairwise(pages)
    ]


def _committed(console: str, case: dict[str, Any]) -> bool:
    """Asked of the fleet itself: does it list this case?"""
    try:
        answer = httpx.get(f"{console}api/v1/transactions", timeout=5, trust_env=False)
    except httpx.HTTPError:
        return False
    return bool(case) and case["case_no"] in answer.text


def _report(summary: dict[str, Any], out: Path) -> int:
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (out / "summary.json").write_text(text + "\n")
    presented = {Rung.PRESENTED, Rung.TAKEN}
    papers = summary["print"]
    expected = (
        {"receipt", "certificate"} if summary["item"] == ITEMS["certificate"] else {"receipt"}
    )
    good = expected <= papers.keys() and set(papers.values()) <= presented
    committed = summary["fleet"]["committed"]
    print(f"case {summary['case_no'] or '(none)'}  papers {papers}  fleet {summary['fleet']}")
    left = ("screens", "receipt.png", "certificate.pdf", "summary.json")
    print("See", ", ".join(str(out / name) for name in left if (out / name).exists()))
    print("Done." if good and committed else "NOT done: see above and summary.json.")
    return 0 if good and committed else 1
