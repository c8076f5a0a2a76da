"""Words of the pages of commands: key -> (Chinese, English)."""

from __future__ import annotations

ORDER_PAGES: dict[str, tuple[str, str]] = {
    "nav.commands": ("命令", "Commands"),
    "orders.all": ("全部命令", "All commands"),
    "orders.new": ("下达命令", "New command"),
    "orders.none": ("还没有下达过命令", "No command has been given yet"),
    "orders.none.more": (
        "重启、暂停服务、取日志等，都从“下达命令”开始。",
        "Restart, close, collect logs and others begin with “New command”.",
    ),
    "orders.of": ("{terminal} 的命令", "Commands for {terminal}"),
    "orders.every": ("查看全部终端的命令", "Those of all terminals"),
    "orders.older": ("更早的", "Older ones"),
    "col.order": ("命令", "Command"),
    "col.asked": ("下达", "Asked"),
    "col.progress": ("进度", "Progress"),
    "col.result": ("结果", "Result"),
    # What can be asked
    "operation.report": ("立即上报", "Report now"),
    "operation.report.more": ("重新上报全部状态", "Says everything about itself again"),
    "operation.renew_certificate": ("更新联网证书", "Renew the certificate"),
    "operation.renew_certificate.more": ("换一张新的联网证书", "Gets a new link certificate"),
    "operation.restart": ("重启", "Restart"),
    "operation.restart.more": ("屏幕和代理程序重新启动", "Screen and agent start again"),
    "operation.out_of_service": ("暂停服务", "Out of service"),
    "operation.out_of_service.more": (
        "关闭并向群众显示一句话，重启后仍关闭", "Closed, with a message, also after a restart"
    ),
    "operation.maintenance": ("维护", "Maintenance"),
    "operation.maintenance.more": ("关闭，直到恢复服务", "Closed until it is opened again"),
    "operation.in_service": ("恢复服务", "Back in service"),
    "operation.in_service.more": (
        "结束暂停或维护；现场关闭的仍关闭", "Ends both; what staff closed on the spot stays closed"
    ),
    "operation.identify": ("显示编号", "Identify"),
    "operation.identify.more": (
        "鸣响，大字显示并播报编号 20 秒", "Beeps, shows and says its number for 20 s"
    ),
    "operation.collect_logs": ("取日志", "Collect logs"),
    "operation.collect_logs.more": ("已去除个人信息", "Without anything personal"),
    "operation.screen_picture": ("取屏幕画面", "Screen picture"),
    "operation.screen_picture.more": ("有群众在时不取", "None while somebody is there"),
    "operation.test_print": ("测试打印", "Test print"),
    "operation.test_print.more": ("打印一张测试凭条", "Prints one test slip"),
    # An order, and one terminal's command
    "ordered.approval": ("等待审批", "Waits for approval"),
    "ordered.sending": ("执行中", "Under way"),
    "ordered.refused": ("审批未通过", "Not approved"),
    "ordered.withdrawn": ("已撤销", "Withdrawn"),
    "ordered.ended": ("已结束", "Ended"),
    "sending.queued": ("待发送", "queued"),
    "sending.sent": ("已发送", "sent"),
    "sending.accepted": ("已接收", "accepted"),
    "sending.running": ("正在执行", "running"),
    "sending.done": ("完成", "done"),
    "sending.failed": ("失败", "failed"),
    "sending.refused": ("终端拒绝", "refused"),
    "sending.interrupted": ("中断", "interrupted"),
    "sending.expired": ("过期", "expired"),
    "sending.withdrawn": ("已撤销", "withdrawn"),
    "order.title": ("{operation} · {terminals}", "{operation} · {terminals}"),
    "order.about": ("命令内容", "The command"),
    "order.to": ("对象", "Whom"),
    "order.by": ("下达人", "Asked by"),
    "order.at": ("{person}，{time}", "{person}, {time}"),
    "order.reason": ("原因", "Reason"),
    "order.reason.none": ("未填写", "none given"),
    "order.zh": ("中文提示", "Message, Chinese"),
    "order.en": ("英文提示", "Message, English"),
    "order.answered": ("审批人", "Answered by"),
    "order.until": ("最迟", "At the latest"),
    "order.logs": ("下载日志", "Download the logs"),
    "order.picture": ("{terminal} 的屏幕画面", "Screen of {terminal}"),
    "order.more": ("另有 {count} 台，请按状态筛选", "{count} more: choose a state"),
    "order.wait.own": (
        "这是您下达的，须由另一位有审批权限的人批准。",
        "You asked for it: another person with the right to approve has to say yes.",
    ),
    "order.wait.other": (
        "等待有审批权限的人批准。", "It waits for a person with the right to approve."
    ),
    "lost.order": ("没有 {name} 号命令", "There is no command {name}"),
    # Whom
    "where.all": ("全部终端", "all terminals"),
    "where.ids": ("终端 {value}", "terminals {value}"),
    "where.site": ("地点含“{value}”", "site with “{value}”"),
    "where.software": ("软件 {value}", "software {value}"),
    "where.share": ("其中约 {value}", "about {value} of them"),
    "where.state": ("状态：{value}", "state: {value}"),
    "shown.here": ("已连接", "connected"),
    "shown.away": ("未连接", "not connected"),
    "shown.idle": ("空闲", "idle"),
    "shown.serving": ("有群众在办事", "somebody is there"),
    "shown.maintenance": ("维护中", "under maintenance"),
    "shown.out_of_service": ("暂停服务", "out of service"),
    "shown.down": ("没有画面", "screen down"),
    # A new one
    "new.what": ("1. 做什么", "1. What"),
    "new.whom": ("2. 哪些终端", "2. Which terminals"),
    "new.check": ("3. 核对并下达", "3. Check and give it"),
    "new.zh": ("屏幕提示（中文）", "Message on the screen, Chinese"),
    "new.en": ("屏幕提示（英文）", "Message on the screen, English"),
    "new.ids": ("终端编号，以空格分隔", "Ids of terminals, with spaces between"),
    "new.site": ("地点名称的一部分", "Part of the site's name"),
    "new.software": ("软件版本", "Software"),
    "new.state": ("状态", "State"),
    "new.any": ("不限", "Any"),
    "new.every": ("对全部终端", "All terminals"),
    "new.reason": ("原因（记入操作记录）", "Reason (kept in the record of acts)"),
    "new.choose": ("先选做什么、哪些终端", "First choose what, and which terminals"),
    "new.nobody": ("没有符合条件的终端", "No terminal fits that"),
    "new.hits": ("将影响 {terminals}", "It hits {terminals}"),
    "new.away": (
        "其中 {count} 台未连接，连上后执行", "{count} not connected: they do it when they are"
    ),
    "new.visited": (
        "其中 {count} 台正有群众办事，结束后执行",
        "{count} with somebody there: they do it afterwards",
    ),
    "new.second": (
        "须由另一位有审批权限的人批准后才执行，请写明原因。",
        "Another person has to approve it before anything happens; please give a reason.",
    ),
    "new.alone": ("不需要审批，立即下达。", "No approval is needed: it is sent at once."),
    "new.unknown": ("没有这些终端：{names}", "There are no such terminals: {names}"),
    "new.give": ("下达：{operation}", "Give it: {operation}"),
    "new.ask": ("提交审批：{operation}", "Ask for approval: {operation}"),
    "new.give.none": ("下达", "Give it"),
    "new.more": ("另有 {count} 台", "{count} more"),
    "new.viewer": ("您的角色不能下达命令。", "Your role does not let you give commands."),
    # Acts
    "act.order_approve": ("批准", "Approve"),
    "act.order_approve.more": (
        "批准后立即发给 {terminals}。", "It is then sent to {terminals} at once."
    ),
    "act.order_refuse": ("不批准", "Do not approve"),
    "act.order_refuse.more": ("不会发给任何终端。", "No terminal will get it."),
    "act.withdraw": ("撤销", "Withdraw"),
    "act.withdraw.more": (
        "还没有发出的不再发出；已发出的照常执行。",
        "What was not sent yet is not sent; what was sent goes on.",
    ),
    "act.nothing": ("现在没有可做的。", "There is nothing to do now."),
    "act.yes": ("确定：{act}", "Yes: {act}"),
    "act.no": ("返回", "Back"),
    # Why not
    "refused.moved_on": (
        "打开此页之后情况已变，没有执行。请看现状后再试。",
        "It has moved on since you saw it, so nothing was done. Look again, then try once more.",
    ),
    "refused.same_person": (
        "自己提出的，须由另一位审批。",
        "You asked for it yourself: somebody else has to approve it.",
    ),
    "refused.changed": (
        "符合条件的终端刚刚有变，没有下达。请重新核对。",
        "Other terminals fit now than you were shown: nothing was sent. Check again.",
    ),
    "refused.nobody": ("没有符合条件的终端。", "No terminal fits that."),
    "refused.words": (
        "请填写中英文提示；每段最多 120 字。", "Fill in both messages; 120 letters at most each."
    ),
    "refused.reason": ("请写明原因。", "Please give a reason."),
    "refused.invalid": ("内容不正确。", "That cannot be done so."),
    # What happened to it
    "history": ("经过", "History"),
    "noted.asks": ("要求 {p1} 台终端：{p2}", "{p2}, terminals: {p1}"),
    "noted.approves": ("批准", "Approved"),
    "noted.refuses": ("不批准", "Did not approve"),
    "noted.withdraws": ("撤销", "Withdrew it"),
    "noted.fleet": ("系统", "the fleet"),
}  # fmt: skip
