"""What staff can do at the terminal, by role, and the step that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from kiosk import events as e
from kiosk import view as v
from kiosk.identity.numbers import mask_name
from kiosk.model import DeviceStatus, Member, PrintOutcome, StaffRole
from kiosk.ports import OnRung
from kiosk.session.papers import print_paper
from kiosk.session.post import Post
from kiosk.session.terminal import Terminal
from kiosk.session.visit import PaperJob, Visit
from kiosk.tickets import test_slip

MAINTENANCE = "maintenance"  # the status that outlives a restart

Act = Callable[[Terminal, Visit, Post], Awaitable[str]]


def acts_of(terminal: Terminal, member: Member) -> tuple[str, ...]:
    """What this member may do now, by the names of `_ACTS`."""
    if member.role is not StaffRole.ADMINISTRATOR:
        return ("test_slip",)
    closed = terminal.condition.closed_by_staff
    return ("test_slip", "open_service" if closed else "close_service")


async def act(terminal: Terminal, visit: Visit, post: Post) -> None:
    """Do what was pressed; the page says how it came out."""
    member, wanted = visit.staff, visit.staff_act
    if member is None or wanted not in acts_of(terminal, member):
        return
    said = await _ACTS[wanted](terminal, visit, post)
    data = {"staff": member.id, "role": str(member.role), "act": wanted}
    terminal.journal.append("staff", data, visit.id)
    post(e.StaffTold(f"staff.said.{said}"))


def restore(terminal: Terminal) -> None:
    """A terminal that staff closed stays closed through a restart."""
    said, _when = terminal.journal.statuses().get(MAINTENANCE, ({}, 0.0))
    terminal.condition.closed_by_staff = bool(said.get("on"))


async def _test_slip(terminal: Terminal, visit: Visit, post: Post) -> str:
    assert visit.staff is not None
    now = datetime.now().astimezone()
    slip = test_slip(terminal.place.terminal, terminal.place.site, visit.staff.id, now)
    paper = PaperJob("test_slip", f"{terminal.place.terminal}-{now:%Y%m%d%H%M%S}-test")
    printer = terminal.devices.receipt

    def printing(job: str, rung: OnRung) -> Awaitable[PrintOutcome]:
        return printer.print(job, slip, rung)

    await print_paper(terminal, visit, paper, printing, post)
    return "not_printed" if paper.trouble else "printed"


async def _close(terminal: Terminal, visit: Visit, _post: Post) -> str:
    _switch(terminal, visit, on=True)
    return "closed"


async def _open(terminal: Terminal, visit: Visit, _post: Post) -> str:
    _switch(terminal, visit, on=False)
    return "opened"


def _switch(terminal: Terminal, visit: Visit, *, on: bool) -> None:
    assert visit.staff is not None
    terminal.journal.append(MAINTENANCE, {"staff": visit.staff.id, "on": on}, visit.id)
    terminal.journal.put_status(MAINTENANCE, {"on": on})
    terminal.condition.closed_by_staff = on


# ---- The page ---------------------------------------------------------------------------------


def staff_body(terminal: Terminal, visit: Visit) -> v.Body:
    member, condition = visit.staff, terminal.condition
    assert member is not None
    return v.StaffBody(
        name=mask_name(member.name),
        role=str(member.role),
        closed=condition.closed_by_staff,
        online=condition.online,
        waiting=terminal.journal.last_seq - terminal.journal.acked_through,
        version=terminal.version,
        devices=tuple(_device(status) for status in condition.statuses.values()),
        acts=acts_of(terminal, member),
        said=visit.staff_said,
        busy=bool(visit.staff_act),
    )


def _device(status: DeviceStatus) -> v.DeviceRow:
    fault = status.fault
    return v.DeviceRow(
        status.device,
        str(status.state),
        fault.code if fault else "",
        str(fault.action) if fault else "",
        tuple((name, str(level)) for name, level in status.supplies.items()),
    )


_ACTS: dict[str, Act] = {"test_slip": _test_slip, "close_service": _close, "open_service": _open}
