"""Findings of a check, as lines on a terminal and as a readiness report to print and sign."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from unicodedata import east_asian_width

import typst

from kiosk.errors import ReportError
from kiosk.model import DeviceStatus, Language
from screens.words import Words

TEMPLATE = Path("config/readiness.typ")
FONTS = Path("/usr/share/fonts/opentype/noto")


class Verdict(StrEnum):
    """`LEFT_OUT`: not fitted, or skipped by the person; neither good nor bad."""

    PASS = "pass"  # noqa: S105 (not a password)
    FAIL = "fail"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what`: locale key of what was looked at. `action`: what a person has to do, in words.

    `detail`: whatever else the device says of itself.
    """

    verdict: Verdict
    what: str
    found: str
    action: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Which terminal was checked, when, and what runs on it."""

    terminal: str
    site: str
    time: datetime
    software: str
    settings: str
    catalogue: str


class Sayer:
    """Words of the locales in one language."""

    def __init__(self, words: Words, language: Language) -> None:
        self._words, self.language = words, language

    def __call__(self, key: str, **values: object) -> str:
        return self._words.say(key, self.language, **values)

    def fault(self, code: str) -> str:
        """An outside driver's own code has no words here: the code itself is shown."""
        return self._or(f"fault.{code}", code)

    def reading(self, name: str, value: str) -> str:
        """`door: closed`; an outside driver's own readings, and numbers, as they are."""
        word = self._or(f"reading.{value}", self._or(f"reading.{name}.{value}", value))
        return self.pair(self._or(f"reading.{name}", name), word)

    def pair(self, name: str, value: str) -> str:
        return f"{name}：{value}" if self.language.chinese else f"{name}: {value}"

    def row(self, parts: Iterable[str]) -> str:
        """The parts that there are, once each."""
        return ("，" if self.language.chinese else ", ").join(filter(None, dict.fromkeys(parts)))

    def _or(self, key: str, otherwise: str) -> str:
        return self(key) if key in self._words else otherwise


def of_status(status: DeviceStatus, say: Sayer, driver: str) -> Finding:
    """A device's own word on how it is. Good only if it can serve a citizen now."""
    state = say(f"state.{status.state}")
    supplies = [
        say.pair(say(f"supply.{name}"), say(f"level.{level}"))
        for name, level in status.supplies.items()
    ]
    more = [*supplies, *(say.reading(name, value) for name, value in status.readings.items())]
    fault = status.fault
    verdict = Verdict.PASS if status.usable and fault is None else Verdict.FAIL
    found, action = state, ""
    if fault is not None:
        found, action = say.fault(fault.code), say(f"action.{fault.action}")
        more = [state, fault.detail, *more]
    return Finding(
        verdict, f"device.{status.device}", found, action, detail=say.row([driver, *more])
    )


def line(finding: Finding, say: Sayer) -> str:
    """For the terminal: `ok     Receipt printer   online  (escpos_network, paper: full)`."""
    verdict, what = say(f"check.{finding.verdict}"), say(finding.what)
    action = f"  -> {finding.action}" if finding.action else ""
    detail = f"  ({finding.detail})" if finding.detail else ""
    return f"  {_padded(verdict, 8)} {_padded(what, 22)} {finding.found}{action}{detail}"


def _padded(words: str, columns: int) -> str:
    """On a terminal a Chinese character is as wide as two letters."""
    wide = sum(east_asian_width(character) in "WF" for character in words)
    return words + " " * (columns - len(words) - wide)


def compose(heading: Heading, findings: Sequence[Finding], say: Sayer) -> bytes:
    """The report as a PDF, A4; without findings a page that says no more than that it is a trial.

    Raises `ReportError`.
    """
    wrong = sum(finding.verdict is Verdict.FAIL for finding in findings)
    tone, verdict, summary = _judgement(wrong) if findings else _TRIAL
    sheet = {
        "title": say("check.report"),
        "verdict": say(verdict),
        "tone": tone,
        "summary": say(summary, wrong=wrong, count=len(findings)),
        "heading": [(say(f"check.{name}"), value) for name, value in _heading(heading)],
        "columns": [say(f"check.column.{name}") for name in ("what", "verdict", "found", "action")],
        "rows": _rows(findings, say),
        "signature": say("check.signature"),
        "language": "zh" if say.language.chinese else "en",
    }
    try:
        compiler = typst.Compiler(root=TEMPLATE.parent, font_paths=[FONTS])
        data = json.dumps(json.dumps(sheet, ensure_ascii=False), ensure_ascii=False)
        call = f'#import "/{TEMPLATE.name}": report\n#report(json(bytes({data})))'
        pdf = compiler.compile(call.encode(), format="pdf")
    except typst.TypstError as error:
        raise ReportError(f"the report could not be set: {error}") from None
    assert isinstance(pdf, bytes)
    return pdf


# How the badge looks, what it says, and the sentence below the title.
_TRIAL = (Verdict.LEFT_OUT, "check.trial_page", "check.trial_page_summary")


def _judgement(wrong: int) -> tuple[Verdict, str, str]:
    if wrong:
        return Verdict.FAIL, "check.not_ready", "check.summary"
    return Verdict.PASS, "check.ready", "check.summary_good"


def _rows(findings: Sequence[Finding], say: Sayer) -> list[dict[str, object]]:
    """What a person tried stands below what the device says of itself."""
    rows, last = [], ""
    for finding in findings:
        again = finding.what == last
        what = say("check.tried" if again else finding.what)
        word = say(f"check.{finding.verdict}")
        rows.append(asdict(finding) | {"what": what, "word": word, "again": again})
        last = finding.what
    return rows


def _heading(heading: Heading) -> list[tuple[str, str]]:
    fields = asdict(heading) | {"time": f"{heading.time:%Y-%m-%d %H:%M}"}
    return [(name, str(value)) for name, value in fields.items()]
