"""Printers: what they say of themselves, and what a slip with any text makes them do."""

from __future__ import annotations

import json

from given import FIXTURES, Given, counted, pieces, text
from pyipp.enums import IppTag

from drivers.document.faults import FAULTS as DOCUMENT_FAULTS
from drivers.document.jobs import Job, job_of
from drivers.document.messages import Message, decode, encode
from drivers.document.status import understand as understand_ipp
from drivers.receipt import answers, escpos, operations
from drivers.receipt import decode as stream
from drivers.receipt.layout import columns, wrap
from drivers.receipt.qr import TooLongError
from drivers.receipt.status import FAULTS as RECEIPT_FAULTS
from drivers.receipt.status import REPLIES, understand
from kiosk.model import (
    Align,
    DeviceStatus,
    PairLine,
    QrLine,
    Receipt,
    RuleLine,
    SupplyLevel,
    TextLine,
)

MEDIA = ("", "iso_a4_210x297mm", "na_letter_8.5x11in")
SIDES = ("one-sided", "two-sided-long-edge")
CHARACTERS = 60  # of one text on a slip: those that are drawn take long
HARMLESS = (
    operations.Initialise, operations.LineFeed, operations.QrPrint, operations.Chinese,
    operations.Text, operations.SetAlign, operations.Bold, operations.Size, operations.Pitch,
    operations.Feed, operations.Raster, operations.QrSetting, operations.QrStore, operations.Cut,
    operations.AutomaticStatus,
)  # fmt: skip


def ipp_answers(data: bytes) -> None:
    message = decode(data)
    assert message is None or isinstance(message, Message)
    if message is None:
        return
    assert sum(len(said) for _, said in message.groups) <= len(data)
    for said in (message.first(IppTag.PRINTER), *message.of(IppTag.JOB)):
        for media in MEDIA:
            _checked(understand_ipp(said, media, SIDES[len(data) % 2]), DOCUMENT_FAULTS)
        assert isinstance(job_of(said, both_sides=bool(len(data) % 2)), Job | None)


def _checked(status: DeviceStatus, faults: object) -> None:
    assert isinstance(status, DeviceStatus)
    assert all(isinstance(level, SupplyLevel) for level in status.supplies.values())
    assert all(value.isdecimal() for value in status.readings.values())
    if status.fault is not None:
        assert status.fault.code in faults  # type: ignore[operator]
        assert len(status.fault.detail) <= 60
        assert status.fault.detail.isprintable()


def escpos_answers(data: bytes) -> None:
    """In pieces or at once: the same answers, and little that waits."""
    size, said = (data[0], data[1:]) if data else (0, b"")
    whole, rest = answers.split(said)
    held, found = b"", []
    for piece in pieces(said, size):
        more, held = answers.split(held + piece)
        found += more
        assert len(held) < 32
    assert (found, held) == (whole, rest)
    real = [one.raw for one in whole if one.kind is answers.Kind.REAL_TIME]
    _checked(understand(dict(zip(REPLIES, real, strict=False))), RECEIPT_FAULTS)
    _checked(understand({n: said[n : n + 1] for n in REPLIES}), RECEIPT_FAULTS)


