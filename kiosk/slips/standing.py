"""How far a case has come, and why, in the words of slips."""

from __future__ import annotations

from enum import StrEnum

from kiosk.model import Text


class Standing(StrEnum):
    """How far a case has come when its slip is printed."""

    DECIDED = "decided"
    ACCEPTED = "accepted"
    CARRIED = "carried"
    PROVISIONAL = "provisional"
    REFUSED = "refused"
    ANSWERED = "answered"  # a query: the answer is on the slip


STATES = {
    Standing.DECIDED: Text("已办结", "Completed"),
    Standing.ACCEPTED: Text("已受理", "Accepted"),
    Standing.CARRIED: Text("已转交，待受理", "Handed on, not yet accepted"),
    Standing.PROVISIONAL: Text("已保存，待确认", "Saved here, not yet confirmed"),
    Standing.REFUSED: Text("不予受理", "Not accepted"),
    Standing.ANSWERED: Text("已答复", "Answered"),
}
NOTHING = Text("", "")
UNSAID = Text("请向服务窗口询问", "Please ask at the service desk")
REASONS = {
    "not_insured": Text("未查到所选险种的参保登记", "Not registered for this insurance"),
    "bad_holder": Text("姓名或证件号码有误", "The name or ID number cannot be right"),
    "bad_answers": Text("所填内容不符合要求", "An answer is missing or out of range"),
    "unknown_item": Text("该事项已停止受理", "This service is no longer offered"),
    "unpaid": Text("没有查到缴费", "No payment was found for it"),
    "case_reused": Text("办件编号重复", "The case number is already in use"),
    "identity_check": Text("由工作人员核对身份", "A person checks who everybody is"),
    "accepted_on_behalf": Text("由主管部门办理", "The office in charge decides"),
    "carried": Text("待主管部门受理", "Waits for the office to accept it"),
    "materials": Text("还缺材料，见一次性告知单", "Something is missing: see the notice"),
    "rare_character": Text("姓名含生僻字，由人工制证", "A rare character: made by hand"),
}


def why(standing: Standing, reason: str) -> Text:
    return REASONS.get(reason, UNSAID if standing is Standing.REFUSED else NOTHING)
