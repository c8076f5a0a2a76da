"""Logs for those who look after the terminal: names of events, ids, numbers; nothing of a person.

Our logs hold nothing else by rule; here the rule is kept once more, by looking at each value: what
is not a plain word, or has digits enough for a telephone or a card, is left out.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from kiosk.journal import Journal


class Twice:
    """A logger that writes each line to a stream and to a file; a full disk costs the file."""

    def __init__(self, stream: TextIO, handler: logging.Handler) -> None:
        self._stream, self._handler = stream, handler

    def msg(self, message: str) -> None:
        print(message, file=self._stream, flush=True)
        with contextlib.suppress(OSError):
            self._handler.emit(logging.makeLogRecord({"msg": message}))

    log = debug = info = warning = error = critical = fatal = exception = msg


LINES, RECORDS = 2000, 500
PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
DIGITS = re.compile(r"\d{9,}")
LEFT_OUT = "(left out)"
SHOWN = ("device.", "link", "screen", "services", "catalogue", "closed_by_fleet", "pages")


def collect(folder: Path, journal: Journal, about: dict[str, str]) -> bytes:
    """A zip: the newest lines of each process, kinds and times of records, the state of devices.
    `folder`: of `*.jsonl`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", _dump(about))
        archive.writestr("status.json", _dump(dict(_statuses(journal))))
        archive.writestr("records.jsonl", "".join(_records(journal)))
        for path in sorted(folder.glob("*.jsonl*")):
            archive.writestr(f"log/{path.name}", "".join(_lines(path)))
    return out.getvalue()


def clean(value: Any) -> Any:
    """The same, without what may be about a person."""
    if isinstance(value, dict):
        return {clean(str(key)): clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    if isinstance(value, bool | float) or value is None:
        return value
    text = str(value)
    if not PLAIN.fullmatch(text) or DIGITS.search(text):
        return LEFT_OUT
    return value


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8", "replace").splitlines()[-LINES:]:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield _dump(clean(found)) + "\n"


def _statuses(journal: Journal) -> Iterator[tuple[str, Any]]:
    for name, (value, _when) in journal.statuses().items():
        if name.startswith(SHOWN):
            yield name, clean(value)


def _records(journal: Journal) -> Iterator[str]:
    first = max(1, journal.last_seq - RECORDS)
    for record in journal.records(first):
        yield _dump({"seq": record.seq, "type": clean(record.type), "time": record.time}) + "\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)
