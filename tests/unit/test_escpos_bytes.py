"""A receipt as bytes, and the bytes read again."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.receipt import glyphs
from drivers.receipt import operations as ops
from drivers.receipt.decode import Decoder, decode
from drivers.receipt.dots import Dots
from drivers.receipt.escpos import MAX_BYTES, TEAR_DOTS, Cut, Paper, encode
from drivers.receipt.layout import columns, wrap
from drivers.receipt.qr import TooLongError, module_dots
from kiosk.model import Align, PairLine, QrLine, Receipt, ReceiptLine, RuleLine, TextLine

LINK = "https://example.invalid/c/KT0001-000123"
REAL_TIME = rb"\x10[\x04\x05\x14]"
TRUSTED = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        # GB 18030 gives ・ four bytes (its A1A4 is ·), so it is drawn and not in this list.
        st.characters(codec="gb2312", exclude_categories=["C", "Z"], exclude_characters="・"),
        st.sampled_from("喆堃镕玥，。（）《》￥·"),
    )
)


def job(*lines: ReceiptLine, width: int = 576) -> list[ops.Op]:
    return [decoded.op for decoded in decode(encode(Receipt(lines), Paper(width)))]


def rows(operations: list[ops.Op]) -> list[str]:
    """Printed rows, each ended by its line feed."""
    found, row = [], ""
    for op in operations:
        if isinstance(op, ops.Text):
            row += op.text
        elif isinstance(op, ops.LineFeed):
            found.append(row)
            row = ""
    assert row == "", "a row without its line feed"
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(deadline=None)
@given(TRUSTED, st.sampled_from([1, 2]), st.booleans(), st.sampled_from(list(Align)))
def test_text_comes_out_as_it_went_in(text: str, scale: int, bold: bool, align: Align) -> None:
    operations = job(TextLine(text, align, scale, bold))
    assert not any(isinstance(op, ops.Unknown) for op in operations)
    printed = rows(operations)
    assert squeezed("".join(printed)) == squeezed(text)
    assert all(columns(row) <= 48 // scale for row in printed)
    assert ops.Size(scale, scale) in operations
    assert ops.Bold(bold) in operations
    assert ops.SetAlign(1 if align is Align.CENTRE else 0) in operations
    assert isinstance(operations[-1], ops.Cut)


@settings(deadline=None)
@given(TRUSTED, TRUSTED)
def test_a_pair_keeps_label_and_value_within_the_paper(label: str, value: str) -> None:
    printed = rows(job(PairLine(label, value)))
    assert squeezed("".join(printed)) == squeezed(label + value)
    assert all(columns(row) <= 48 for row in printed)


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            [
                "\x1b@", "\x1dV\x00", "\x10\x04\x01", "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
                "\x1c.", "\x1c&", "\x1dr\x01", "\x1d(k", "\x10\x05\x02", "\x1ba\x02", "\n\x1b",
                "\u2028", "\x85", "\u202e\u0645\u0631", "\ufeff", "\u4dae\x10\x04", "\U00020bb7",
                "\ue000", "\U0010ffff", "e\u0301\u0301", "\ufe00", "\x00", "\x7f",
            ]
        ),
    ),
    max_size=6,
).map("".join)  # fmt: skip
# What a slip of these lines is made of, whatever their text.
PARTS = (
    ops.Initialise, ops.AutomaticStatus, ops.SetAlign, ops.Size, ops.Bold, ops.Pitch, ops.Chinese,
    ops.Text, ops.LineFeed, ops.Raster, ops.Cut,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(HOSTILE, st.sampled_from([1, 2]), st.sampled_from([576, 384, 256]))
def test_no_text_whatever_can_command_the_printer(text: str, scale: int, width: int) -> None:
    receipt = Receipt((TextLine(text, scale=scale), PairLine(text, text)))
    data = encode(receipt, Paper(width))
    found = decode(data)
    assert all(isinstance(part.op, PARTS) for part in found)
    assert not re.search(REAL_TIME, data)
    assert sum(isinstance(part.op, ops.Cut) for part in found) == 1
    assert [part.op for part in found if isinstance(part.op, ops.AutomaticStatus)] == [
        ops.AutomaticStatus(0)
    ]
    modes = [part.op.on for part in found if isinstance(part.op, ops.Chinese)]
    assert modes == [True, False] * (len(modes) // 2)


@settings(deadline=None, max_examples=100)
@given(HOSTILE, st.booleans())
def test_no_qr_code_whatever_can_command_the_printer(text: str, native: bool) -> None:
    data = encode(Receipt((QrLine(text),)), Paper(576, native))
    assert not re.search(REAL_TIME, data)
    kinds = {type(part.op) for part in decode(data)}
    assert kinds <= {*PARTS, ops.Feed, ops.QrSetting, ops.QrStore, ops.QrPrint}
    assert (ops.QrPrint in kinds) + (ops.Raster in kinds) == (text != "")
    assert native or ops.QrPrint not in kinds


def test_a_code_whose_length_looks_like_a_command_is_drawn() -> None:
    """0x0410 bytes: `DLE EOT` in the middle of `GS ( k`."""
    kinds = {type(op) for op in job(QrLine("a" * (0x0410 - 3)))}
    assert ops.Raster in kinds
    assert ops.QrPrint not in kinds


@settings(deadline=None)
@given(TRUSTED, st.lists(st.integers(1, 40), max_size=30))
def test_a_stream_may_be_cut_anywhere(text: str, sizes: list[int]) -> None:
    data = encode(Receipt((TextLine(text), RuleLine(), QrLine("KT-1"))))
    decoder, parts, at = Decoder(), [], 0
    for size in [*sizes, len(data)]:
        parts += decoder.feed(data[at : at + size])
        at += size
    assert decoder.rest() == []
    assert b"".join(part.raw for part in parts) == data
    assert rows([part.op for part in parts]) == rows([part.op for part in decode(data)])


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_decoded_without_loss(data: bytes) -> None:
    found = decode(data)
    assert b"".join(part.raw for part in found) == data
    at = 0
    for part in found:
        assert part.offset == at
        if isinstance(part.op, ops.Unknown):
            assert part.op.offset == at
        at += len(part.raw)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"\x1b@ab\x1bz", 4),  # no such command
        (b"\x1ba\x03", 0),  # an alignment that is none
        (b"\x1dv0\x00\x01\x00\x02\x00\xff", 0),  # a picture that is cut short
        (b"ok\xd5\xc5", 2),  # Chinese without FS &
        (b"\x1c&\xd5", 2),  # half a character
        (b"\x1d(k\x03\x001C\x11", 0),  # a module of 17 dots
        (b"\x7f", 0),
    ],
)
def test_what_is_not_known_is_named_with_its_place(data: bytes, offset: int) -> None:
    unknown = [part.op for part in decode(data) if isinstance(part.op, ops.Unknown)]
    assert unknown
    assert unknown[0].offset == offset


def test_chinese_goes_as_gb18030_in_chinese_mode() -> None:
    data = encode(Receipt((TextLine("办件 A1"),)))
    assert b"\x1c&" + "办件 A1".encode("gb18030") + b"\x1c.\n" in data


@pytest.mark.parametrize("name", ["刘䶮", "𠮷田", "€ 20", "e\u0301a", "©", "👍"])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_character_that_fonts_lack_is_drawn(name: str, scale: int) -> None:
    operations = job(TextLine(name, scale=scale))
    [picture] = [op for op in operations if isinstance(op, ops.Raster)]
    assert rows(operations) == []
    assert picture.width == 72
    assert any(picture.data), "nothing but white"


def test_only_the_row_that_needs_it_is_drawn() -> None:
    operations = job(PairLine("办件编号", "1"), PairLine("申请人", "刘䶮"), TextLine("完"))
    assert rows(operations)[1:] == ["完"]
    assert sum(isinstance(op, ops.Raster) for op in operations) == 1


def test_drawn_rare_names_differ_from_each_other() -> None:
    one, other = (
        [op for op in job(TextLine(name)) if isinstance(op, ops.Raster)] for name in ("䶮", "𠮷")
    )
    assert one != other


def test_a_picture_never_holds_a_real_time_command(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = b"\x10\x04\x01\x10\x05\x02\x10\x14\x08\x10\x10\x04"
    dots = Dots(72, 36, (pattern * 300)[: 72 * 36])
    monkeypatch.setattr(glyphs, "draw", lambda *_, **__: dots)
    data = encode(Receipt((TextLine("䶮"),)))
    assert not re.search(REAL_TIME, data)
    [picture] = [part.op for part in decode(data) if isinstance(part.op, ops.Raster)]
    assert all(new & old == old for new, old in zip(picture.data, dots.data, strict=True))


def test_a_value_stands_at_the_right_edge_or_below() -> None:
    assert rows(job(PairLine("费用", "￥20.00"))) == ["费用" + " " * 37 + "￥20.00"]
    below = rows(job(PairLine("事项" * 8, "灵活就业人员社会保险登记" + "A" * 9)))
    assert below == ["事项" * 8, " " * 15 + "灵活就业人员社会保险登记" + "A" * 9]
    address = rows(job(PairLine("住址", "示例街道" * 14)))
    assert address == ["住址", "  " + "示例街道" * 5 + "示例街", "  道" + "示例街道" * 5 + "示例",
                       "  街道" + "示例街道" * 2]  # fmt: skip


def test_words_stay_whole_and_punctuation_does_not_begin_a_row() -> None:
    assert wrap("Keep this slip please", 10) == ["Keep this", "slip", "please"]
    assert wrap("一二三四五。六", 10) == ["一二三四", "五。六"]
    assert wrap("一二三四（五）", 10) == ["一二三四", "（五）"]
    assert wrap("supercalifragilistic", 8) == ["supercal", "ifragili", "stic"]
    assert wrap("", 8) == [""]


def test_a_heap_of_marks_is_no_row_without_end() -> None:
    """None of them takes a column: a character keeps as many as honest text has."""
    assert wrap("é\u0323\u0591" + "x\u0591" * 3, 8) == ["é\u0323\u0591" + "x\u0591" * 3]
    assert wrap("\u0591" * 50_000, 48) == ["\u0591" * 30]
    assert wrap("a" + "\u0591\u200b" * 50_000 + "b", 48) == ["a" + "\u0591" * 30 + "b"]
    assert all(len(row) <= 48 * 31 for row in wrap("中" + "\u0301" * 99, 48))


def test_a_rule_is_a_thin_black_line_across() -> None:
    [line] = [op for op in job(RuleLine(), width=384) if isinstance(op, ops.Raster)]
    assert (line.width, line.height, set(line.data)) == (48, 2, {0xFF})


@pytest.mark.parametrize(
    ("cut", "last"),
    [(Cut.PARTIAL, b"\x1dVB\x18"), (Cut.FULL, b"\x1dVA\x18"), (Cut.NONE, b"\x1bJ%c" % TEAR_DOTS)],
)
def test_a_slip_ends_with_the_cut_that_the_printer_has(cut: Cut, last: bytes) -> None:
    assert encode(Receipt(()), Paper(cut=cut)).endswith(last)


@pytest.mark.parametrize("receipt", [
    Receipt((QrLine("a" * 3000),)),
    Receipt((TextLine("䶮\n" * (MAX_BYTES // 2592 + 1)),)),
])  # fmt: skip
def test_what_no_paper_holds_is_refused(receipt: Receipt) -> None:
    with pytest.raises(TooLongError):
        encode(receipt)


def test_a_code_that_is_too_wide_for_narrow_paper_is_refused() -> None:
    assert module_dots(b"a" * 1000, 384) == 2
    with pytest.raises(TooLongError):
        module_dots(b"a" * 2300, 320)


def test_native_qr_bytes_are_those_of_python_escpos() -> None:
    """An encoder of others, for the same code."""
    from escpos.printer import Dummy

    peer = Dummy()
    peer.qr(LINK, ec=1, size=module_dots(LINK.encode(), 576), model=2, native=True)
    assert peer.output in encode(Receipt((QrLine(LINK),)))


@pytest.mark.parametrize("width", [576, 384])
def test_a_drawn_code_reads_like_a_native_one(width: int) -> None:
    [picture] = [
        part.op
        for part in decode(encode(Receipt((QrLine(LINK),)), Paper(width, native_qr=False)))
        if isinstance(part.op, ops.Raster)
    ]
    assert picture.width * 8 <= width
    dots = Image.frombytes("1", (picture.width * 8, picture.height), picture.data)
    paper = Image.new("L", (width, picture.height + 80), 255)
    paper.paste(0, (0, 40), dots)
    code = zxingcpp.read_barcode(paper)
    assert code
    assert code.text == LINK


@pytest.mark.parametrize("length", [1, 40, 325, 1500])
def test_a_qr_code_fits_the_paper_at_level_m(length: int) -> None:
    operations = job(QrLine("A" * length))
    assert ops.QrStore(b"A" * length) in operations
    assert ops.QrSetting("model", 50) in operations
    assert ops.QrSetting("level", 49) in operations
    assert ops.QrSetting("size", module_dots(b"A" * length, 576)) in operations
    assert sum(isinstance(op, ops.QrPrint) for op in operations) == 1


def test_a_long_qr_code_has_smaller_modules() -> None:
    sizes = [module_dots(b"a" * length, 576) for length in (20, 325, 1500)]
    assert sizes[0] > sizes[1] > sizes[2] >= 3
