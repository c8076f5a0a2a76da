"""Papers that say what an office did: filed, accepted, decided, booked."""

from __future__ import annotations

from fleet.certificates.facts import Facts, Pair, Row, same
from fleet.platform.registers.draw import code
from fleet.platform.registers.words import NOT_GIVEN, Asked, day
from kiosk.services import workdays
from kiosk.services.item import Booking

_DECIDED = Pair("准予", "Approved")
_HALL = Pair("示例县政务服务中心", "Sample County Service Centre")


def filing(asked: Asked) -> Facts:
    """From the day that was asked for, or from today."""
    since = max(asked.day("from_date", "start_date", "from", "start", "day"), asked.today)
    filed = code("BA", asked.number, asked.item.task_code)
    rows = (
        Row(Pair("备案编号", "Filing no."), same(filed)),
        Row(Pair("生效日期", "Effective from"), day(since)),
        *asked.rows(),
    )
    return Facts(rows, None, {"from_day": day(since), "filing_no": same(filed)})


def decision(asked: Asked) -> Facts:
    """Granted from the first day of the next month."""
    year, month = divmod(asked.today.year * 12 + asked.today.month, 12)
    since = asked.today.replace(year=year, month=month + 1, day=1)
    number = code("JD", asked.number, asked.item.task_code)
    decided = Pair(f"{_DECIDED.zh}{asked.item.task_name.zh}", _DECIDED.en)
    rows = (
        Row(Pair("决定文号", "Decision no."), same(number)),
        Row(Pair("决定日期", "Decided on"), day(asked.today)),
        Row(Pair("执行日期", "Effective from"), day(since)),
        Row(Pair("决定机关", "Decided by"), _department(asked)),
        *asked.rows(),
    )
    return Facts(rows, None, {"decided": decided, "from_day": day(since)})


def acceptance(asked: Asked) -> Facts:
    """The promise's clock starts today."""
    days = asked.item.promise_day
    promise = Pair(f"{days}个工作日", f"{days} working day" + ("" if days == 1 else "s"))
    due = day(workdays.after(asked.today, days))
    rows = (
        Row(Pair("受理编号", "Acceptance no."), same(code("SL", asked.number, asked.today))),
        Row(Pair("受理日期", "Accepted on"), day(asked.today)),
        Row(Pair("承诺期限", "Promised limit"), promise),
        Row(Pair("办结不晚于", "Done no later than"), due),
        *asked.rows(),
    )
    return Facts(rows, None, {"promise": promise, "promise_day": due})


def appointment(asked: Asked) -> Facts:
    """A day and a slot at the place that the item names."""
    where = asked.item.transact_addr
    place = Pair(where.zh, where.en) if where.zh else _HALL
    booking = asked.item.booking
    if booking is not None and booking.offices:
        place = _office(asked, booking) or place
    names = (booking.day, booking.slot) if booking else ("day", "slot")
    when = asked.said(names[0], "day", other=day(asked.today))
    slot = asked.said(names[1], "slot", other=NOT_GIVEN)
    rows = (
        Row(Pair("预约编号", "Booking no."), same(code("YY", asked.number, when.zh, slot.zh))),
        Row(Pair("预约事项", "Service"), Pair(asked.item.task_name.zh, asked.item.task_name.en)),
        Row(Pair("日期", "Day"), when),
        Row(Pair("时段", "Slot"), slot),
        Row(Pair("地点", "Place"), place),
        *asked.rows(names[0], names[1], "day", "slot", "office"),
    )
    return Facts(rows, None, {"day": when, "slot": slot, "place": place})


def _office(asked: Asked, booking: Booking) -> Pair | None:
    """The one that was chosen, with its address."""
    office = booking.find_office(asked.answer(booking.office))
    if office is None:
        return None
    name, address = office.name, office.address
    return Pair(f"{name.zh}（{address.zh}）", f"{name.en} ({address.en})")


def _department(asked: Asked) -> Pair:
    return Pair(asked.item.dept_name.zh, asked.item.dept_name.en)
