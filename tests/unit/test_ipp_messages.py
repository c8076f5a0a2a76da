"""IPP bytes: recorded answers of CUPS's ippeveprinter, and garbage of every kind."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyipp.enums import IppTag as Tag
from pyipp.parser import parse

from drivers.document.jobs import job_of
from drivers.document.messages import Message, Tagged, decode, encode

FIXTURES = Path(__file__).parents[1] / "fixtures/document"
RECORDED = sorted(FIXTURES.glob("*.ipp"))
BOUNDED = settings(max_examples=200, deadline=None)


def recorded(name: str) -> Message:
    message = decode((FIXTURES / f"{name}.ipp").read_bytes())
    assert message is not None
    return message


def test_a_printers_attributes_are_read() -> None:
    said = recorded("printer-all").first(Tag.PRINTER)
    assert said["printer-state"] == (3,)
    assert said["printer-state-reasons"] == ("none",)
    assert said["document-format-supported"] == ("application/octet-stream", "application/pdf")
    assert said["copies-supported"] == ((1, 999),)
    assert said["printer-is-accepting-jobs"] == (True,)
    assert "iso_a4_210x297mm" in said["media-supported"]
    assert str(said["printer-supply"][1]).startswith("index=2;class=supplyThatIsConsumed;")
    assert said["printer-geo-location"] == (), "out of band: there, and unknown"


def test_collections_are_passed_over_and_what_follows_them_is_not() -> None:
    said = recorded("printer-all").first(Tag.PRINTER)
    assert said["media-col-database"] == ()
    assert "x-dimension" not in said
    assert said["media-default"] == ("na_letter_8.5x11in",)
    names = list(said)
    assert names.index("media-col-database") < names.index("media-default")


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_the_library_reads_the_same(path: Path) -> None:
    """Of the simple attributes, where it understands the message at all."""
    raw = path.read_bytes()
    ours, theirs = decode(raw), parse(raw)
    assert ours is not None
    assert theirs["status-code"] == ours.code
    for group, name in ((Tag.PRINTER, "printers"), (Tag.JOB, "jobs")):
        for mine, other in zip(ours.of(group), theirs[name], strict=True):
            for attribute, values in mine.items():
                if values and not isinstance(values[0], tuple):
                    told = other[attribute]
                    assert list(values) == (told if isinstance(told, list) else [told])


def test_a_job_is_read() -> None:
    [said] = recorded("jobs-completed").of(Tag.JOB)
    job = job_of(said)
    assert job is not None
    assert (job.number, job.name, job.user, job.sheets) == (1, "job-1", "kiosk", 1)
    assert (job.completed, job.ended, job.begun) == (True, True, True)
    assert recorded("jobs-none").of(Tag.JOB) == ()
    assert recorded("job-not-found").code == 0x0406


def job(**said: object) -> object:
    whole = {"job-id": (7,), "job-state": (9,), **said}
    return job_of({name.replace("_", "-"): value for name, value in whole.items()})  # type: ignore[misc]


def test_sheets_are_counted_only_by_printers_that_count() -> None:
    def sheets(both_sides: bool = False, **said: object) -> object:
        whole = {"job-id": (7,), "job-state": (9,)}
        whole |= {name.replace("_", "-"): value for name, value in said.items()}  # type: ignore[misc]
        found = job_of(whole, both_sides=both_sides)  # type: ignore[arg-type]
        assert found is not None
        return found.sheets

    assert sheets() is None
    assert sheets(job_impressions_completed=(2,)) == 2
    assert sheets(job_impressions_completed=(2,), both_sides=True) is None
    assert sheets(job_media_sheets_completed=(1,), job_impressions_completed=(2,)) == 1
    assert sheets(job_impressions_completed=(0,)) is None, "completed, and none: not counted"
    assert sheets(job_impressions_completed=(0,), **{"job-state": (7,)}) == 0
    assert sheets(job_impressions_completed=(-1,)) is None


def test_only_a_job_that_never_began_is_known_not_to_have() -> None:
    found = [job(), job(time_at_processing=()), job(time_at_processing=(12,))]
    assert [one.begun for one in found] == [True, False, True]  # type: ignore[attr-defined]


@pytest.mark.parametrize("said", [{"job_id": ()}, {"job_id": ("7",)}, {"job_id": (0,)},
                                  {"job_state": ("done",)}, {"job_state": ()}])  # fmt: skip
def test_a_job_without_number_or_state_is_none(said: dict[str, object]) -> None:
    assert job(**said) is None


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_no_beginning_of_a_message_is_one(path: Path) -> None:
    raw = path.read_bytes()
    assert all(decode(raw[:length]) is None for length in range(len(raw)))


LOOPS_THE_LIBRARY = bytes.fromhex(
    "0101000000000001 01fdfffa41dd014104ff01ff0004370041413700fd7e04fd34fd07ff3403444441 41041c8f"
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>not a printer</html>",
        LOOPS_THE_LIBRARY,
        bytes.fromhex("0101000000000001 04 21 0001 61 0003 000001 03"),  # an integer of 3 bytes
        bytes.fromhex("0101000000000001 04 44 ffff 61 0003"),
        bytes.fromhex("0101000000000001 04 36 0001 61 0002 00ff 03"),  # language longer than all
        bytes.fromhex("0101000000000001 04") + b"\x34\0\1a\0\0" * 5000,  # collections unended
    ],
)
def test_what_is_no_message_is_none(raw: bytes) -> None:
    assert decode(raw) is None


def test_names_in_a_language_lose_it() -> None:
    value = b"\0\5zh-CN\0\6" + "打印".encode()
    raw = bytes.fromhex("0101000000000001 04 36 0001 61") + struct.pack(">H", len(value))
    message = decode(raw + value + b"\3")
    assert message is not None
    assert message.first(Tag.PRINTER) == {"a": ("打印",)}


WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
VALUES = st.one_of(
    st.tuples(st.sampled_from([Tag.INTEGER, Tag.ENUM]),
              st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=3)),
    st.tuples(st.just(Tag.BOOLEAN), st.lists(st.booleans(), min_size=1, max_size=3)),
    st.tuples(st.sampled_from([Tag.KEYWORD, Tag.NAME, Tag.URI, Tag.STRING]),
              st.lists(WORDS, min_size=1, max_size=3)),
)  # fmt: skip
ATTRIBUTES = st.dictionaries(WORDS.filter(bool), VALUES, max_size=5)


@BOUNDED
@given(st.integers(0, 0xFFFF), st.integers(0, 2**32 - 1), st.lists(ATTRIBUTES, max_size=3),
       st.binary(max_size=40))  # fmt: skip
def test_what_is_encoded_is_decoded(
    code: int, number: int, groups: list[Tagged], data: bytes
) -> None:
    raw = encode(code, number, [(Tag.JOB, group) for group in groups]) + data
    message = decode(raw)
    assert message is not None
    assert (message.code, message.request_id, message.data) == (code, number, data)
    assert [dict(group) for group in message.of(Tag.JOB)] == [
        {name: tuple(values) for name, (_, values) in group.items()} for group in groups
    ]


@BOUNDED
@given(st.binary(max_size=600))
def test_any_bytes_are_decoded_or_refused(tail: bytes) -> None:
    for raw in (tail, bytes.fromhex("0101000000000001") + tail):
        message = decode(raw)
        assert message is None or isinstance(message, Message)


@BOUNDED
@given(st.sampled_from(RECORDED), st.data())
def test_any_damage_to_a_message_is_survived(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    message = decode(bytes(raw))
    for group in message.of(Tag.JOB) if message else ():
        job_of(group)


def test_a_message_takes_memory_in_proportion_to_its_length() -> None:
    raw = bytes.fromhex("0101000000000001 04") + b"\x44\0\1a\0\0" * 150_000 + b"\3"
    tracemalloc.start()
    message = decode(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message is not None
    assert peak < 20 * len(raw)


def test_a_document_does_not_show() -> None:
    message = decode(encode(2, 1, [(Tag.JOB, {"job-name": (Tag.NAME, ["张小满"])})]) + b"%PDF-1.7")
    assert "张" not in repr(message)
    assert "PDF" not in repr(message)
