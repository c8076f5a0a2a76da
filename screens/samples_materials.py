"""Sample views of the pages on which materials are gathered."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import PageHint, Rung, Text
from kiosk.view import (
    Body,
    CommitmentBody,
    MaterialRow,
    MaterialsBody,
    MaterialWay,
    NoticeBody,
    Paper,
    ScanBody,
    State,
)

Samples = dict[str, tuple[State, Body]]

_ITEM = Text("就业失业登记", "Register employment or unemployment")
_PROOF = Text("终止或者解除劳动关系证明", "Proof that the employment has ended")
_CARD = MaterialRow(
    "id_card", Text("有效居民身份证原件", "Your own valid resident ID card"), True, "card",
    Text("已从您的证件读取", "From your card"),
)  # fmt: skip
_BOOK = MaterialRow(
    "birth", Text("出生医学证明", "The child's medical birth certificate"), True,
    stand=Text("原件，盖有医院的印章", "The original, with the hospital's seal"),
    explain=Text("正面朝上，放在高拍仪下。", "Face up, under the document camera."),
)  # fmt: skip
_END = MaterialRow(
    "end_proof", _PROOF, False,
    stand=Text("写明日期和原因，盖有单位公章", "States day and reason, with the employer's seal"),
    explain=Text("没有带来的，可以以后补交，或者读一份承诺书代替。",
                 "If you don't have it here, bring it later, or declare it instead."),
)  # fmt: skip
_SCANNED = replace(_BOOK, source="scan", said=Text("已扫描2页", "2 pages scanned"))
_PROMISED = replace(
    _END, source="promise", said=Text("承诺2026年12月11日前补交", "Promised by 11 December 2026")
)
_DECLARED = MaterialRow(
    "income", Text("收入和财产证明", "Proof of income and property"), True, "commitment",
    Text("已书面承诺，不用提交", "Declared instead"),
)  # fmt: skip
_EARLIER = MaterialRow(
    "household", Text("居民户口簿", "Household register"), True, "earlier",
    Text("取自以前的办件 KT0001-20260911-00017-K",
         "From your earlier case KT0001-20260911-00017-K"),
)  # fmt: skip
_WAYS = (MaterialWay("earlier", "why_not.not_on_file"), MaterialWay("scan", "", 2),
         MaterialWay("promise", "", 2, 15), MaterialWay("commitment"))  # fmt: skip
_DECLARATION = Text(
    "人社部门已告知我：1. 申请失业登记的人，应当没有工作，有劳动能力，愿意就业。"
    "2. 本承诺代替终止劳动关系的证明，事后与社会保险记录核对。3. 承诺不实的，撤销登记，"
    "追回由此取得的补贴，三年内不再适用告知承诺。我承诺：我的劳动关系已经按所填的日期和原因终止；"
    "现在没有单位用工，也没有营业执照；找到工作后十五日内报告；愿意承担不实承诺的责任。",
    "Social Security has told me: 1. Who registers as unemployed must be without work, able to "
    "work and willing to. 2. This promise stands in place of the proof that the job has ended; it "
    "is checked against the insurance records. 3. If it is untrue, the registration is withdrawn, "
    "subsidies received through it are taken back, and no promise of mine is accepted in place of "
    "proof for three years. I promise: my employment has ended, on the day and for the reason "
    "stated; nobody employs me now and I hold no business licence; I will report within 15 days "
    "when I find work; I accept the consequences of an untrue promise.",
)  # fmt: skip


def bodies() -> Samples:
    """Name of the picture → state and body, in the order of a visit."""
    todo = MaterialsBody(_ITEM, (_CARD, _BOOK, _END))
    return {
        "materials": (State.MATERIALS, todo),
        "materials-ways": (State.MATERIALS, replace(todo, open=_END, ways=_WAYS)),
        "materials-no-way": (
            State.MATERIALS,
            replace(todo, open=_BOOK, ways=(MaterialWay("scan", "why_not.no_doccam"),)),
        ),
        "materials-missing": (State.MATERIALS, replace(todo, telling=True)),
        "materials-no-printer": (State.MATERIALS, replace(todo, telling=True, printer=False)),
        "materials-done": (
            State.MATERIALS,
            MaterialsBody(_ITEM, (_CARD, _SCANNED, _PROMISED, _DECLARED, _EARLIER)),
        ),
        "materials-many": (
            State.MATERIALS,
            MaterialsBody(_ITEM, (_CARD, _BOOK, _END, _DECLARED, _EARLIER, _PROMISED, _SCANNED)),
        ),
        **_scans(),
        **_texts(),
        **_notices(),
    }


def _scans() -> Samples:
    page = ScanBody(_BOOK.name, number=1, total=2, explain=_BOOK.explain)
    hints = {f"scan-{hint.value}": replace(page, hint=hint) for hint in PageHint}
    return {
        **{name: (State.SCAN, body) for name, body in hints.items()},
        "scan-review": (State.SCAN, replace(page, phase="review")),
        "scan-turn": (State.SCAN, replace(page, phase="turn", number=2)),
        "scan-failed": (State.SCAN, replace(page, phase="failed", fault="timed_out", total=1)),
    }


def _texts() -> Samples:
    promise = CommitmentBody("promise", _PROOF, _ITEM, days=15,
                             due=Text("2026年12月11日", "11 December 2026"))  # fmt: skip
    earlier = CommitmentBody("earlier", _EARLIER.name, _ITEM, case_no="KT0001-20260911-00017-K",
                             day=Text("2026年9月11日", "11 September 2026"))  # fmt: skip
    return {
        "commitment": (State.COMMITMENT, CommitmentBody("commitment", _PROOF, _ITEM, _DECLARATION)),
        "commitment-promise": (State.COMMITMENT, promise),
        "commitment-earlier": (State.COMMITMENT, earlier),
    }


def _notices() -> Samples:
    moving = NoticeBody(_ITEM, (_BOOK, _END), Paper("notice", Rung.SENT))
    lost = Paper("notice", Rung.QUEUED, "paper.trouble.notice")
    return {
        "notice": (State.NOTICE, moving),
        "notice-ready": (
            State.NOTICE,
            replace(moving, missing=(_END,), again=(_BOOK,), done=True,
                    paper=Paper("notice", Rung.PRESENTED)),
        ),
        "notice-lost": (State.NOTICE, replace(moving, paper=lost, done=True)),
    }  # fmt: skip
