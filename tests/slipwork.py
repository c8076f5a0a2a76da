"""Sample facts for every kind of slip, and pictures of them, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from drivers.receipt.decode import Decoder
from drivers.receipt.escpos import encode
from drivers.receipt.render import render
from kiosk.model import Receipt, Text
from kiosk.slips import (
    Appointment,
    Bundle,
    Complaint,
    Fee,
    Given,
    Information,
    Line,
    Missing,
    Notice,
    Part,
    Payment,
    Progress,
    Promise,
    Promised,
    Slip,
    Stage,
    Standing,
    Supplement,
    TestPrint,
    Ticket,
)
from kiosk.slips.standing import REASONS, STATES

SITE = Text("示例县政务服务中心", "Sample County Service Centre")
ITEM = Text("居住证签注", "Residence permit endorsement")
CASE = "KT0001-20261121-00042-N"
TIME = datetime(2026, 11, 21, 18, 5)  # noqa: DTZ001 (local, as on paper)
DUE = date(2026, 12, 19)
PLACE: dict[str, Any] = {"terminal": "KT-0001", "site": SITE, "hotline": "12345", "time": TIME}
WHO: dict[str, Any] = {"item": ITEM, "case_no": CASE, "name": "张*满"}
NUMBER = "445***********1120"
LEASE = Text("租赁合同或房屋权属证明", "A tenancy agreement or a proof of ownership")
CARD = Text("有效居民身份证原件", "Your own valid resident ID card")
READ = Text("已读卡", "read from the card")
SLIP = Slip(
    terminal="KT-0001", site=SITE, item=ITEM, case_no=CASE, standing=Standing.ACCEPTED,
    name="张*满", number=NUMBER, time=TIME, hotline="12345",
    record_hash="9f2c41d07ab35e88" + "0" * 48, seq=128, due=DUE,
    given=(Given(CARD, READ),), promised=(Promised(LEASE, DUE),),
)  # fmt: skip
STAND = Text("原件，出租人和承租人都签名", "The original, signed by both sides")
WHERE = Text("乡镇便民服务中心", "Your town's service centre")

SAMPLES: Mapping[str, Any] = {
    "completed": replace(SLIP, standing=Standing.DECIDED, certificate_no="CB-WW4S-WM67-XB17",
                         given=(), promised=(), due=None),
    "acceptance": SLIP,
    "carried": replace(SLIP, standing=Standing.CARRIED,
                       others=((Text("代办员", "Helper"), "王* H-07"),), reason="carried"),
    "provisional": replace(SLIP, standing=Standing.PROVISIONAL),
    "refusal": replace(
        SLIP, standing=Standing.REFUSED, due=None, given=(), promised=(), reason="not_insured",
        basis=Text("《居住证暂行条例》第十条",
                   "Interim Regulations on Residence Permits, Article 10"),
        remedy=Text("可以自收到本通知之日起60日内申请行政复议，或者6个月内提起行政诉讼。",
                    "You may ask for administrative review within 60 days, or go to court within "
                    "6 months."),
    ),
    "answer": replace(SLIP, standing=Standing.ANSWERED, due=None, given=(), promised=(), result=(
        (Text("年初余额（元）", "Opening balance, CNY"), "1,204.50"),
        (Text("当前余额（元）", "Present balance, CNY"), "1,411.90"))),
    "bundle": Bundle(
        **PLACE, item=Text("出生一件事", "A child is born: four services in one"),
        bundle=f"YJS-{CASE}", name="张*满", number=NUMBER, given=(Given(CARD, READ),),
        promised=(Promised(LEASE, DUE),), certificates=1, open=True, refused=True,
        proof="128 9f2c41d07ab35e88",
        parts=(
            Part(Text("出生医学证明", "Birth certificate"), CASE, STATES[Standing.DECIDED],
                 certificate_no="CB-WW4S-WM67-XB17"),
            Part(Text("新生儿落户", "Registering a newborn"), "KT0001-20261121-00043-L",
                 STATES[Standing.ACCEPTED], DUE),
            Part(Text("新生儿参保登记", "Medical insurance"), "KT0001-20261121-00044-J",
                 STATES[Standing.REFUSED], why=REASONS["bad_answers"]),
            Part(Text("社会保障卡", "Social security card"), "KT0001-20261121-00045-H",
                 STATES[Standing.PROVISIONAL]),
        ),
    ),
    "notice": Notice(**PLACE, **WHO, number=NUMBER, due=DUE,
                     missing=(Missing(LEASE, STAND, WHERE), Missing(CARD))),
    "missing": Notice(**PLACE, item=ITEM, missing=(Missing(LEASE, STAND),), again=(Missing(CARD),)),
    "promise": Promise(**PLACE, **WHO, number=NUMBER, due=DUE,
                       promised=(Promised(LEASE, DUE),), signed=True),
    "supplement": Supplement(
        **PLACE, **WHO, number=NUMBER, state=Text("已收到", "Received"), received=True,
        given=(Given(CARD, READ),), missing=(Promised(LEASE, DUE),), proof="128 9f2c41d07ab35e88",
    ),
    "payment": Payment(
        **PLACE, **WHO, total=40_000,
        payee=Text("国家税务总局示例县税务局", "Sample County Tax Office"),
        fees=(Fee(Text("2027年度医疗保险费", "Medical insurance 2027"), 40_000),),
        how=Text("扫码支付", "By phone, scanned"), payment_no="P2026112100042",
        reference="88002611",
    ),
    "ticket": Ticket(**PLACE, number="K012", item=ITEM, ahead="3"),
    "progress": Progress(
        **PLACE, item=ITEM, case_no=CASE, state=Text("审核中", "Under review"), due=DUE,
        person="李样本",
        stages=(Stage(Text("受理", "Accepted"), Text("已完成", "Done"), date(2026, 11, 21)),
                Stage(Text("审核", "Review"), Text("进行中", "Going on")),
                Stage(Text("批准", "Approval"), Text("未开始", "Not yet"))),
    ),
    "appointment": Appointment(
        **PLACE, item=Text("婚姻登记预约", "Marriage registration appointment"), case_no=CASE,
        when=Text("2026年12月4日 周五 上午（9:00至11:30）",
                  "Friday, 4 December 2026, Morning (9:00 to 11:30)"),
        office=Text("县民政局婚姻登记处", "County marriage registry"),
        address=Text("示例县城关镇人民路1号", "1 Renmin Road, Chengguan Town"),
        bring=Text("双方的居民身份证", "Both resident ID cards"), late="30", moved=True,
    ),
    "complaint": Complaint(
        **PLACE, order_no="WO-20261121-0007", kind=Text("服务态度", "How you were treated"),
        about=CASE, department=Text("示例县政务服务局", "Sample County Service Office"), due=DUE,
    ),
    "information": Information(
        **PLACE, title=Text("元旦放假安排", "New Year closing days"),
        summary=Text("窗口放假三天，终端照常。", "Desks close for three days; terminals do not."),
        published=date(2026, 11, 21), until=DUE,
        lines=(Line(head=Text("哪几天", "Which days")),
               Line(said=Text("1月1日至3日窗口放假。", "Desks are closed from 1 to 3 January.")),
               Line(label=Text("电话", "Telephone"), value=Text("12345", "12345")),
               Line(label=Text("1. 陈*", "1. C***"), below=Text("高龄津贴", "Old-age allowance"))),
    ),
    "blank": Information(
        **PLACE, title=ITEM, summary=Text("示例县公安局", "Police of Sample County"),
        lines=(Line(head=Text("要带什么", "What to bring")),
               Line(said=Text("□ 1. 本人身份证", "□ 1. Your own ID card")),
               Line(head=Text("会问什么", "What you will be asked")),
               Line(said=Text("1. 联系电话", "1. Telephone")),
               Line(said=Text("  ____________", "  ____________"))),
    ),
    "test": TestPrint(**PLACE, staff="S-01"),
}  # fmt: skip
LONG = "买买提·艾力·吐尔逊阿卜杜热合曼·玉素甫江·阿卜杜克里木"


def many(count: int) -> Notice:
    """A notice with that many missing materials, under long names."""
    missing = tuple(
        Missing(
            Text(f"第{n}项：" + LEASE.zh * (1 + n % 3), f"Item {n}: " + LEASE.en * (1 + n % 2)),
            STAND if n % 2 else Text("", ""),
            WHERE if n % 3 else Text("", ""),
        )
        for n in range(1, count + 1)
    )
    notice: Notice = SAMPLES["notice"]
    return replace(notice, missing=missing, name=LONG)


def picture(receipt: Receipt) -> bytes:
    """PNG: what the printer puts on 80 mm paper."""
    return render([each.op for each in Decoder().feed(encode(receipt))])
