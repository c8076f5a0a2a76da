"""The county's own numbers, and its messages as the office's cases and decisions.

These tables are the county's truth. An adapter has its own copy in `config/platforms`, so that a
mistake there is found out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element

from fleet.platform.adapters import countywire, xml
from fleet.platform.contract import Decision, Reason, Standing, StepEnd, StepReport, Table
from kiosk.services.item import Item, ItemKind
from kiosk.wire import CaseApplicant, CaseMaterial, CaseParty, CasePayload

PROMISED, AT_ONCE, JOINT, SENT_ON = "1", "2", "3", "5"  # 承诺件 即办件 联办件 转报件; 4 初审件
IDENTITIES = {"1": "card", "2": "none"}
PROOFS = {
    "1": "captured_not_compared", "2": "face", "3": "witness", "4": "code", "5": "pin", "6": "",
}  # fmt: skip
HANDLINGS = {"1": "", "2": "carry", "3": "accept", "4": "final"}
ROLES = {"1": "helper", "2": "second", "3": "guardian"}
SOURCES = {"1": "card", "2": "scan", "3": "promise", "4": "commitment", "5": "earlier"}
STATES: Mapping[Standing, str] = {
    Standing.PENDING: "1",
    Standing.REFUSED: "2",
    Standing.APPROVED: "3",
}
REASONS: Mapping[Reason, str] = {
    Reason.NONE: "00", Reason.MATERIALS: "01", Reason.REVIEW: "02", Reason.IDENTITY_CHECK: "03",
    Reason.CARRIED: "04", Reason.ACCEPTED_ON_BEHALF: "05", Reason.RARE_CHARACTER: "06",
    Reason.BAD_HOLDER: "51", Reason.BAD_ANSWERS: "52", Reason.UNKNOWN_ITEM: "53",
    Reason.CASE_REUSED: "54", Reason.NOT_INSURED: "55",
}  # fmt: skip
ENDS: Mapping[StepEnd, str] = {StepEnd.REFUSED: "1", StepEnd.DONE: "2", StepEnd.SENT_BACK: "3"}
UNKNOWN = "other"


def kind(item: Item, case: CasePayload) -> str:
    if case.bundle:
        return JOINT
    if case.handling == "carry":
        return SENT_ON
    return PROMISED if item.kind is ItemKind.PROMISE else AT_ONCE


def case(said: Element) -> CasePayload:
    """Raises `XmlError`."""
    return CasePayload(
        case_no=xml.text(said, "SBLSH"),
        terminal=xml.text(said, "ZDBH"),
        task_code=xml.text(said, "SXBM"),
        task_version=xml.text(said, "SXBB"),
        apply_date=_moment(xml.text(said, "SBSJ")),
        applicant=CaseApplicant(*_texts(xml.part(said, "SQR"), "XM", "ZJHM", "ZJLX", "DZ")),
        answers=_pairs(xml.part(said, "BDXX")),
        identity=IDENTITIES.get(xml.text(said, "HYFS"), UNKNOWN),
        proof=PROOFS.get(xml.text(said, "YZFS"), UNKNOWN),
        parties=[_party(one) for one in said.findall("DSR/R")],
        handling=HANDLINGS.get(xml.text(said, "BLFS"), UNKNOWN),
        language=xml.text(said, "YY"),
        signature=_pairs(xml.part(said, "QMXX")),
        materials=[_material(one) for one in said.findall("CLXX/C")],
        catalogue=xml.text(said, "MLBB"),
        bundle=xml.text(said, "LBBH"),
        payment=xml.text(said, "JFBH"),
        joint=_pairs(xml.part(said, "LBXX")),
    )


def result(content: Element, case_no: str, kind: str, decision: Decision) -> None:
    said = xml.add(content, "BLJG")
    for tag, value in (
        ("SBLSH", case_no), ("BJLX", kind), ("BJZT", STATES[decision.state]),
        ("YYM", REASONS[decision.reason]), ("CNRQ", decision.due_date.replace("-", "")),
        ("ZZBH", decision.certificate_no),
    ):  # fmt: skip
        xml.add(said, tag, value)
    lines = xml.add(said, "JGXX")
    for line in decision.result:
        one = xml.add(lines, "X")
        for tag, value in zip(("M", "E", "Z"), line, strict=True):
            xml.add(one, tag, value)
    if decision.table is not None:
        _sheet(xml.add(said, "JGB"), decision.table)


def happened(content: Element, number: int, report: StepReport) -> None:
    moment = datetime.fromisoformat(report.at).astimezone(countywire.CHINA)
    one = xml.add(content, "GC")
    for tag, value in (
        ("XH", str(number)), ("SBLSH", report.case_no), ("HJBM", report.step),
        ("HJJG", ENDS[report.end]), ("BJSJ", moment.strftime(countywire.MOMENT)),
        ("BLR", report.person),
    ):  # fmt: skip
        xml.add(one, tag, value)
    lacking = xml.add(one, "QSCL")
    for code in report.missing:
        xml.add(lacking, "CLBM", code)
    opinion = xml.add(one, "YJ")
    xml.add(opinion, "ZW", report.reason[0])
    xml.add(opinion, "YW", report.reason[1])


def _sheet(parent: Element, table: Table) -> None:
    for zh, en in table.head:
        head = xml.add(parent, "BT")
        xml.add(head, "M", zh)
        xml.add(head, "E", en)
    for cells in table.rows:
        row = xml.add(parent, "H")
        for cell in cells:
            xml.add(row, "D", cell)


def _party(one: Element) -> CaseParty:
    role, name, number, card_type, proof, staff = _texts(
        one, "JS", "XM", "ZJHM", "ZJLX", "YZFS", "GH"
    )
    return CaseParty(
        ROLES.get(role, UNKNOWN), name, number, card_type, PROOFS.get(proof, UNKNOWN), staff
    )


def _material(one: Element) -> CaseMaterial:
    code, source, earlier, due, commitment = _texts(one, "CLBM", "TJFS", "YBH", "CNRQ", "CNZY")
    day = f"{due[:4]}-{due[4:6]}-{due[6:]}" if due else ""
    pages = xml.texts(one, "WJZY")
    return CaseMaterial(code, SOURCES.get(source, UNKNOWN), pages, earlier, day, commitment)


def _pairs(parent: Element) -> dict[str, str]:
    return {xml.text(one, "M"): xml.text(one, "Z") for one in parent.findall("X")}


def _texts(parent: Element, *tags: str) -> list[str]:
    return [xml.text(parent, tag) for tag in tags]


def _moment(value: str) -> str:
    return countywire.moment_of(value).isoformat() if value else ""
