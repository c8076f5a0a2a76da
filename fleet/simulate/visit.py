"""What a visit leaves in a station's journal: as a real one, in the same order."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from fleet.simulate.people import person
from fleet.simulate.profile import Thing
from fleet.simulate.sealing import seal
from kiosk import wire

if TYPE_CHECKING:
    from fleet.simulate.station import Station
    from fleet.simulate.supplies import Printer

HOUR = 3600.0
WIPED = {"card": 1, "answers": 3, "textures": 4}


def happens(station: Station) -> None:
    """The whole visit; the station's clock goes on meanwhile."""
    dice, visits = station.dice, station.profile.visits
    session, begun = f"S{station.seq + 1}", station.now
    intent = station.record("session.intent", {"language": "zh_CN"}, session)
    [thing] = dice.choices(visits.items, [one.weight for one in visits.items])
    chosen = {"task_code": thing.task_code, "task_version": thing.task_version}
    _pass(station, 5, 20)
    station.record("service.chosen.event", chosen, session)
    _pass(station, 5, 15)
    station.record("identity.card.event", {"outcome": "read"}, session)
    reason = "left"
    if dice.random() < visits.submits:
        _submit(station, thing, session)
        reason = "finished"
    seconds = round((station.now - begun).total_seconds())
    outcome = {"reason": reason, "wiped": WIPED, "seconds": seconds}
    station.record("session.outcome", outcome, session, of=intent.seq)


def _submit(station: Station, thing: Thing, session: str) -> None:
    dice, visits = station.dice, station.profile.visits
    _pass(station, 20, 120)
    number = (int(station.journal[:8], 16) + station.seq + 1) % 100_000
    case_no = wire.case_number(station.id, station.now.date(), number)
    known = {"case_no": case_no, "task_code": thing.task_code, "task_version": thing.task_version}
    payload = wire.CasePayload(
        case_no=case_no, terminal=station.id, task_code=thing.task_code,
        task_version=thing.task_version, apply_date=station.now.isoformat(timespec="seconds"),
        applicant=person(dice), answers=thing.answers, identity="card", proof="face",
    )  # fmt: skip
    sealed = seal(station.key, payload, dice.randbytes(32))
    intent = station.record("case.intent", {**known, "kind": thing.kind}, session, sealed)
    _pass(station, 1, 8)
    standing = "accepted" if station.online else "provisional"
    outcome = {"case_no": case_no, "standing": standing}
    station.record("case.outcome", outcome, session, of=intent.seq)
    _print(station, station.slips, "receipt", case_no, session)
    if thing.kind == "instant" and dice.random() < visits.certificate and station.sheets.works:
        _print(station, station.sheets, "certificate", case_no, session)
    if dice.random() < visits.rates:
        level = dice.choices((5, 4, 3, 2, 1), (60, 25, 8, 4, 3))[0]
        rating = {"case_no": case_no, "task_code": thing.task_code, "level": level, "tags": []}
        station.record("rating.event", rating, session)


def _print(station: Station, printer: Printer, paper: str, case_no: str, session: str) -> None:
    dice, profile = station.dice, station.profile
    job = f"J{station.seq + 1}"
    said: dict[str, Any] = {"job": job, "paper": paper, "case_no": case_no}
    intent = station.record("print.intent", said, session)
    _pass(station, 2, 6)
    jams = dice.random() < profile.faults.jams
    rung = {"rung": "unconfirmed", "fault": "paper_jam", "action": "clear"} if jams else {
        "rung": "presented"
    }  # fmt: skip
    station.record("print.outcome", {**said, **rung}, session, of=intent.seq)
    printer.left -= 1
    if jams:
        printer.jammed = True
        clear = partial(station.tend, printer, printer.clear)
        station.plan(dice.expovariate(1 / (HOUR * profile.faults.jam_hours)), clear)
    if printer.left == 0:
        full = profile.supplies.slips if printer is station.slips else profile.supplies.sheets
        hours = max(profile.supplies.refill_hours, 0.01)
        refill = partial(station.tend, printer, partial(printer.refill, full))
        station.plan(dice.expovariate(1 / (HOUR * hours)), refill)
    station.tell(printer)


def _pass(station: Station, least: float, most: float) -> None:
    station.now += timedelta(seconds=station.dice.uniform(least, most))
