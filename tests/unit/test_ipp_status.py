"""Printer attributes and reasons -> supplies, faults and actions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyipp.enums import IppTag as Tag

from drivers.document.faults import failing, fault_of
from drivers.document.messages import Attributes, decode
from drivers.document.reasons import _LOW, _REASONS, base
from drivers.document.status import FAULTS, DocumentFault, understand
from kiosk.model import DeviceState, DeviceStatus, FaultAction, SupplyLevel

FIXTURES = Path(__file__).parents[1] / "fixtures/document"
A4 = "iso_a4_210x297mm"
GOOD: Attributes = {
    "printer-state": (3,),
    "printer-state-reasons": ("none",),
    "printer-is-accepting-jobs": (True,),
    "document-format-supported": ("application/pdf",),
    "media-supported": (A4, "na_letter_8.5x11in"),
    "media-ready": (A4,),
    "sides-supported": ("one-sided",),
    "marker-types": ("toner", "waste-toner"),
    "marker-levels": (80, 10),
    "marker-low-levels": (10, 0),
}


def of(**change: tuple[object, ...] | None) -> DeviceStatus:
    said = {**GOOD, **{name.replace("_", "-"): value for name, value in change.items()}}
    return understand({n: v for n, v in said.items() if v is not None}, A4)  # type: ignore[misc]


def code(status: DeviceStatus) -> str:
    return status.fault.code if status.fault else ""


def test_a_good_printer_is_online_and_full() -> None:
    status = of()
    assert (status.state, status.usable, status.fault) == (DeviceState.ONLINE, True, None)
    assert status.supplies == {"paper": SupplyLevel.FULL, "toner": SupplyLevel.FULL}
    assert of(printer_state=(4,)).state is DeviceState.BUSY


@pytest.mark.parametrize("severity", ["", "-report", "-warning", "-error"])
@pytest.mark.parametrize(
    ("reason", "fault", "action"),
    [
        ("media-empty", "paper_out", FaultAction.REFILL),
        ("media-needed", "paper_out", FaultAction.REFILL),
        ("media-jam", "jam", FaultAction.CLEAR),
        ("toner-empty", "toner_out", FaultAction.REFILL),
        ("marker-supply-empty", "toner_out", FaultAction.REFILL),
        ("marker-waste-full", "waste_full", FaultAction.MAINTENANCE),
        ("cover-open", "cover_open", FaultAction.CLEAR),
        ("door-open", "cover_open", FaultAction.CLEAR),
        ("interlock-open", "cover_open", FaultAction.CLEAR),
        ("input-tray-missing", "tray_missing", FaultAction.CLEAR),
        ("output-area-full", "output_full", FaultAction.CLEAR),
        ("output-tray-missing", "output_full", FaultAction.CLEAR),
        ("fuser-over-temp", "fuser", FaultAction.SUSPEND),
        ("paused", "paused", FaultAction.RESET),
        ("shutdown", "shut_down", FaultAction.RESET),
        ("spool-area-full", "spool_full", FaultAction.RESET),
        ("timed-out", "unreachable", FaultAction.RESET),
    ],
)
def test_a_reason_is_its_fault_whatever_its_severity(
    reason: str, severity: str, fault: str, action: FaultAction
) -> None:
    status = of(printer_state_reasons=(reason + severity,))
    assert status.fault
    assert (status.fault.code, status.fault.action) == (fault, action)
    assert not status.usable


@pytest.mark.parametrize(
    ("reason", "supply"),
    [("media-low-warning", "paper"), ("toner-low", "toner"), ("marker-supply-low-report", "toner")],
)
def test_what_runs_low_is_no_fault_yet(reason: str, supply: str) -> None:
    status = of(printer_state_reasons=(reason,))
    assert (status.usable, status.fault) == (True, None)
    assert status.supplies[supply] is SupplyLevel.LOW


@pytest.mark.parametrize("reason", ["connecting-to-device", "none", "sleep-mode-report",
                                    "cups-waiting-for-job-completed"])  # fmt: skip
def test_what_is_said_in_good_health_is_no_fault(reason: str) -> None:
    assert of(printer_state_reasons=(reason,)).fault is None


def test_a_strange_reason_is_told_and_stops_nobody() -> None:
    status = of(printer_state_reasons=("com.sample.wifi-not-configured-report",))
    assert status.fault
    assert (status.fault.code, status.usable) == ("other", True)
    assert status.fault.detail == "com.sample.wifi-not-configured-report"


def test_a_strange_reason_of_a_printer_that_stands_stops_it() -> None:
    for change in (
        {"printer_state_reasons": ("drum-worn-error",)},
        {"printer_state_reasons": ("drum-worn",), "printer_state": (5,)},
    ):
        status = of(**change)  # type: ignore[arg-type]
        assert (code(status), status.usable) == ("other", False)
        assert status.state is DeviceState.HARDWARE_ERROR


def test_a_printer_that_stands_without_a_reason_is_stopped() -> None:
    assert (code(of(printer_state=(5,))), of(printer_state=(5,)).usable) == ("stopped", False)
    partly = of(printer_state_reasons=("stopped-partly-report",))
    assert (code(partly), partly.usable) == ("stopped", True)


def test_the_most_telling_of_several_reasons_is_the_fault() -> None:
    status = of(printer_state_reasons=("toner-empty", "media-jam", "cover-open", "weird"))
    assert code(status) == "cover_open"
    assert status.supplies == {"paper": SupplyLevel.JAMMED, "toner": SupplyLevel.OUT}


@pytest.mark.parametrize(
    ("change", "fault", "detail"),
    [
        ({"document_format_supported": ("image/jpeg",)}, "format_not_supported", "application/pdf"),
        ({"media_supported": ("na_letter_8.5x11in",)}, "media_not_supported", A4),
        ({"media_ready": ("na_letter_8.5x11in",)}, "media_not_loaded", A4),
        ({"sides_supported": ("two-sided-long-edge",)}, "media_not_supported", "one-sided"),
        ({"printer_is_accepting_jobs": (False,)}, "not_accepting", ""),
        ({"printer_state": (9,)}, "no_answer", ""),
        ({"printer_state": None}, "no_answer", ""),
        ({"printer_state": ("idle",)}, "no_answer", ""),
        ({"printer_state_reasons": None}, "no_answer", ""),
        ({"printer_state_reasons": ()}, "no_answer", ""),
    ],
)
def test_what_the_settings_want_must_be_there(
    change: dict[str, tuple[object, ...] | None], fault: str, detail: str
) -> None:
    status = of(**change)
    assert status.fault
    assert (status.fault.code, status.fault.detail, status.usable) == (fault, detail, False)


def test_without_a_size_in_the_settings_any_paper_will_do() -> None:
    assert understand({**GOOD, "media-ready": ("na_letter_8.5x11in",)}, "").usable


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"marker_levels": (8, 10)}, SupplyLevel.LOW),
        ({"marker_levels": (0, 10)}, SupplyLevel.LOW),  # it goes on; a reason says when it is over
        ({"marker_levels": (-2, 10)}, SupplyLevel.UNKNOWN),
        ({"marker_levels": ()}, SupplyLevel.UNKNOWN),
        ({"marker_levels": (80, 99)}, SupplyLevel.FULL),
        ({"marker_types": None}, SupplyLevel.NOT_SUPPORTED),
    ],
)
def test_toner_is_what_the_markers_say(
    change: dict[str, tuple[object, ...] | None], level: SupplyLevel
) -> None:
    assert of(**change).supplies["toner"] is level


@pytest.mark.parametrize(
    ("level", "capacity", "expected"),
    [
        ("75", "100", SupplyLevel.FULL),
        ("300", "3000", SupplyLevel.LOW),
        ("-3", "100", SupplyLevel.UNKNOWN),
        ("5", "-2", SupplyLevel.UNKNOWN),
        ("x", "100", SupplyLevel.UNKNOWN),
    ],
)
def test_toner_is_what_the_supplies_say_when_there_are_no_markers(
    level: str, capacity: str, expected: SupplyLevel
) -> None:
    toner = "class=supplyThatIsConsumed;type=toner;"
    supplies = ("class=receptacleThatIsFilled;type=wasteToner;maxcapacity=100;level=1;",
                f"{toner}maxcapacity={capacity};level={level};")  # fmt: skip
    assert of(marker_types=None, printer_supply=supplies).supplies["toner"] is expected


def tray(feed: int, across: int, level: int) -> str:
    return f"type=sheetFeedAutoRemovableTray;mediafeed={feed};mediaxfeed={across};level={level};"


@pytest.mark.parametrize(
    ("trays", "reason", "paper"),
    [
        ((tray(29700, 21000, 100), tray(0, 0, 0)), "media-empty-report", SupplyLevel.FULL),
        ((tray(21000, 29700, -3), tray(0, 0, 0)), "media-empty-warning", SupplyLevel.FULL),
        ((tray(29700, 21000, 0), tray(0, 0, 9)), "media-empty-report", SupplyLevel.OUT),
        ((tray(27940, 21590, 100),), "media-empty-report", SupplyLevel.OUT),
        ((tray(29700, 21000, -2),), "media-empty-report", SupplyLevel.OUT),
        ((tray(29700, 21000, 100),), "media-empty-error", SupplyLevel.OUT),
        ((tray(29700, 21000, 100),), "media-needed-report", SupplyLevel.OUT),
        (("=;;=", ""), "media-empty-report", SupplyLevel.OUT),
    ],
)
def test_an_empty_tray_is_no_matter_when_another_tells_that_it_has_our_paper(
    trays: tuple[str, ...], reason: str, paper: SupplyLevel
) -> None:
    status = of(printer_state_reasons=(reason,), printer_input_tray=trays)
    assert status.supplies["paper"] is paper
    assert status.usable is (paper is SupplyLevel.FULL)


def test_counters_are_told_when_the_printer_has_them() -> None:
    assert of().readings == {}
    counted = of(printer_impressions_completed=(1234,), printer_media_sheets_completed=(617,))
    assert counted.readings == {"impressions": "1234", "sheets": "617"}
    assert of(printer_impressions_completed=(-2,), printer_media_sheets_completed=()).readings == {}
    assert of(printer_impressions_completed=(True,)).readings == {}, "of another kind"


def test_a_recorded_printer_is_understood() -> None:
    def said(name: str) -> Attributes:
        message = decode((FIXTURES / name).read_bytes())
        assert message
        return message.first(Tag.PRINTER)

    assert understand(said("printer-all.ipp"), A4).usable
    out = understand(said("printer-paper-out.ipp"), A4)
    assert code(out) == "paper_out"
    assert out.supplies == {"paper": SupplyLevel.OUT, "toner": SupplyLevel.LOW}


def test_every_fault_has_an_action_and_every_reason_a_fault() -> None:
    assert set(FAULTS) == set(DocumentFault)
    assert not set(_REASONS) & set(_LOW)
    assert all(base(reason) == reason for reason in (*_REASONS, *_LOW))
    for fault in DocumentFault:
        assert not failing(fault_of(fault)).usable


KEYWORDS = st.one_of(
    st.sampled_from([*_REASONS, *_LOW, "none", "other"]).flatmap(
        lambda reason: st.sampled_from(["", "-report", "-warning", "-error"]).map(
            lambda severity: reason + severity
        )
    ),
    st.text(max_size=300),
)
ANY = st.one_of(st.integers(-5, 200), st.booleans(), st.text(max_size=20), KEYWORDS)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(KEYWORDS, min_size=1, max_size=6),
    st.dictionaries(st.sampled_from([*GOOD, "printer-supply", "printer-input-tray",
                                     "printer-impressions-completed"]),
                    st.lists(ANY, max_size=3).map(tuple), max_size=4),
)  # fmt: skip
def test_any_reasons_and_any_values_give_a_status_of_the_closed_set(
    reasons: list[str], strange: dict[str, tuple[object, ...]]
) -> None:
    said = {**GOOD, "printer-state-reasons": tuple(reasons), **strange}
    status = understand(said, A4)  # type: ignore[arg-type]
    if status.fault:
        assert FAULTS[status.fault.code] is status.fault.action
        assert len(status.fault.detail) <= 60
        assert status.fault.detail.isascii()
    if not status.usable:
        assert status.fault, "an unusable printer says why"
    known = {base(str(reason)) for reason in said["printer-state-reasons"]}
    if known & {"media-jam", "cover-open", "toner-empty", "media-needed"}:
        assert not status.usable
