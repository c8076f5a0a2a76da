"""Views about cases, their results and complaints, of invented people."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Rung, Text
from kiosk.services.feedback import complaints, tags_of
from kiosk.view import (
    Body,
    CaseBody,
    CaseGapRow,
    CaseListBody,
    CaseRow,
    CasesBody,
    CaseStepRow,
    CheckBody,
    CheckRow,
    Choice,
    HotlineBody,
    LodgedBody,
    LookupBody,
    MaterialRow,
    MaterialsBody,
    Paper,
    PapersBody,
    QuestionBody,
    RatingBody,
    RatingTag,
    SlipBody,
    State,
)

Samples = dict[str, tuple[State, Body]]
_CASE = "KT0001-20261121-00042-N"
_ORDER = "TS-KT0001-20261122-00043-L"
_DUE = Text("2026年12月4日", "4 December 2026")
_EARLIER = Text("2026年11月23日", "23 November 2026")
_ITEM = Text("居住证签注", "Residence permit endorsement")
_LONG = Text("城乡居民基本养老保险待遇领取资格认证", "Confirm eligibility for the basic pension")
_STEPS = (
    CaseStepRow(Text("受理", "Accepted"), "done", _EARLIER),
    CaseStepRow(Text("公安局审核居住信息", "Police check where you live"), "ready", _EARLIER),
    CaseStepRow(Text("批准", "Approved"), "waiting"),
    CaseStepRow(Text("办结，打印签注", "Finished, endorsement printed"), "waiting"),
)
_GAPS = (
    CaseGapRow(Text("租赁合同或房屋权属证明", "Tenancy agreement or proof of ownership"), _DUE),
    CaseGapRow(Text("在读证明", "Proof of enrolment"), _EARLIER, promised=True),
)
_WORDS = (Text("合同缺少出租人签名，请补签后交来。",
               "The landlord has not signed. Please have it signed and bring it."),)  # fmt: skip


def bodies() -> Samples:
    """Name of the picture → state and body."""
    return {**_finding(), **_cases(), **_complaints(), **_ratings(), **_places()}


def _finding() -> Samples:
    ways = CasesBody()
    number = QuestionBody(
        "case_no", "text", Text("请输入办件编号", "Type the case number"),
        Text("在受理回执上，例如 KT0001-20261121-00042-N",
             "It is on your receipt: KT0001-20261121-00042-N"), 0, 0, max_length=40,
    )  # fmt: skip
    wrong = replace(number, value="KT0001-20261121-00024-N", error="error.case_no.number.check")
    rows = (
        CaseRow(_CASE, _ITEM, "review", _DUE),
        CaseRow("KT0001-20261120-00017-K", _LONG, "correction", _DUE, wants=True),
        CaseRow("KT0001-20261011-00005-8", _LONG, "completion", ready=True),
        CaseRow("KT0001-20260911-00003-2", _ITEM, "refused"),
        *(CaseRow(f"KT0001-20260{n}11-00003-2", _LONG, "notice", ready=True) for n in range(1, 8)),
    )
    return {
        "cases": (State.CASES, ways),
        "cases-error": (State.CASES, replace(ways, error="error.cases.unknown")),
        "cases-offline": (
            State.CASES,
            replace(ways, number_why_not="why_not.offline", card_why_not="why_not.offline"),
        ),
        "cases-no-scanner": (
            State.CASES,
            replace(ways, scanner=False, error="error.case_no.code.shape"),
        ),
        "case-number": (State.CASE_NUMBER, number),
        "case-number-wrong": (State.CASE_NUMBER, wrong),
        "lookup": (State.LOOKUP, LookupBody("cases")),
        "collecting": (State.COLLECTING, LookupBody("result")),
        "case-list": (State.CASE_LIST, CaseListBody(rows, "张*")),
        "case-list-bundle": (
            State.CASE_LIST,
            CaseListBody(
                tuple(replace(row, item=Text("", "")) for row in rows[:4]), bundle=f"YJS-{_CASE}"
            ),
        ),
    }


def _cases() -> Samples:
    open_ = CaseBody(_CASE, "review", _DUE, slip=True)
    known = replace(open_, known=True, item=_ITEM, steps=_STEPS)
    wanted = replace(known, phase="correction", standing=True, wanted=2, missing=_GAPS,
                     words=_WORDS)  # fmt: skip
    ended = replace(known, phase="completion", ended=True, collect="ready", rate=True)
    moving = PapersBody(_CASE, "collected", (Paper("certificate", Rung.SENT),))
    ready = (Paper("certificate", Rung.PRESENTED),)
    return {
        "case-by-number": (State.CASE, replace(open_, wanted=1, late=True)),
        "case": (State.CASE, known),
        "case-wanted": (State.CASE, wanted),
        "case-wanted-desk": (State.CASE, replace(wanted, supplement="why_not.supplement_desk")),
        "case-supplement": (State.CASE, replace(wanted, supplement="ready", slip=True)),
        "case-coming": (
            State.CASE,
            replace(wanted, wanted=1, missing=(replace(_GAPS[0], coming=True),)),
        ),
        **_handed(),
        "case-ready": (State.CASE, ended),
        "case-no-printer": (State.CASE, replace(ended, collect="why_not.no_certificate_printer")),
        "case-refused": (State.CASE, replace(known, phase="refused", ended=True, rate=True)),
        "case-bare": (State.CASE, CaseBody(_CASE, "acceptance", card_why_not="why_not.no_reader")),
        "papers-collected": (State.PAPERS, moving),
        "papers-copied": (
            State.PAPERS,
            replace(moving, standing="copied", papers=ready, done=True),
        ),
    }


def _handed() -> Samples:
    """What was missing is handed in."""
    rows = tuple(MaterialRow(f"m{n}", gap.name, main=True) for n, gap in enumerate(_GAPS))
    said = Text("已扫描 2 页", "2 pages scanned")
    given = replace(rows[0], source="scan", said=said)
    listed = MaterialsBody(_ITEM, rows, later=True)
    check = CheckBody(
        _ITEM,
        (
            CheckRow(Text("办件编号", "Case no."), Text(_CASE, _CASE)),
            CheckRow(given.name, said, "material:m0"),
            CheckRow(rows[1].name, Text("还没有提交", "Not given yet"), "material:m1"),
        ),
    )
    ready = PapersBody(_CASE, "handed.taken", (Paper("receipt", Rung.PRESENTED),), done=True)
    return {
        "materials-later": (State.MATERIALS, listed),
        "materials-later-part": (State.MATERIALS, replace(listed, rows=(given, rows[1]))),
        "check-later": (State.CHECK, check),
        **{
            f"papers-handed-{standing}": (
                State.PAPERS,
                replace(ready, standing=f"handed.{standing}"),
            )
            for standing in ("taken", "part", "received", "saved", "too_late", "already_here")
        },
    }


def _complaints() -> Samples:
    choices = tuple(
        Choice(kind.code, Text(kind.name.zh, kind.name.en)) for kind in complaints().kinds
    )
    about = QuestionBody(
        "about", "choice", Text("您想反映什么？", "What is it about?"), Text("", ""), 1, 3, choices
    )
    rows = (
        CheckRow(Text("反映的问题", "About"), choices[2].label, "about"),
        CheckRow(Text("说明", "More"), Text("等了很久。", "I waited long."), "text"),
        CheckRow(Text("联系电话", "Telephone"), Text("13900000000", "13900000000"), "phone"),
        CheckRow(Text("涉及办件", "About case"), Text(_CASE, _CASE)),
    )
    lost = Paper("slip", Rung.QUEUED, "paper.trouble.slip")
    return {
        "hotline": (State.HOTLINE, HotlineBody("12345")),
        "hotline-case": (State.HOTLINE, HotlineBody("12345", _CASE)),
        "complaint": (State.COMPLAINT, about),
        "complaint-check": (
            State.COMPLAINT_CHECK,
            CheckBody(Text("投诉与建议", "Your complaint"), rows),
        ),
        "lodged": (State.LODGED, LodgedBody(_ORDER, _DUE)),
        "slip": (State.SLIP, SlipBody("complaint", _ORDER, Paper("slip", Rung.SENT))),
        "slip-lost": (State.SLIP, SlipBody("progress", _CASE, lost, done=True)),
    }


def _ratings() -> Samples:
    def tags(level: int) -> tuple[RatingTag, ...]:
        return tuple(RatingTag(tag.code, Text(tag.zh, tag.en)) for tag in tags_of(level))

    return {
        f"rating-{level}": (State.RATING, RatingBody(30, level=level, tags=tags(level)))
        for level in (5, 3, 1)
    }


def _places() -> Samples:
    days = tuple(
        Choice(f"2026-12-{day:02}", Text(f"2026年12月{day}日 周{name}（余{left}）",
                                         f"{english}, {day} December 2026 ({left} free)"))
        for day, name, english, left in (
            (1, "二", "Tuesday", 16), (2, "三", "Wednesday", 9), (3, "四", "Thursday", 12),
            (4, "五", "Friday", 1), (7, "一", "Monday", 16), (8, "二", "Tuesday", 16),
            (9, "三", "Wednesday", 16), (10, "四", "Thursday", 16),
        )
    )  # fmt: skip
    day = QuestionBody(
        "day", "choice",
        Text("您二位想在哪一天办理登记？", "On which day would you like to register?"),
        Text("请选工作日。", "Please choose a working day."), 1, 3, days,
    )  # fmt: skip
    asking = Text("正在查询空位，请稍等。", "Looking up what is free. Please wait.")
    return {
        "booking-days": (State.QUESTION, day),
        "booking-asking": (State.QUESTION, replace(day, choices=(), hint=asking)),
    }
