"""A case in the city's words, and its answers in ours: by label, through its own tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from fleet.platform.adapters import citywire as city
from fleet.platform.adapters.labels import LabelError, Labels
from fleet.platform.contract import (
    Decision,
    PlatformError,
    Reason,
    Standing,
    StepEnd,
    StepReport,
    Table,
)
from kiosk.wire import CaseMaterial, CaseParty, CasePayload

Tables = Mapping[str, Labels]


def affair(case: CasePayload, kind: str, tables: Tables) -> city.Affair:
    """`kind`: our word, or empty when the catalogue does not know the item."""
    return city.Affair(
        proj_no=case.case_no,
        service_code=case.task_code,
        service_version=case.task_version,
        serv_type=_number(tables["kinds"], kind) if kind else None,
        apply_time=case.apply_date,
        device_no=case.terminal,
        applicant=city.Somebody(
            case.applicant.name, case.applicant.number, case.applicant.card_type,
            case.applicant.address,
        ),
        ident_way=_number(tables["identities"], case.identity),
        auth_way=_number(tables["proofs"], case.proof),
        handle_way=_number(tables["handlings"], case.handling),
        agents=[_agent(one, tables) for one in case.parties],
        form_data=[city.FormValue(name, value) for name, value in case.answers.items()],
        attachments=[attachment(one, tables) for one in case.materials],
        sign_data=dict(case.signature),
        lang=case.language,
        catalog_no=case.catalogue,
        joint_no=case.bundle,
        pay_no=case.payment,
        joint_data=dict(case.joint),
    )  # fmt: skip


def attachment(one: CaseMaterial, tables: Tables) -> city.Attachment:
    return city.Attachment(
        one.code, _number(tables["sources"], one.source), list(one.pages), one.case_no, one.due,
        one.commitment,
    )  # fmt: skip


def decision(case_no: str, kind: str, said: city.Outcome, tables: Tables) -> Decision | None:
    """None: the city is still pondering. Raises `PlatformError`: it does not answer this case."""
    if said.proj_no != case_no:
        raise PlatformError("the answer is another case's")
    try:
        if kind and not tables["kinds"].same(kind, str(said.serv_type)):
            raise PlatformError("the answer is of another kind of item")
        if said.proj_status == city.PONDERING:
            return None
        state = Standing(tables["standings"].word(str(said.proj_status)))
        reason = Reason(tables["reasons"].word(said.reason_code))
        if said.promise_date:
            date.fromisoformat(said.promise_date)
    except (LabelError, ValueError) as error:
        raise PlatformError(f"the answer cannot be read ({type(error).__name__})") from None
    lines = tuple((line.label_cn, line.label_en, line.value) for line in said.items)
    return Decision(
        state, said.promise_date, reason, said.license_no, b"", lines, _table(said.sheet)
    )


def report(said: city.Happened, tables: Tables) -> StepReport:
    """Raises `PlatformError`."""
    try:
        end = StepEnd(tables["ends"].word(str(said.step_result)))
        if datetime.fromisoformat(said.event_time).tzinfo is None:
            raise ValueError
    except (LabelError, ValueError) as error:
        raise PlatformError(f"a report cannot be read ({type(error).__name__})") from None
    return StepReport(
        said.proj_no, said.step_code, end, said.event_time, said.handler,
        tuple(said.lack_codes), (said.opinion_cn, said.opinion_en),
    )  # fmt: skip


def _agent(one: CaseParty, tables: Tables) -> city.Agent:
    return city.Agent(
        _number(tables["roles"], one.role), one.name, one.number, one.card_type,
        _number(tables["proofs"], one.proof), one.staff,
    )  # fmt: skip


def _table(sheet: city.Sheet | None) -> Table | None:
    if sheet is None:
        return None
    if any(len(row) != len(sheet.head) for row in sheet.rows):
        raise PlatformError("the answer's table is not even")
    return Table(tuple(sheet.head), tuple(tuple(row) for row in sheet.rows))


def _number(table: Labels, word: str) -> int:
    return int(table.code(word))
