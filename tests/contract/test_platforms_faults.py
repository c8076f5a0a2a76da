"""Whatever goes wrong on the way to a platform: an error in time, never a wrong decision."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.platform.adapters.inbox import Inbox
from fleet.platform.backends.faults import Fault
from fleet.platform.contract import Decision, PlatformError, Reason, Standing
from fleet.platform.deciding import certificate_number
from kiosk.wire import CasePayload
from paperwork import QUERY, case
from platformwork import SCANNED, BackEnd, NoPapers, Rig, adapter, residence, rig, until

SECONDS = 2.0  # that one exchange may take here
BOUND = 15.0  # far more than any of this should take, on a busy machine too
AT_ONCE = {Fault.LATE: 30.0, Fault.DRIP: 0.05}
NOT_DONE = (Fault.CUT_BEFORE, Fault.ERROR, Fault.AWAY)
NAME, NUMBER = "张小满", case("").applicant.number


@pytest.fixture(scope="module", params=["city", "county"])
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp(request.param)
    with rig(request.param, folder, SECONDS, papers=False) as made:
        yield made


@pytest.fixture
def back_end(on: Rig) -> Iterator[BackEnd]:
    assert on.back_end is not None
    yield on.back_end
    on.back_end.befall()


def failing(on: Rig, application: CasePayload) -> str:
    """What the error says; it must come in time and say nothing of the citizen."""
    begun = time.monotonic()
    with pytest.raises(PlatformError) as caught:
        on.platform.decide(application)
    assert time.monotonic() - begun < BOUND
    said = f"{caught.value!r} {caught.value.__cause__!r}"
    assert not any(secret in said for secret in (NAME, NUMBER, application.case_no))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return said


@pytest.mark.parametrize("fault", [one for one in Fault if one is not Fault.OTHER])
@pytest.mark.parametrize("kind", ["instant", "promise"])
def test_a_fault_costs_time_but_no_case(
    on: Rig, back_end: BackEnd, fault: Fault, kind: str
) -> None:
    number = f"X-{kind}-{fault}"
    application = case(number) if kind == "instant" else residence(number, SCANNED)
    on.platform.decide(case(f"warm-{number}", QUERY, year="2026"))
    back_end.befall(fault=fault, seconds=AT_ONCE.get(fault, 1.0))
    failing(on, application)
    back_end.befall()
    if fault not in (*NOT_DONE, Fault.TOKEN_EXPIRED):
        assert back_end.counts()[number] >= 1
    elif fault in NOT_DONE:
        assert number not in back_end.counts()
    decision = on.platform.decide(application)
    assert decision == on.platform.decide(application)
    if kind == "instant":
        assert decision.certificate_no == certificate_number(number)
    else:
        assert (decision.state, decision.reason) == (Standing.PENDING, Reason.REVIEW)


def test_an_answer_meant_for_another_case_is_not_believed(on: Rig, back_end: BackEnd) -> None:
    on.platform.decide(case("Y1", proof=""))
    back_end.befall(fault="other")
    failing(on, case("Y2"))
    back_end.befall()
    assert on.platform.decide(case("Y2")).state is Standing.APPROVED


@pytest.mark.parametrize("fault", ["malformed", "doubled", "cut_middle", "other", "error"])
def test_reports_are_whole_or_not_there(on: Rig, back_end: BackEnd, fault: str) -> None:
    number = f"Z-{fault}"
    on.platform.decide(residence(number))
    back_end.befall(fault=fault)
    with pytest.raises(PlatformError):
        on.platform.reports(on.place)
    back_end.befall()
    assert len(on.reports(number)) == 1


def test_reports_survive_a_kill_between_keeping_and_acknowledging(
    on: Rig, back_end: BackEnd
) -> None:
    """The acknowledgement's answer is lost: the same reports come again, and count once."""
    on.platform.decide(residence("W1"))
    back_end.befall(fault=["cut_after", "cut_before", "error"], rate=0.5)
    tries = 0
    while tries < 60 and not on.seen_of("W1"):
        tries += 1
        try:
            on.reports("W1")
        except PlatformError:
            continue
    back_end.befall()
    on.again()
    on.place, on.seen = "", []
    assert len(on.reports("W1")) == 1


def test_reports_that_could_not_be_kept_are_not_acknowledged(
    on: Rig, back_end: BackEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    if back_end.name != "county":
        return  # the city keeps its events for ever
    on.platform.decide(residence("W2"))

    def full(*_: object) -> None:
        raise PlatformError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "keep", full)
        with pytest.raises(PlatformError):
            on.platform.reports(on.place)
    assert len(on.reports("W2")) == 1


def test_a_token_that_expired_is_renewed_without_a_word(on: Rig, back_end: BackEnd) -> None:
    on.platform.decide(case("V1", QUERY, year="2026"))
    back_end.kill()
    back_end.start()  # which forgets tokens and sessions
    on.again()
    assert on.platform.decide(case("V2", QUERY, year="2026")).state is Standing.APPROVED


def test_a_platform_that_is_gone_is_told_at_once(on: Rig, back_end: BackEnd) -> None:
    back_end.kill()
    failing(on, case("U1"))
    back_end.start()
    assert on.platform.decide(case("U1")).state is Standing.APPROVED


def test_a_wrong_secret_decides_nothing(on: Rig, back_end: BackEnd, tmp_path: Path) -> None:
    secret = back_end.folder / f"{back_end.name}.secret"
    kept = secret.read_bytes()
    try:
        secret.write_text("0" * 64)
        stranger = adapter(back_end, tmp_path, NoPapers(), SECONDS)
        with pytest.raises(PlatformError):
            stranger.decide(case("T1"))
        secret.unlink()
        with pytest.raises(PlatformError):
            stranger.decide(case("T1"))
        stranger.close()
    finally:
        secret.write_bytes(kept)
    assert "T1" not in back_end.counts()


CHILD = """
import sys
from pathlib import Path
from paperwork import case
from platformwork import BackEnd, NoPapers, adapter
name, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
back_end = BackEnd(name, folder / name)
back_end.port = port
platform = adapter(back_end, folder / "child", NoPapers(), 60.0)
platform.decide(case("K0"))
print("signed in", flush=True)
sys.stdin.readline()
platform.decide(case("K1"))
"""


def test_a_fleet_killed_before_the_answer_makes_no_second_case(on: Rig, back_end: BackEnd) -> None:
    command = [sys.executable, "-c", CHILD, back_end.name, str(on.folder), str(back_end.port)]
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": path}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "signed in\n"
        back_end.befall(fault="late", seconds=60.0)
        child.stdin.write("now\n")
        child.stdin.flush()
        until(lambda: "K1" in back_end.counts())
        child.kill()
    back_end.befall()
    assert on.platform.decide(case("K1")).state is Standing.APPROVED
    assert back_end.counts()["K1"] == 2  # handed over twice, one case


def test_the_first_answer_stands_whatever_was_lost(on: Rig, back_end: BackEnd) -> None:
    back_end.befall(fault="cut_after")
    for _ in range(3):
        failing(on, case("S1"))
    back_end.befall()
    decision = on.platform.decide(case("S1"))
    assert decision == Decision(
        Standing.APPROVED, certificate_no=certificate_number("S1"), result=decision.result,
        table=decision.table,
    )  # fmt: skip
    assert back_end.counts()["S1"] >= 2
