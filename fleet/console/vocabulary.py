"""Words for the values of the protocol: `family.code` -> (Chinese, English, in lower case).

A code without words here is shown as it came: a new word of the protocol stays readable.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

from fleet.console.momentwords import MOMENTS
from fleet.console.rolloutwords import ROLLOUT_CODES

LOCALES = Path(__file__).resolve().parents[2] / "config" / "locales"
_SHARED = "fault."  # the same words on a terminal's page and in the console


def _shared() -> dict[str, tuple[str, str]]:
    tongues = []
    for name in ("zh_CN", "en"):
        with (LOCALES / f"{name}.po").open("rb") as file:
            tongues.append({str(one.id): str(one.string) for one in read_po(file) if one.id})
    return {
        key: (word, tongues[1][key]) for key, word in tongues[0].items() if key.startswith(_SHARED)
    }


VALUES: dict[str, tuple[str, str]] = {
    **_shared(),
    **MOMENTS,
    **ROLLOUT_CODES,
    "device.idcard": ("读卡器", "card reader"),
    "device.chipcard": ("社保卡读卡器", "chip card reader"),
    "device.camera": ("摄像头", "camera"),
    "device.receipt": ("凭条机", "receipt printer"),
    "device.document": ("证照打印机", "document printer"),
    "device.scanner": ("扫码器", "code scanner"),
    "device.doccam": ("高拍仪", "document camera"),
    "device.keypad": ("键盘", "keypad"),
    "device.sensors": ("传感器", "sensors"),
    "device.speech": ("语音", "speech"),
    "device.screen": ("屏幕程序", "the screen's program"),
    "state.online": ("正常", "ok"),
    "state.busy": ("正在用", "busy"),
    "state.starting": ("启动中", "starting"),
    "state.offline": ("离线", "offline"),
    "state.no_device": ("未接入", "absent"),
    "state.hardware_error": ("故障", "faulty"),
    "state.user_error": ("待清理", "blocked"),
    "state.fraud_suspected": ("疑被改动", "tampered"),
    "supply.receipt.paper": ("凭条纸", "receipt paper"),
    "supply.document.paper": ("证照纸", "document paper"),
    "supply.document.toner": ("墨粉", "toner"),
    "level.full": ("充足", "full"),
    "level.low": ("不多", "low"),
    "level.out": ("用完", "out"),
    "level.jammed": ("卡纸", "jammed"),
    "level.unknown": ("未知", "unknown"),
    "level.not_supported": ("测不到", "not measured"),
    "action.reset": ("复位", "reset it"),
    "action.clear": ("清理", "clear it"),
    "action.refill": ("补充", "refill"),
    "action.configuration": ("检查设置", "check its settings"),
    "action.maintenance": ("派人维修", "send maintenance"),
    "action.suspend": ("暂停使用", "let it rest"),
    "standing.received": ("已收件", "received"),
    "standing.pending": ("审批中", "pending"),
    "standing.approved": ("已办结", "approved"),
    "standing.decided": ("已办结", "decided"),
    "standing.accepted": ("已受理", "accepted"),
    "standing.provisional": ("暂收", "provisional"),
    "standing.carried": ("已转交", "handed on"),
    "standing.refused": ("不予受理", "refused"),
    "standing.other": ("不明", "unclear"),
    "standing.interrupted": ("中断", "interrupted"),
    "paper.receipt": ("凭条", "receipt"),
    "paper.certificate": ("证照", "certificate"),
    "paper.ticket": ("排队号", "queue ticket"),
    "paper.test_slip": ("测试凭条", "test slip"),
    "paper.complaint": ("投诉回执", "complaint slip"),
    "paper.progress": ("进度单", "progress slip"),
    "rung.queued": ("排队", "queued"),
    "rung.sent": ("已发送", "sent"),
    "rung.printed": ("已打印", "printed"),
    "rung.presented": ("已出纸", "presented"),
    "rung.taken": ("已取走", "taken"),
    "rung.retracted": ("已回收", "retracted"),
    "rung.other": ("不明", "unclear"),
    "rung.unconfirmed": ("未确认", "unconfirmed"),
    "alarm.chain_break": ("流水哈希链断裂", "journal chain broken"),
    "alarm.written_off": ("遗失的流水已核销", "lost journal records were written off"),
    "alarm.journal_replaced": ("终端流水损坏，已另立新册", "a journal was damaged and set aside"),
    "alarm.journal_old_copy": ("终端流水是旧副本，已停用", "a journal is an old copy, and closed"),
    "alarm.wrong_hash": ("记录与其哈希不符", "record does not match its hash"),
    "alarm.undecodable": ("收到无法读懂的消息", "a message could not be read"),
    "alarm.second_terminal": ("两台机器使用同一终端身份", "two machines under one terminal's name"),
    "alarm.version": ("终端使用另一版本的通信协议", "speaks another version of the protocol"),
    "alarm.case_conflict": ("同一办件号内容不一致", "one case number, two contents"),
    "alarm.case_undecodable": ("办件密文无法解开", "a case could not be decrypted"),
    "alarm.pages_missing": ("办件的扫描件一直没有传到", "a case still lacks its scanned pages"),
    "alarm.order_overdue": ("工单超期未答复", "a work order is not answered in time"),
    "alarm.notice_failing": ("告警通知发不出去", "messages about alarms do not get through"),
    "alarm.rollout_stopped": ("发布自动停止并退回", "a rollout stopped itself and went back"),
    "alarm.platform_failing": ("审批平台没有应答", "the approval platform does not answer"),
    "alarm.unlisted_fee": ("终端要收目录以外的费", "a terminal asks for an unlisted fee"),
    "alarm.order_conflict": ("缴费单号重复", "one order number, two payments"),
    "alarm.wrong_amount": ("付款金额不对，已退", "another amount was paid; it goes back"),
    "alarm.forged_notice": ("收到伪造的付款通知", "a forged notice of a payment"),
    "alarm.unknown_payment": ("收到没有订单的付款", "money for an order that nobody made"),
    "alarm.trade_conflict": ("同一笔付款说法不一", "one payment, two stories"),
    "alarm.unpaid_case": ("办件没有缴费", "a case without its payment"),
    "alarm.unclaimed_payment": ("付款没有办件，已退", "paid without a case; it goes back"),
    "alarm.refund_failing": ("退款失败", "money cannot be given back"),
    "alarm.reconciliation": ("与支付平台对账不符", "the provider's statement differs"),
    "payment.paid": ("已缴费", "paid"),
    "payment.refused": ("缴费未成功", "payment refused"),
    "payment.expired": ("缴费超时", "not paid in time"),
    "payment.given_up": ("放弃缴费", "payment given up"),
    "payment.unanswered": ("缴费无应答", "no answer to the payment"),
    "payment.interrupted": ("缴费中断", "payment interrupted"),
    "payment.other": ("不明", "unclear"),
    "paper.payment": ("缴费回单", "payment slip"),
    "why_not.no_reader": ("读卡器不可用", "no working card reader"),
    "why_not.supplement_desk": ("缺的材料请交到窗口", "hand in what is missing at a desk"),
    "why_not.no_doccam": ("高拍仪不可用", "no working document camera"),
    "why_not.not_on_file": ("没有留存的材料", "nothing on file"),
    "why_not.no_network": ("没有网络", "no network"),
    "why_not.offline": ("需要网络", "needs the network"),
    "why_not.no_receipt_paper": ("没有凭条纸", "no receipt paper"),
    "why_not.no_printer": ("打印机不可用", "no working printer"),
    "why_not.no_certificate_printer": ("证照打印机不可用", "certificates cannot be printed"),
    "why_not.no_camera": ("摄像头不可用", "no working camera"),
    "why_not.no_model": ("没有比对模型", "no model to compare faces"),
    "why_not.no_portrait": ("证件照无法读取", "the card's portrait cannot be read"),
    "why_not.not_registered": ("未登记", "not registered"),
    "why_not.no_helper": ("没有工作人员", "no staff"),
    "why_not.own_card": ("不能给自己核对", "nobody may confirm themselves"),
    "why_not.tries": ("次数已用完", "no tries left"),
    "why_not.authority": ("本服务点不能办", "not at this service point"),
    "reason.no_health": ("没有收到健康状况", "no health report"),
    "source.paper": ("纸", "paper"),
    "source.toner": ("墨粉", "toner"),
    "reason.no_services": ("没有上报事项", "no services reported"),
    "screen.serving": ("正在服务", "serving"),
    "screen.idle": ("空闲", "idle"),
    "screen.maintenance": ("维护中", "under maintenance"),
    "screen.out_of_service": ("暂停服务", "out of service"),
    "screen.down": ("没有画面", "down"),
}
