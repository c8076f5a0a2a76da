"""A case in the county's words, and its answers in ours: by label, through its own tables.

SBXX 申报信息: SBLSH 申报流水号, ZDBH 终端编号, SXBM 事项编码, SXBB 事项版本, BJLX 办件类型,
SBSJ 申报时间, HYFS 核验方式, YZFS 验证方式, BLFS 办理方式, YY 语言, MLBB 目录版本, LBBH 联办编号,
JFBH 缴费编号; SQR 申请人 (XM 姓名, ZJHM 证件号码, ZJLX 证件类型, DZ 地址);
DSR 当事人 (JS 角色, GH 工号); BDXX 表单信息 (M 名, Z 值); QMXX 签名信息;
CLXX 材料信息 (CLBM 材料编码, TJFS 提交方式, WJZY 文件摘要, YBH 原办件, CNRQ 承诺日期,
CNZY 承诺摘要).
BLJG 办理结果: BJZT 办件状态, YYM 原因码, CNRQ 承诺日期, ZZBH 证照编号, JGXX 结果信息,
JGB 结果表 (BT 表头, H 行, D 单元).
GC 过程: XH 序号, HJBM 环节编码, HJJG 环节结果, BJSJ 办结时间, BLR 办理人, QSCL 缺少材料, YJ 意见.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.etree.ElementTree import Element

from fleet.platform.adapters import countywire, xml
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
from kiosk.wire import CasePayload

Tables = Mapping[str, Labels]
_BAD = (xml.XmlError, LabelError, ValueError)


def application(case: CasePayload, kind: str, tables: Tables) -> Element:
    """`kind`: our word, or empty when the catalogue does not know the item."""
    root = Element("SBXX")
    for tag, value in (
        ("SBLSH", case.case_no), ("ZDBH", case.terminal), ("SXBM", case.task_code),
        ("SXBB", case.task_version), ("BJLX", tables["kinds"].code(kind) if kind else ""),
        ("SBSJ", _moment(case.apply_date)), ("HYFS", tables["identities"].code(case.identity)),
        ("YZFS", tables["proofs"].code(case.proof)),
        ("BLFS", tables["handlings"].code(case.handling)), ("YY", case.language),
        ("MLBB", case.catalogue), ("LBBH", case.bundle), ("JFBH", case.payment),
    ):  # fmt: skip
        xml.add(root, tag, value)
    person = case.applicant
    who = (person.name, person.number, person.card_type, person.address)
    _fill(xml.add(root, "SQR"), zip(("XM", "ZJHM", "ZJLX", "DZ"), who, strict=True))
    _pairs(xml.add(root, "BDXX"), case.answers)
    _pairs(xml.add(root, "LBXX"), case.joint)
    _pairs(xml.add(root, "QMXX"), case.signature)
    _parties(xml.add(root, "DSR"), case, tables)
    _materials(xml.add(root, "CLXX"), case, tables)
    return root


def decision(case_no: str, kind: str, content: Element, tables: Tables) -> Decision:
    """Raises `PlatformError`: the answer is not this case's, or cannot be read."""
    try:
        said = xml.part(content, "BLJG")
        if xml.text(said, "SBLSH") != case_no:
            raise PlatformError("the answer is another case's")
        if kind and not tables["kinds"].same(kind, xml.text(said, "BJLX")):
            raise PlatformError("the answer is of another kind of item")
        return Decision(
            Standing(tables["standings"].word(xml.text(said, "BJZT"))),
            countywire.day_of(xml.text(said, "CNRQ")),
            Reason(tables["reasons"].word(xml.text(said, "YYM"))),
            xml.text(said, "ZZBH"),
            b"",
            tuple(_line(one) for one in said.findall("JGXX/X")),
            _table(said),
        )
    except _BAD as error:
        raise PlatformError(f"the answer cannot be read ({type(error).__name__})") from None


def reports(content: Element, tables: Tables) -> dict[int, StepReport]:
    """By the county's number; one that comes twice counts once. Raises `PlatformError`."""
    found: dict[int, StepReport] = {}
    try:
        for one in content.findall("GC"):
            number, report = _number(xml.text(one, "XH")), _report(one, tables)
            if found.setdefault(number, report) != report:
                raise PlatformError("two reports with one number")
    except _BAD as error:
        raise PlatformError(f"a report cannot be read ({type(error).__name__})") from None
    return found


def receipt(numbers: Iterable[int]) -> Element:
    """What is acknowledged."""
    root = Element("QR")
    for number in numbers:
        xml.add(root, "XH", str(number))
    return root


def _report(one: Element, tables: Tables) -> StepReport:
    opinion = xml.part(one, "YJ")
    return StepReport(
        xml.text(one, "SBLSH"),
        xml.text(one, "HJBM"),
        StepEnd(tables["ends"].word(xml.text(one, "HJJG"))),
        countywire.moment_of(xml.text(one, "BJSJ")).isoformat(),
        xml.text(one, "BLR"),
        tuple(xml.texts(one, "QSCL/CLBM")),
        (xml.text(opinion, "ZW"), xml.text(opinion, "YW")),
    )


def _line(one: Element) -> tuple[str, str, str]:
    return xml.text(one, "M"), xml.text(one, "E"), xml.text(one, "Z")


def _table(said: Element) -> Table | None:
    sheet = said.find("JGB")
    if sheet is None:
        return None
    head = tuple((xml.text(one, "M"), xml.text(one, "E")) for one in sheet.findall("BT"))
    rows = tuple(tuple(xml.texts(row, "D")) for row in sheet.findall("H"))
    if any(len(row) != len(head) for row in rows):
        raise xml.XmlError("uneven")
    return Table(head, rows)


def _parties(parent: Element, case: CasePayload, tables: Tables) -> None:
    for one in case.parties:
        values = (
            tables["roles"].code(one.role), one.name, one.number, one.card_type,
            tables["proofs"].code(one.proof), one.staff,
        )  # fmt: skip
        tags = ("JS", "XM", "ZJHM", "ZJLX", "YZFS", "GH")
        _fill(xml.add(parent, "R"), zip(tags, values, strict=True))


def _materials(parent: Element, case: CasePayload, tables: Tables) -> None:
    for one in case.materials:
        values = (
            one.code, tables["sources"].code(one.source), one.case_no,
            one.due.replace("-", ""), one.commitment,
        )  # fmt: skip
        element = xml.add(parent, "C")
        _fill(element, zip(("CLBM", "TJFS", "YBH", "CNRQ", "CNZY"), values, strict=True))
        for digest in one.pages:
            xml.add(element, "WJZY", digest)


def _pairs(parent: Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        _fill(xml.add(parent, "X"), (("M", name), ("Z", value)))


def _fill(parent: Element, values: Iterable[tuple[str, str]]) -> None:
    for tag, value in values:
        xml.add(parent, tag, value)


def _moment(value: str) -> str:
    """Empty when it is not one: the county then goes by its own clock."""
    try:
        return datetime.fromisoformat(value).astimezone(countywire.CHINA).strftime("%Y%m%d%H%M%S")
    except ValueError:
        return ""


def _number(value: str) -> int:
    if not (0 < len(value) < 19 and value.isascii() and value.isdecimal()):
        raise xml.XmlError("number")
    return int(value)
