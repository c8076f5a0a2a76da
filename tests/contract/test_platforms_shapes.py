"""Two platforms' words for the same case: nothing lost, nothing mistaken, nothing believed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet.platform.adapters import (
    checks,
    cityshape,
    countyshape,
    countywire,
    routing,
    spec,
    xml,
)
from fleet.platform.adapters import citywire as city
from fleet.platform.adapters.labels import LabelError, Labels
from fleet.platform.backends import cityrecords, countyrecords
from fleet.platform.contract import Decision, PlatformError
from fuzz import platforms as answers
from kiosk.wire import CaseApplicant, CaseMaterial, CaseParty, CasePayload
from paperwork import CERTIFICATE, QUERY, case
from platformwork import PLATFORMS, BackEnd, NoPapers, adapter, items

TEXT = st.text(max_size=20)
WORD = {
    name: st.sampled_from([word for word in labels.codes if word != "first_look"])
    for name, labels in answers.CITY.items()
}
CASES = st.builds(
    CasePayload,
    case_no=TEXT, terminal=TEXT, task_code=TEXT, task_version=TEXT,
    apply_date=st.sampled_from(["2026-11-20T09:59:00+08:00", "2026-02-28T23:59:59+08:00"]),
    applicant=st.builds(CaseApplicant, TEXT, TEXT, TEXT, TEXT),
    answers=st.dictionaries(TEXT, TEXT, max_size=4),
    identity=WORD["identities"], proof=WORD["proofs"], handling=WORD["handlings"],
    parties=st.lists(
        st.builds(CaseParty, WORD["roles"], TEXT, TEXT, TEXT, WORD["proofs"], TEXT), max_size=2
    ),
    language=TEXT, signature=st.dictionaries(TEXT, TEXT, max_size=2),
    materials=st.lists(
        st.builds(
            CaseMaterial, TEXT, WORD["sources"], st.lists(TEXT, max_size=2), TEXT,
            st.sampled_from(["", "2026-12-20"]), TEXT,
        ),
        max_size=2,
    ),
    catalogue=TEXT, bundle=TEXT, payment=TEXT, joint=st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_the_city_gets_every_case_whole(one: CasePayload) -> None:
    sent = msgspec.json.encode(cityshape.affair(one, "instant", answers.CITY))
    assert cityrecords.case(msgspec.json.decode(sent, type=city.Affair)) == one


@given(CASES)
@settings(max_examples=150, deadline=None)
def test_the_county_gets_every_case_whole(one: CasePayload) -> None:
    sent = xml.encode(countyshape.application(one, "instant", answers.COUNTY))
    assert countyrecords.case(xml.decode(sent, "SBXX")) == one


# ---- the trap: numbers ------------------------------------------------------------------------


def test_the_same_number_is_another_kind_at_the_other_platform() -> None:
    kinds = answers.CITY["kinds"], answers.COUNTY["kinds"]
    assert [one.labels["3"] for one in kinds] == ["上报件", "联办件"]
    assert [one.code("joint") for one in kinds] == ["4", "3"]
    assert [one.code("forwarded") for one in kinds] == ["3", "5"]


@pytest.mark.parametrize("name", ["city", "county"])
def test_the_other_s_numbers_never_become_a_decision(name: str, tmp_path: Path) -> None:
    """An adapter with the tables of the other platform: errors, and no joint case is taken."""
    other = {"city": "county", "county": "city"}[name]
    back_end = BackEnd(name, tmp_path / name)
    back_end.folder.mkdir()
    back_end.start()
    try:
        good = spec.read(PLATFORMS / f"{name}.toml")
        mixed = {**good.labels, "kinds": spec.read(PLATFORMS / f"{other}.toml").labels["kinds"]}
        path = tmp_path / f"{name}.toml"
        wrong = adapter(back_end, tmp_path, NoPapers())
        wrong._tables = msgspec.structs.replace(good, labels=mixed).tables()
        joint = msgspec.structs.replace(case("J1", QUERY, year="2026"), bundle="YJS-1")
        with pytest.raises(PlatformError):
            wrong.decide(joint)
        assert "J1" not in back_end.counts()
        wrong.close()
        assert not path.exists()
    finally:
        back_end.stop()


def test_a_table_that_is_not_one_to_one_is_refused() -> None:
    with pytest.raises(LabelError, match="stands for"):
        Labels.of("kinds", {"joint": ("联办", "3"), "forwarded": ("上报", "3")})
    with pytest.raises(LabelError, match="two codes"):
        Labels.of("kinds", {"joint": ("联办", "3"), "forwarded": ("联办", "4")})
    with pytest.raises(LabelError):
        Labels.of("kinds", {"joint": ("联办", "3")}).code("never heard of")
    with pytest.raises(LabelError):
        Labels.of("kinds", {"joint": ("联办", "3")}).word("7")


# ---- files and routes -------------------------------------------------------------------------


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    text = (PLATFORMS / f"{name}.toml").read_text("utf-8")
    assert old in text
    (folder / f"{name}.toml").write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seconds = 8.0", "seconds = 0"), ('adapter = "city"', 'adapter = "town"'),
        ("account", "acount"), ('["联办件", "4"]', '["联办件", "3"]'), ("[labels.ends]", "[x.y]"),
        ("seconds = 8.0", "seconds = "), ('["无", "0"]', '["无", 0]'),
    ],
)  # fmt: skip
def test_a_broken_platform_file_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(spec.PlatformFileError, match=r"city\.toml"):
        spec.read_all(changed(tmp_path, "city", old, new))


def test_cases_go_by_item_then_department_then_to_the_built_in_one(tmp_path: Path) -> None:
    department, item = case("").task_code[:18], case("", QUERY).task_code
    changed(tmp_path, "city", "dept_codes = []", f'dept_codes = ["{department}"]')
    changed(tmp_path, "county", "task_codes = []", f'task_codes = ["{item}"]')
    built_in: Any = object()
    found = routing.connect(tmp_path, items().values(), built_in, NoPapers(), tmp_path / "var")
    assert found.routes.name(item) == "county"
    assert found.routes.name(case("", CERTIFICATE).task_code) == "city"
    assert found.routes.name("11445299MB2D00014D2000100001001") == "sample"
    assert found.routes.name("no such code") == "sample"
    assert set(found.by_name) == {"sample", "city", "county"}
    found.close()
    both = changed(tmp_path, "county", "dept_codes = []", f'dept_codes = ["{department}"]')
    with pytest.raises(spec.PlatformFileError, match="claimed"):
        spec.read_all(both)


def test_as_delivered_everything_goes_to_the_built_in_platform(tmp_path: Path) -> None:
    built_in: Any = object()
    found = routing.connect(PLATFORMS, items().values(), built_in, NoPapers(), tmp_path)
    assert found.by_name == {"sample": built_in}


# ---- answers that nobody should believe -------------------------------------------------------

HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not_text": bytes(range(256)),
    "deep_json": b'{"code":"0","requestId":"r","data":' + b"[" * 200_000,
    "deep_json_closed": b'{"code":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "utf16_json": json.dumps({"code": "0", "requestId": "r", "data": None}).encode("utf-16"),
    "number_for_code": b'{"code":0,"requestId":"r","data":null}',
    "no_request": b'{"code":"0","data":null}',
    "another_request": b'{"code":"0","requestId":"r","data":{"events":[],"nextCursor":"1"}}',
    "huge": b" " * (9 * 2**20),
    "bomb": b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "&a%d;&a%d;&a%d;">' % (n, n - 1, n - 1, n - 1) for n in range(2, 40))
    + b"]><FHBW>&a39;</FHBW>",
    "outside": b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><FHBW>&a;</FHBW>',
    "deep_xml": b"<FHBW>" + b"<A>" * 100_000 + b"</A>" * 100_000 + b"</FHBW>",
    "utf8_in_gb18030": "<FHBW>李小满</FHBW>".encode("utf-16"),
    "web_page": b"<!doctype html><html><body>502 Bad Gateway</body></html>",
}


@pytest.fixture(scope="module")
def liar() -> Iterator[tuple[str, list[tuple[int, bytes]]]]:
    """A server that says to everything what it is told to."""
    says: list[tuple[int, bytes]] = [(200, b"")]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, body = says[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", says
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("name", ["city", "county"])
@pytest.mark.parametrize("status", [200, 302, 409, 503])
@pytest.mark.parametrize("body", HOSTILE)
def test_a_platform_that_talks_nonsense_decides_nothing(
    liar: tuple[str, list[tuple[int, bytes]]], name: str, status: int, body: str, tmp_path: Path
) -> None:
    url, says = liar
    says[0] = (status, HOSTILE[body])
    back_end = BackEnd(name, tmp_path)
    (tmp_path / f"{name}.secret").write_text("s")
    platform = adapter(back_end, tmp_path, NoPapers(), 3.0)
    platform.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BackEnd, "url", url)
        platform = adapter(back_end, tmp_path, NoPapers(), 3.0)
    platform._token = platform._session = "signed in"
    acts: list[Callable[[], object]] = [
        lambda: platform.decide(case("Q1")),
        lambda: platform.concluded(case("Q1")),
        lambda: platform.supplement(case("Q1")),
        lambda: platform.reports(""),
    ]
    for act in acts:
        with pytest.raises(PlatformError):
            act()
    platform.close()


CHANGES: list[tuple[str, Any]] = [
    ("projNo", "A-2"), ("projNo", None), ("servType", 1), ("servType", "2"), ("servType", 3),
    ("projStatus", "1"), ("projStatus", 7), ("projStatus", 1.5), ("projStatus", 2),
    ("projStatus", 3), ("reasonCode", "R99"), ("reasonCode", "R11"), ("reasonCode", 0),
    ("promiseDate", "20261123"), ("promiseDate", "2026-13-01"), ("licenseNo", "C" * 65),
    ("items", [{"labelCn": "x"}]), ("items", "x"), ("sheet", {"head": [["a", "b"]],
    "rows": [["1", "2"]]}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), CHANGES)
def test_one_wrong_key_and_the_city_is_not_believed(key: str, value: Any) -> None:
    said = json.loads(answers.SEEDS["city_answers"]()[0])["data"]
    good = cityshape.decision("A-1", "instant", city.decoded(_json(said), city.Outcome), CITY)
    assert good == answers.APPROVED
    said[key] = value
    with pytest.raises(PlatformError):
        _believed(said)


def _believed(said: object) -> Decision:
    decision = cityshape.decision("A-1", "instant", city.decoded(_json(said), city.Outcome), CITY)
    assert decision is not None
    return checks.sound(decision)


@pytest.mark.parametrize("tag", ["SBLSH", "BJLX", "BJZT", "YYM", "CNRQ", "ZZBH"])
@pytest.mark.parametrize("change", ["gone", "twice", "else"])
def test_one_wrong_element_and_the_county_is_not_believed(tag: str, change: str) -> None:
    message, _, _ = countywire.decode(countywire.ANSWER, answers.SEEDS["county_answers"]()[0])
    said = xml.part(message.content, "BLJG")
    assert countyshape.decision("A-1", "instant", message.content, COUNTY) == answers.APPROVED
    element = xml.part(said, tag)
    if change == "gone":
        said.remove(element)
    elif change == "twice":
        said.append(element)
    else:
        element.text = "7" * 70
    with pytest.raises(PlatformError):
        checks.sound(countyshape.decision("A-1", "instant", message.content, COUNTY))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_an_error_or_nothing(data: bytes) -> None:
    answers.city_answers(data)
    answers.county_answers(data)
    answers.county_applications(data)


def _json(said: object) -> bytes:
    return json.dumps(said).encode()


CITY, COUNTY = answers.CITY, answers.COUNTY
