"""Sample bodies of the pages about an appointment, for pictures and tests."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Rung, Text
from kiosk.view import (
    AppointmentAskBody,
    AppointmentBody,
    Body,
    CaseBody,
    CasesBody,
    Choice,
    LookupBody,
    Paper,
    QuestionBody,
    SlipBody,
    State,
)

_CASE = "KT0001-20261121-00042-N"
_ITEM = Text("婚姻登记预约", "Marriage registration appointment")
_DAY = Text("2026年12月1日 周二", "Tuesday, 1 December 2026")
_SLOT = Text("上午（9:00至11:30）", "Morning (9:00 to 11:30)")
_OFFICE = Text("县民政局婚姻登记处", "County marriage registry")
_ADDRESS = Text("示例县城关镇人民路1号政务服务中心二楼",
                "Service Centre, second floor, 1 Renmin Road, Chengguan Town")  # fmt: skip
_HOURS = Text("工作日9:00至11:30，14:30至17:00",
              "Working days, 9:00 to 11:30 and 14:30 to 17:00")  # fmt: skip
_TOWN = Text("河西镇便民服务中心婚姻登记窗口", "Hexi Town marriage desk")
_BRING = Text("双方的居民身份证，和三张2寸双方近期半身免冠合影照片（也可以现场免费拍）。",
              "Both resident ID cards, and three recent two-inch photos of you together "
              "(or have one taken there, free of charge).")  # fmt: skip
_OLD = (Text(f"{_DAY.zh} {_SLOT.zh}", f"{_DAY.en}, {_SLOT.en}"), _OFFICE)
_NEW = (Text("2026年12月4日 周五 上午（9:00至11:30）",
             "Friday, 4 December 2026, Morning (9:00 to 11:30)"), _TOWN)  # fmt: skip


def bodies() -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body."""
    one = AppointmentBody(
        _CASE, _ITEM, _DAY, _SLOT, _OFFICE, _ADDRESS, _HOURS, _BRING,
        until=Text("2026年11月30日 周一 09:00", "Monday, 30 November 2026, 09:00"), moves=3,
    )  # fmt: skip
    late = "why_not.appointment.too_late"
    bring = Text(f"请带：{_BRING.zh}", f"Bring: {_BRING.en}")
    case = CaseBody(_CASE, "review", known=True, item=_ITEM, slip=True, change="ready",
                    appointment=(*_OLD, bring))  # fmt: skip
    sure = AppointmentAskBody("cancel", False, _OLD, withdraws=True)
    moved = SlipBody("moved", _CASE, Paper("slip", Rung.SENT), told=_NEW)
    gone = Paper("slip", Rung.PRESENTED)
    return {
        "case-appointment": (State.CASE, case),
        "case-withdrawn": (State.CASE, CaseBody(_CASE, "withdrawn", known=True, item=_ITEM,
                                                ended=True, slip=True)),
        "cases-too-often": (State.CASES, CasesBody(error="error.cases.too_often", wait=3)),
        "appointment": (State.APPOINTMENT, one),
        "appointment-late": (State.APPOINTMENT, replace(one, move=late, cancel=late)),
        "appointment-cancelled": (
            State.APPOINTMENT,
            replace(one, cancelled=True, move="why_not.appointment.cancelled",
                    cancel="why_not.appointment.cancelled"),
        ),
        "appointment-offline": (
            State.APPOINTMENT, replace(one, move="why_not.offline", cancel="why_not.offline")
        ),
        "appointment-office": (State.APPOINTMENT_PLACE, _offices()),
        "appointment-move": (State.APPOINTMENT_ASK, AppointmentAskBody("move", False, _OLD, _NEW)),
        "appointment-cancel": (State.APPOINTMENT_ASK, sure),
        "appointment-cancel-again": (State.APPOINTMENT_ASK, replace(sure, again=True)),
        "appointment-moving": (State.APPOINTMENT_ACT, LookupBody("move")),
        "appointment-moved": (State.SLIP, moved),
        "appointment-gone": (
            State.SLIP,
            replace(moved, kind="cancelled", paper=gone, done=True, told=_OLD),
        ),
    }  # fmt: skip


def _offices() -> QuestionBody:
    choices = (
        Choice("county", _OFFICE,
               Text(f"余312 · {_ADDRESS.zh}\n{_HOURS.zh}",
                    f"312 free · {_ADDRESS.en}\n{_HOURS.en}")),
        Choice("hexi", _TOWN,
               Text("余18 · 示例县河西镇中心街8号\n周一、周三、周五9:00至11:30",
                    "18 free · 8 Centre Street, Hexi Town\n"
                    "Mondays, Wednesdays and Fridays, 9:00 to 11:30")),
    )  # fmt: skip
    label = Text("您二位想去哪里办理登记？", "Where would you like to register?")
    return QuestionBody("office", "choice", label, Text("", ""), 1, 3, choices)
