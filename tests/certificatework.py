"""An item, its answers and an applicant for every kind of certificate, for tests and benches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fleet.certificates.facts import Facts, Pair
from fleet.certificates.issue import Issuer
from fleet.platform import registers
from kiosk.services.fields import FieldChoice, FieldType, FormField, Words
from kiosk.services.item import Assurance, Fee, Guide, Item, ItemKind
from kiosk.wire import CaseApplicant
from paperwork import NOW, number

AUTHORITY = Pair("示例县人民政府", "Sample County Government")
NUMBER = "CB-WW4S-WM67-XB17"
ID_NUMBER = number("19900307")
APPLICANT = CaseApplicant("张小满", ID_NUMBER)
SECURITY = ("示例县人力资源和社会保障局", "Sample County Social Security")
POLICE = ("示例县公安局", "Sample County Police")
CIVIL = ("示例县民政局", "Sample County Civil Affairs")
HEALTH = ("示例县医疗保障局", "Sample County Medical Insurance")
LAND = ("示例县自然资源局", "Sample County Natural Resources")
FUND = ("示例县住房公积金管理中心", "Sample County Housing Fund Centre")
TAX = ("国家税务总局示例县税务局", "Sample County Tax Office")


def field(
    name: str, zh: str, en: str, kind: FieldType = FieldType.TEXT, *choices: tuple[str, str, str]
) -> FormField:
    made = tuple(FieldChoice(code, Words(chinese, english)) for code, chinese, english in choices)
    kind = FieldType.CHOICE if choices else kind
    return FormField(name, kind, Words(zh, en), short=Words(zh, en), choices=made)


PURPOSE = field(
    "purpose", "用途", "Purpose", FieldType.CHOICE,
    ("work", "应聘就业", "A job"), ("loan", "贷款", "A loan"),
)  # fmt: skip
SCHEME = field("scheme", "险种", "Insurance", FieldType.CHOICE,
               ("pension", "养老保险", "Pension insurance"))  # fmt: skip
STATUS = field("status", "状态", "Status", FieldType.CHOICE, ("unemployed", "失业", "Unemployed"))
SLOT = field("slot", "时段", "Slot", FieldType.CHOICE, ("morning", "上午", "Morning"))

# Template: name of the item, department, fields, answers.
KINDS: Mapping[str, tuple[str, str, tuple[str, str], tuple[FormField, ...], Mapping[str, str]]] = {
    "insurance": ("参保证明", "Proof of insurance", SECURITY, (SCHEME, PURPOSE),
                  {"scheme": "pension", "period": "36", "purpose": "loan"}),
    "voucher": ("城乡居民医保缴费", "Paying medical insurance", HEALTH,
                (field("year", "年度", "Year"),), {"year": "2027"}),
    "qualification": ("养老待遇资格认证", "Confirming a pension", SECURITY,
                      (field("recipient", "待遇领取人", "Recipient"),), {"recipient": "李样本"}),
    "statement": ("缴费明细", "Contributions", SECURITY, (SCHEME,),
                  {"scheme": "pension", "months": "36"}),
    "filing": ("异地就医备案", "Filing for care elsewhere", HEALTH,
               (field("destination", "就医地", "Where"),),
               {"destination": "示例市样本区", "from_date": "2026-12-01"}),
    "loss_report": ("社保卡挂失", "Reporting a lost card", SECURITY,
                    (field("card_last4", "卡号后四位", "Last four digits"),),
                    {"card_last4": "0468"}),
    "no_record": ("无犯罪记录证明", "No criminal record", POLICE,
                  (PURPOSE, field("recipient", "接收单位", "Recipient")),
                  {"purpose": "work", "recipient": "示例县第一实验小学"}),
    "household": ("户籍信息证明", "Household registration", POLICE, (PURPOSE,),
                  {"purpose": "loan"}),
    "housing": ("不动产查询", "Real estate search", LAND, (PURPOSE,), {"purpose": "loan"}),
    "fund": ("公积金缴存证明", "Housing fund", FUND, (PURPOSE,), {"purpose": "loan"}),
    "tax_record": ("纳税记录", "Tax record", TAX, (), {"months": "12"}),
    "registration": ("失业登记", "Registering as unemployed", SECURITY, (STATUS,),
                     {"status": "unemployed"}),
    "decision": ("高龄津贴", "Old age allowance", CIVIL, (field("bank", "开户银行", "Bank"),),
                 {"bank": "示例农村商业银行"}),
    "acceptance": ("低保申请", "Income support", CIVIL, (), {}),
    "endorsement": ("居住证签注", "Residence permit endorsement", POLICE,
                    (field("address_unit", "门牌号", "Building and room"),),
                    {"address_unit": "3-502"}),
    "appointment": ("婚姻登记预约", "Marriage appointment", CIVIL,
                    (field("day", "日期", "Day", FieldType.DATE), SLOT),
                    {"day": "2026-11-27", "slot": "morning"}),
}  # fmt: skip


def item(template: str) -> Item:
    zh, en, department, fields, _ = KINDS[template]
    fee = Fee(Words("2027年度城乡居民基本医疗保险费", "Residents' medical insurance 2027"),
              Words("400元", "CNY 400"), "示例", amount=40_000, payee=Words(*TAX))  # fmt: skip
    return Item(
        "000100001001", "11445299MB2D00006J2000100001001", "1", Words(zh, en), Words(*department),
        "11445299MB2D00006J", ItemKind.INSTANT, "certificate", Assurance.CARD, 30, 20,
        Words(f"{zh}结果", f"Result: {en}"), Guide(*[Words("示例", "Sample")] * 11),
        Words("示例", "Sample"), template=template, fields=fields,
        fees=(fee,) if template == "voucher" else (),
    )  # fmt: skip


def facts(template: str, **answers: str) -> Facts:
    found = registers.look_up(
        item(template), ID_NUMBER, {**KINDS[template][4], **answers}, NOW.date()
    )
    assert found is not None, template
    return found


def issuer(folder: Path) -> Issuer:
    return Issuer(folder / "fleet", folder / "trust", AUTHORITY, NOW)
