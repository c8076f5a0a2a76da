"""Words: the fleet's messages, answers and signatures of citizens, speech, and state files."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import structlog
from given import Given, counted, text

from drivers.network import seconds_of
from drivers.speech.pronounce import LONGEST_BREATH, breaths, pronounce
from drivers.statefile import StateFile, read_json
from kiosk import signature, wire
from kiosk.gateway import progress_of
from kiosk.identity import numbers
from kiosk.model import Language, Text
from kiosk.ports import CaseProgress
from kiosk.services.fields import FieldType, FormField
from kiosk.services.form import check_answer, display, parse_date
from kiosk.services.load import load_catalogue
from kiosk.wire import read_case_number

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

TODAY = date(2026, 11, 21)
CATALOGUE = Path(__file__).parents[2] / "config" / "catalogue"
CASE = "KT0001-20261121-00042-N"
SPOKEN = 3000  # characters: more than any page has


def fleet_messages(data: bytes) -> None:
    """From the broker, both ways, and from the gateway."""
    for decode, kinds in ((wire.decode_incoming, wire.Incoming), (wire.decode_answer, wire.Answer)):
        try:
            message = decode(data)
        except msgspec.DecodeError:
            continue
        assert isinstance(message, kinds)
        assert decode(wire.encode(message)) == message
        if isinstance(message, wire.Events):
            assert all(len(wire.digest(record)) == 64 for record in message.records)
    assert isinstance(progress_of(CASE, data), CaseProgress | None)


def signatures(data: bytes) -> None:
    """Only what `encode` writes is one; and what is one can be shown, bound and checked."""
    said = text(data)
    found = signature.decode(said)
    if found is not None:
        assert signature.encode(found) == said
        assert len(signature.image(found)) <= signature.MAX_IMAGE
    given = Given(data)
    answers = given.some().hex()
    parts = dict(zip(_PARTS, (text(given.some()) for _ in _PARTS), strict=True))
    wrong = signature.check(parts, answers)
    assert wrong in {"malformed", "other_answers", "altered"} or parts["answers"] == answers
    raw = [
        [(given.number(2), given.number(2), given.number(2)) for _ in range(given.number())]
        for _ in range(given.number() % 8)
    ]
    drawn = signature.record(raw)
    assert signature.problem(drawn) in {"", "empty", "too_short"}
    assert signature.decode(signature.encode(drawn)) == drawn


_PARTS = ("format", "answers", "vector", "image", "binding")


def form_answers(data: bytes) -> None:
    """What a person may type into any field of the catalogue."""
    given = Given(data)
    field = given.pick(_fields())
    typed = text(given.rest())
    error = check_answer(field, typed, TODAY)
    assert error == "" or error.startswith("error.")
    assert isinstance(parse_date(typed), date | None)
    if not error:
        shown = display(field, typed)
        assert isinstance(shown, Text)
        assert shown.zh
        assert shown.en
    assert read_case_number(typed)
    for check in (numbers.check_resident_number, numbers.check_foreign_number):
        assert isinstance(check(typed), numbers.NumberFault | None)
    assert len(numbers.mask_number(typed)) == len(typed)
    assert numbers.mask_name(typed)[1:].replace(" ", "").count("*") <= len(typed)


@cache
def _fields() -> list[FormField]:
    """The catalogue's, and one of each type without any bounds."""
    items = load_catalogue(CATALOGUE).items
    fields = {field.name: field for item in items for field in item.fields}
    label = next(iter(fields.values())).label
    wide = [
        FormField(f"wide_{kind}", kind, label, max_length=10_000, unit=label)
        for kind in (FieldType.TEXT, FieldType.NUMBER, FieldType.DATE)
    ]
    return [*(fields[name] for name in sorted(fields)), *wide]


def spoken_words(data: bytes) -> None:
    """A page's text, with names and numbers in it, as one voice after the other reads it."""
    assert all(0 < len(sentence) <= LONGEST_BREATH for sentence in breaths(text(data)))
    for language in Language:
        for sentence in breaths(text(data)[:SPOKEN]):
            for part in pronounce(sentence, language):
                assert part.text.strip()
                assert not set("[]{}<>|\0\n") & set(part.text)
                assert len(part.text) < 60 * LONGEST_BREATH


def state_files(data: bytes) -> None:
    file = _file()
    file.write_bytes(data)
    said = read_json(file, {"kept": True})
    assert isinstance(said, dict)
    seen = StateFile(file, {"delay_ms": 0}).get()
    assert 0 <= seconds_of(seen["delay_ms"]) <= 60


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="state-")) / "network.json"


def _messages() -> list[bytes]:
    record = wire.Record(
        "j-1", "/terminals/t", "kiosk.case.intent", "2026-11-21T10:00:00.000+00:00", "j", 1, 1,
        wire.GENESIS, "0" * 64, msgspec.Raw(b'{"case_no":"x"}'), sealed="AAAA",
    )  # fmt: skip
    fault = wire.DeviceHealth("receipt", "offline", {"paper": "out"}, "paper_out", "refill")
    messages = (
        wire.HostState(True, 1, "t"),
        wire.State("t", True, 1, 1, "t"),
        wire.Health("t", 1, "t", [fault], cpu_percent=1.5),
        wire.Birth("t", 1, 1, "j", 9, "t", devices=[fault]),
        wire.Services("t", 1, "t", {"x": ""}),
        wire.Events("t", [record]),
        wire.Ack("j", 9, "t", [(1, 2)]),
    )
    answer = {"case_no": CASE, "state": "approved", "due_date": "2026", "result": [["a"] * 3]}
    deep = b'{"type":"ack","x":' + b"[" * 3000
    return [*map(wire.encode, messages), json.dumps(answer).encode(), deep]


def _signatures() -> list[bytes]:
    drawn = signature.record([[(0, 0, 0), (900, 900, 10), (1500, 20, 20)], [(5, 5, 30)]])
    parts: Mapping[str, str] = signature.signed(drawn, "ab")
    said = counted(b"\xab", *(parts[name].encode()[:255] for name in _PARTS))
    raw = b"\x01\x03" + bytes(range(18))
    return [signature.encode(drawn).encode(), said + raw, signature.encode(drawn).encode() + b" "]


def _answers() -> list[bytes]:
    typed = ("", "36", "2026-11-21", "13800000000", "3-502", "张小满", "445299199003072043", CASE)
    return [bytes([number]) + one.encode() for number in range(len(_fields())) for one in typed]


def _pages() -> list[bytes]:
    return [
        one.encode()
        for one in (
            "您的办件编号 KT0001-20261121-00042-N 已受理，2026-11-21 前办结。",
            "请在 09:30-17:00 拨打 12345，应缴 ¥1,234.50 元，共 2 份、25%。",
            "Your number is 445***********2043. Pay ¥20 by 2026-11-21; 13800000000.",
            "曾女士，(示例) ㎡ 𰻞 1,000,000,000",
        )
    ]


def _states() -> list[bytes]:
    huge = b'{"delay_ms": 1' + b"0" * 400 + b"}"
    return [b'{"link": "down", "delay_ms": 250}', b"[1]", b'{"a": "', huge, b"[" * 3000]


SEEDS = {
    "fleet_messages": _messages,
    "signatures": _signatures,
    "form_answers": _answers,
    "spoken_words": _pages,
    "state_files": _states,
}
