"""What approval platforms answer: a decision that agrees with itself, or an error; nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import msgspec

from fleet.platform.adapters import checks, cityshape, countyshape, countywire, xml
from fleet.platform.adapters import citywire as city
from fleet.platform.adapters.spec import read
from fleet.platform.backends import cityrecords, countyrecords
from fleet.platform.contract import (
    Decision,
    PlatformError,
    Reason,
    Standing,
    StepEnd,
    StepReport,
    Table,
)
from kiosk.wire import CaseApplicant, CasePayload

PLATFORMS = Path(__file__).parents[2] / "config/platforms"
CITY = read(PLATFORMS / "city.toml").tables()
COUNTY = read(PLATFORMS / "county.toml").tables()
CASE = CasePayload(
    "A-1", "KT-0001", "T", "1", "2026-11-20T09:59:00+08:00", CaseApplicant("张小满", "1"), {},
    "card",
)  # fmt: skip
APPROVED = Decision(
    Standing.APPROVED, certificate_no="CB-1", result=(("年度", "Year", "2026"),),
    table=Table((("月", "Month"),), (("1",), ("2",))),
)  # fmt: skip
PENDING = Decision(Standing.PENDING, "2026-11-23", Reason.REVIEW)
REPORT = StepReport(
    "A-1", "accept", StepEnd.SENT_BACK, "2026-11-20T10:00:00+08:00", "周示例", ("proof",),
    ("补交", "Hand in"),
)  # fmt: skip


def city_answers(data: bytes) -> None:
    try:
        envelope = city.decoded(data, city.Envelope)
    except PlatformError:
        return
    try:
        said = city.decoded(envelope.data, city.Outcome)
        answer = cityshape.decision("A-1", "instant", said, CITY)
        _agrees(checks.sound(answer) if answer else None)
    except PlatformError:
        pass
    try:
        for event in city.decoded(envelope.data, city.Feed).events:
            cityshape.report(event, CITY)
    except PlatformError:
        pass


def county_answers(data: bytes) -> None:
    try:
        message, moment, _ = countywire.decode(countywire.ANSWER, data)
        countywire.expected(message, moment, "secret")
    except xml.XmlError:
        return
    try:
        answer = countyshape.decision("A-1", "instant", message.content, COUNTY)
        _agrees(checks.sound(answer))
    except PlatformError:
        pass
    with contextlib.suppress(PlatformError):
        countyshape.reports(message.content, COUNTY)


def county_applications(data: bytes) -> None:
    """What the simulated back end takes from outside."""
    try:
        message, _, _ = countywire.decode(countywire.REQUEST, data)
        countyrecords.case(message.content)
    except xml.XmlError:
        pass


def _agrees(decision: Decision | None) -> None:
    if decision is not None and decision.state is not Standing.APPROVED:
        assert not decision.certificate_no
        assert not decision.result


def _city_seeds() -> list[bytes]:
    said = [cityrecords.outcome(CASE, one, cityrecords.AT_ONCE) for one in (APPROVED, PENDING)]
    feed = city.Feed([cityrecords.happened(1, REPORT)], "1")
    return [
        msgspec.json.encode({"code": "0", "message": "", "requestId": "r", "data": one})
        for one in (*said, feed)
    ]


def _county_seeds() -> list[bytes]:
    contents = [Element("FHNR") for _ in range(3)]
    countyrecords.result(contents[0], "A-1", countyrecords.AT_ONCE, APPROVED)
    countyrecords.result(contents[1], "A-1", countyrecords.AT_ONCE, PENDING)
    countyrecords.happened(contents[2], 1, REPORT)
    return [_message(countywire.ANSWER, content) for content in contents]


def _application_seeds() -> list[bytes]:
    return [_message(countywire.REQUEST, countyshape.application(CASE, "instant", COUNTY))]


def _message(words: countywire.Direction, content: Element) -> bytes:
    message = countywire.Message("0000", "", "", "r", content)
    return countywire.encode(words, message, "secret", datetime.now(UTC))


SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "city_answers": _city_seeds,
    "county_answers": _county_seeds,
    "county_applications": _application_seeds,
}