def escpos_slips(data: bytes) -> None:
    """No text makes a printer do anything but print it, in rows that fit."""
    assert all(columns(row) <= 48 for row in wrap(text(data), 48))
    given = Given(data)
    paper = escpos.Paper(
        given.pick([576, 384]), bool(given.number() & 1), given.pick(list(escpos.Cut))
    )
    scale, align = given.pick([1, 2]), given.pick(list(Align))
    words = [text(given.some())[:CHARACTERS] for _ in range(3)]
    code = [QrLine(words[2])] if given.number() == 1 else []  # takes its library long
    line = TextLine(text(given.some(2))[:CHARACTERS], align, scale, bool(given.number() & 1))
    lines = [line, PairLine(words[0], words[1]), RuleLine(), *code]
    try:
        sent = escpos.encode(Receipt(tuple(lines)), paper)
    except TooLongError:
        return
    done = [one.op for one in stream.decode(sent)]
    assert all(isinstance(op, HARMLESS) for op in done), [op for op in done if op not in HARMLESS]
    assert sum(isinstance(op, operations.Initialise) for op in done) == 1
    assert isinstance(done[0], operations.Initialise)
    assert not any(command in sent for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    size, across = 1, paper.width_dots // 12
    for op in done:
        size = op.width if isinstance(op, operations.Size) else size
        if isinstance(op, operations.Text):
            assert columns(op.text) * size <= across


def escpos_streams(data: bytes) -> None:
    """The printer's end: nothing is lost, and pieces make no difference."""
    size, sent = (data[0], data[1:]) if data else (0, b"")
    whole = stream.decode(sent)
    assert b"".join(one.raw for one in whole) == sent
    decoder = stream.Decoder()
    found = [one for piece in pieces(sent, size) for one in decoder.feed(piece)]
    assert _kinds([*found, *decoder.rest()]) == _kinds(whole)


def _kinds(done: list[operations.Decoded]) -> list[tuple[type[operations.Op], bytes]]:
    """Neighbouring texts as one: a piece may end amid a row."""
    made: list[tuple[type[operations.Op], bytes]] = []
    for one in done:
        kind, raw = type(one.op), one.raw
        if kind is operations.Text and made and made[-1][0] is kind:
            made[-1] = kind, made[-1][1] + raw
        else:
            made.append((kind, raw))
    return made


def _ipp() -> list[bytes]:
    reasons = ["media-empty-report", "toner-low-warning", "made-up-error"]
    supply = "index=1;class=supplyThatIsConsumed;type=toner;maxcapacity=100;level=-2;"
    tray = "type=sheetFeedAutoRemovableTray;mediafeed=29700;mediaxfeed=21000;level=-3;"
    printer = {
        "printer-state": (IppTag.ENUM, [4]),
        "printer-state-reasons": (IppTag.KEYWORD, reasons),
        "printer-supply": (IppTag.STRING, [supply]),
        "printer-input-tray": (IppTag.STRING, [tray]),
        "printer-impressions-completed": (IppTag.INTEGER, [7]),
    }
    made = encode(0, 1, [(IppTag.PRINTER, printer)])
    recorded = [path.read_bytes() for path in sorted((FIXTURES / "document").glob("*.ipp"))]
    return [made, *(one for one in recorded if len(one) < 4000)]


def _said() -> list[bytes]:
    told = json.loads((FIXTURES / "receipt" / "answers.json").read_text())
    return [b"\x01" + bytes.fromhex(one["hex"]) for one in told["streams"]]


def _slips() -> list[bytes]:
    words = [one.encode() for one in ("姓名 Name", "张示例", "KIOSK:CASE:KT0001-20261121-00042-N")]
    long = "示例县 Sample County, 2026-11-21 ¥12.50 䶮é\u0301\t（一）".encode()
    tail = counted(*words) + b"\x01" + counted(long, size=2)
    native, drawn = bytes([0, 1, 0, 0, 0]) + tail, bytes([1, 0, 1, 1, 1]) + tail + b"\x01"
    return [native, drawn, bytes(5) + counted(b"", b"", b"") + b"\0" + counted(b"abc", size=2)]


def _streams() -> list[bytes]:
    slip = Receipt((TextLine("示例 A", Align.CENTRE, 2, True), PairLine("a", "b"), QrLine("x")))
    return [b"\x03" + escpos.encode(slip), b"\x05\x1dv0\x00\x01\x00\x02\x00ab\x10\x04\x01\x1dr\x01"]


SEEDS = {
    "ipp_answers": _ipp,
    "escpos_answers": _said,
    "escpos_slips": _slips,
    "escpos_streams": _streams,
}
