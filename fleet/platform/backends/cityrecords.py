"""The city's own numbers, and its messages as the office's cases and decisions.

These tables are the city's truth. An adapter has its own copy in `config/platforms`, so that a
mistake there is found out here.
"""

from __future__ import annotations

from collections.abc import Mapping

from fleet.platform.adapters import citywire as city
from fleet.platform.contract import Decision, Reason, Standing, StepEnd, StepReport
from kiosk.services.item import Item, ItemKind
from kiosk.wire import CaseApplicant, CaseMaterial, CaseParty, CasePayload

PROMISED, AT_ONCE, SENT_UP, JOINT = 1, 2, 3, 4  # 承诺件 即办件 上报件 联办件
IDENTITIES = {0: "none", 1: "card"}
PROOFS = {0: "", 1: "face", 2: "code", 3: "pin", 4: "witness", 5: "captured_not_compared"}
HANDLINGS = {0: "", 1: "final", 2: "accept", 3: "carry"}
ROLES = {1: "second", 2: "guardian", 3: "helper"}
SOURCES = {1: "scan", 2: "card", 3: "earlier", 4: "commitment", 5: "promise"}
STATES: Mapping[Standing, int] = {
    Standing.APPROVED: 1,
    Standing.PENDING: 2,
    Standing.REFUSED: 3,
}
REASONS: Mapping[Reason, str] = {
    Reason.NONE: "R00", Reason.REVIEW: "R11", Reason.IDENTITY_CHECK: "R12",
    Reason.ACCEPTED_ON_BEHALF: "R13", Reason.CARRIED: "R14", Reason.RARE_CHARACTER: "R15",
    Reason.MATERIALS: "R16", Reason.UNKNOWN_ITEM: "R21", Reason.NOT_INSURED: "R22",
    Reason.BAD_HOLDER: "R23", Reason.BAD_ANSWERS: "R24", Reason.CASE_REUSED: "R25",
}  # fmt: skip
ENDS: Mapping[StepEnd, int] = {StepEnd.DONE: 1, StepEnd.SENT_BACK: 2, StepEnd.REFUSED: 3}
UNKNOWN = "other"


def kind_of(item: Item, bundle: str, handling: str) -> int:
    if bundle:
        return JOINT
    if handling == "carry":
        return SENT_UP
    return PROMISED if item.kind is ItemKind.PROMISE else AT_ONCE


def kind(item: Item, affair: city.Affair) -> int:
    return kind_of(item, affair.joint_no, HANDLINGS.get(affair.handle_way, UNKNOWN))


def case(affair: city.Affair) -> CasePayload:
    person = affair.applicant
    return CasePayload(
        case_no=affair.proj_no,
        terminal=affair.device_no,
        task_code=affair.service_code,
        task_version=affair.service_version,
        apply_date=affair.apply_time,
        applicant=CaseApplicant(
            person.user_name, person.cert_no, person.cert_type, person.user_addr
        ),
        answers={one.field_key: one.field_value for one in affair.form_data},
        identity=IDENTITIES.get(affair.ident_way, UNKNOWN),
        proof=PROOFS.get(affair.auth_way, UNKNOWN),
        parties=[_party(one) for one in affair.agents],
        handling=HANDLINGS.get(affair.handle_way, UNKNOWN),
        language=affair.lang,
        signature=affair.sign_data,
        materials=[_material(one) for one in affair.attachments],
        catalogue=affair.catalog_no,
        bundle=affair.joint_no,
        payment=affair.pay_no,
        joint=affair.joint_data,
    )


def outcome(case: CasePayload, decision: Decision, kind: int) -> city.Outcome:
    sheet = None
    if decision.table is not None:
        table = decision.table
        sheet = city.Sheet(list(table.head), [list(row) for row in table.rows])
    return city.Outcome(
        case.case_no, kind, STATES[decision.state], REASONS[decision.reason], decision.due_date,
        decision.certificate_no, [city.Line(*line) for line in decision.result], sheet,
    )  # fmt: skip


def happened(number: int, report: StepReport) -> city.Happened:
    return city.Happened(
        number, report.case_no, report.step, ENDS[report.end], report.at, report.person,
        list(report.missing), *report.reason,
    )  # fmt: skip


def _party(one: city.Agent) -> CaseParty:
    return CaseParty(
        ROLES.get(one.role_code, UNKNOWN), one.user_name, one.cert_no, one.cert_type,
        PROOFS.get(one.auth_way, UNKNOWN), one.staff_no,
    )  # fmt: skip


def _material(one: city.Attachment) -> CaseMaterial:
    return CaseMaterial(
        one.attach_code, SOURCES.get(one.supply_way, UNKNOWN), one.file_digests,
        one.from_proj_no, one.promise_date, one.commit_digest,
    )  # fmt: skip
