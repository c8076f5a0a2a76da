"""The Megatec protocol of small UPSs: the question `Q1` and its reply. Pure.

2400 baud, 8N1. The reply is `(MMM.M NNN.N PPP.P QQQ RR.R S.SS TT.T b7b6b5b4b3b2b1b0<CR>`: input,
last fault and output volts, load in percent, hertz, battery volts, degrees Celsius, eight flags.
Source: "Megatec Protocol Information" (networkupstools.org, protocols/megatec).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUESTION = b"Q1\r"
END = b"\r"
LONGEST = 64  # bytes; a reply has 47
_REPLY = re.compile(
    rb"\((\d{3}\.\d) (\d{3}\.\d) (\d{3}\.\d) (\d{3}) (\d\d\.\d) (\d\d\.\d|\d\.\d\d) (\d\d\.\d)"
    rb" ([01]{8})\r\Z"
)


@dataclass(frozen=True, slots=True)
class Report:
    input_volts: float
    fault_volts: float
    output_volts: float
    load_percent: int
    hertz: float
    battery_volts: float
    celsius: float
    mains_failed: bool  # b7
    battery_low: bool  # b6
    bypass: bool  # b5: bypass, boost or buck
    failed: bool  # b4
    standby_type: bool  # b3
    testing: bool  # b2
    shutting_down: bool  # b1
    beeping: bool  # b0


@dataclass(frozen=True, slots=True)
class NoReport:
    """A whole line, or more than a line's bytes, that is no reply to `Q1`."""


def reply(buffer: bytes) -> Report | NoReport | None:
    """None: the line is not whole yet. What comes before the bracket is noise of the line."""
    if END not in buffer:
        return NoReport() if len(buffer) > LONGEST else None
    found = _REPLY.search(buffer[: buffer.rindex(END) + 1][-LONGEST:])
    if found is None:
        return NoReport()
    volts_in, volts_fault, volts_out, load, hertz, battery, celsius, flags = found.groups()
    return Report(
        float(volts_in),
        float(volts_fault),
        float(volts_out),
        int(load),
        float(hertz),
        float(battery),
        float(celsius),
        *(flag == ord("1") for flag in flags),
    )


def encode(report: Report) -> bytes:
    """The reply that says so: what a UPS sends."""
    flags = (
        report.mains_failed,
        report.battery_low,
        report.bypass,
        report.failed,
        report.standby_type,
        report.testing,
        report.shutting_down,
        report.beeping,
    )
    text = (
        f"({report.input_volts:05.1f} {report.fault_volts:05.1f} {report.output_volts:05.1f}"
        f" {report.load_percent:03d} {report.hertz:04.1f} {report.battery_volts:04.1f}"
        f" {report.celsius:04.1f} {''.join('01'[flag] for flag in flags)}\r"
    )
    return text.encode("ascii")
