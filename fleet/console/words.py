"""Every word of the console's own, Chinese and English; values of the protocol: `vocabulary`."""

from __future__ import annotations

from typing import Literal

from fleet.console.alarmwords import ALARM_PAGES
from fleet.console.casewords import CASE_PAGES
from fleet.console.orderwords import ORDER_PAGES
from fleet.console.reportwords import REPORT_PAGE
from fleet.console.rolloutwords import ROLLOUT_PAGES
from fleet.console.supplywords import SUPPLY_PAGES
from fleet.console.viewwords import VIEW_PAGES
from fleet.console.vocabulary import VALUES
from fleet.console.workwords import WORK_PAGES
from fleet.digest.words import DIGEST

Tongue = Literal["zh-CN", "en-US"]
TONGUES: tuple[Tongue, Tongue] = ("zh-CN", "en-US")

PAGE: dict[str, tuple[str, str]] = {
    **ALARM_PAGES,
    **CASE_PAGES,
    **DIGEST,
    **REPORT_PAGE,
    **ORDER_PAGES,
    **ROLLOUT_PAGES,
    **SUPPLY_PAGES,
    **VIEW_PAGES,
    **WORK_PAGES,
    "fleet": ("自助终端管理台", "Terminal fleet"),
    "skip": ("跳到主要内容", "Skip to the main content"),
    "language": ("语言", "Language"),
    "theme": ("外观", "Appearance"),
    "theme.auto": ("跟随系统", "Automatic"),
    "theme.light": ("浅色", "Light"),
    "theme.dark": ("深色", "Dark"),
    "fresh": ("实时 · 更新于 {time}", "Live · updated {time}"),
    "loading": ("正在读取…", "Reading…"),
    "store_down": (
        "管理台读不到数据库，以下内容停在 {time}；正在自动重试。",
        "The console cannot read the store. What you see is from {time}; it keeps trying.",
    ),
    "nav": ("页面", "Pages"),
    "nav.people": ("账号", "Accounts"),
    "nav.tokens": ("接口令牌", "API tokens"),
    "nav.audit": ("操作记录", "Record of acts"),
    "user.account": ("我的账号", "My account"),
    "user.sign_out": ("退出登录", "Sign out"),
    "user.viewer": ("查看员", "Viewer"),
    "user.operator": ("运维员", "Operator"),
    "user.approver": ("审批员", "Approver"),
    "user.administrator": ("管理员", "Administrator"),
    "filters": ("筛选", "Filters"),
    "terminals": ("终端", "Terminals"),
    "transactions": ("最新办理", "Latest transactions"),
    "todo": ("现在要做的事", "What to do now"),
    "todo.none": ("没有需要处理的事", "Nothing needs a hand"),
    "todo.none.more": ("每台终端都在线并能服务。", "Every terminal is connected and can serve."),
    "more": ("另有 {count} 项", "and {count} more"),
    "search": ("终端编号或地点", "Terminal or site"),
    "page": ("第 {first}–{last} 台，共 {count} 台", "{first}–{last} of {count}"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "older": ("更早的办理", "Older transactions"),
    "none_match": ("没有符合筛选的内容", "Nothing matches the filter"),
    "none_match.more": ("换一个筛选或清空搜索。", "Choose another filter or clear the search."),
    "no_terminals": ("还没有终端上报", "No terminal has reported yet"),
    "no_terminals.1": (
        "在终端的 terminal.toml 里，把 [mqtt] 的 host 和 port 指向本机的消息服务。",
        "In the terminal's terminal.toml, point [mqtt] host and port to this fleet's broker.",
    ),
    "no_terminals.2": (
        "为它设置唯一的 [terminal] id，并复制信任文件夹。",
        "Give it its own [terminal] id, and copy the trust folder to it.",
    ),
    "no_terminals.3": (
        "启动它：kiosk run。连上后几秒内会出现在这里。",
        "Start it: kiosk run. It shows here within seconds of connecting.",
    ),
    "no_transactions": ("还没有办理记录", "No transactions yet"),
    "no_transactions.more": (
        "居民每办一件事，这里就会立即出现一行。",
        "A row appears here the moment a citizen finishes something.",
    ),
    # Counts
    "count.online": ("在线终端", "Terminals online"),
    "count.silent": ("没有消息的终端", "Not heard from"),
    "count.trouble": ("需要处理的终端", "With trouble"),
    "count.cases": ("今日办件", "Cases today"),
    "count.certificates": ("今日出证", "Certificates printed today"),
    "count.unconfirmed": ("今日打印未确认", "Unconfirmed prints today"),
    # Columns
    "col.terminal": ("终端", "Terminal"),
    "col.truths": ("连接 · 消息 · 服务", "Connection · last word · service"),
    "col.devices": ("设备", "Devices"),
    "col.supplies": ("耗材", "Supplies"),
    "col.outbox": ("待上报", "Outbox"),
    "col.activity": ("最近办理", "Last activity"),
    "col.time": ("时间", "Time"),
    "col.item": ("事项", "Item"),
    "col.case": ("办件号", "Case number"),
    "col.standing": ("结果", "Standing"),
    "col.papers": ("纸质", "Papers"),
    "col.rating": ("评价", "Rating"),
    "col.device": ("设备", "Device"),
    "col.state": ("状态", "State"),
    "col.action": ("要做的事", "What to do"),
    "col.why": ("原因", "Why"),
    "col.since": ("开始", "Since"),
    "col.alarm": ("告警", "Alarm"),
    "col.about": ("关于", "About"),
    "col.last": ("最近", "Last"),
    "col.times": ("次数", "Times"),
    "col.who": ("人员", "Who"),
    "col.what": ("事件", "What"),
    # The three truths
    "connected": ("已连接", "Connected"),
    "disconnected": ("连接已断开", "Disconnected"),
    "never_connected": ("从未连接", "Never connected"),
    "heard": ("{age}前有消息", "Heard {age} ago"),
    "heard.now": ("刚刚有消息", "Heard just now"),
    "silent": ("已 {age}没有消息", "Silent for {age}"),
    "never_heard": ("没有收到过消息", "Never heard from"),
    "serves.all": ("{count} 个事项全部可办", "All {count} items available"),
    "serves.some": ("{able}/{count} 个事项可办：{why}", "{able} of {count} items available: {why}"),
    "serves.none": ("不能服务", "Cannot serve"),
    "serves.none.why": ("不能服务：{why}", "Cannot serve: {why}"),
    "serves.maintenance": ("维护中，暂不对外服务", "Under maintenance, closed to citizens"),
    "serves.unknown": ("不知道能否服务", "Not known whether it can serve"),
    "serves.unknown.why": ("不知道能否服务：{why}", "Not known whether it can serve: {why}"),
    # One terminal
    "back": ("全部终端", "All terminals"),
    "identity": ("标识", "Identity"),
    "devices": ("设备", "Devices"),
    "supplies": ("耗材", "Supplies"),
    "services": ("事项", "Services"),
    "ledger": ("流水对账", "Journal ledger"),
    "alarms": ("告警", "Alarms"),
    "moments": ("人员与核验", "People and identification"),
    "no_moments": ("还没有记录", "Nothing on record yet"),
    "wiped": ("{told}，个人数据已清除（{count}项）", "{told}; personal data wiped ({count})"),
    "helped": ("代办员 {staff}", "helper {staff}"),
    "its_transactions": ("本机办理", "Its transactions"),
    "id": ("编号", "Id"),
    "site": ("地点", "Site"),
    "software": ("软件", "Software"),
    "settings": ("设置", "Settings"),
    "catalogue": ("事项目录", "Catalogue"),
    "boot": ("启动次数", "Boot"),
    "session": ("连接次数", "Connection no."),
    "screen": ("屏幕", "Screen"),
    "uptime": ("已运行", "Uptime"),
    "cpu": ("处理器", "CPU"),
    "memory": ("内存", "Memory"),
    "disk": ("磁盘剩余", "Disk free"),
    "certificate": ("联网证书", "Link certificate"),
    "days_left": ("还有 {days} 天", "{days} days left"),
    "outbox": ("待上报记录", "Records in its outbox"),
    "journal": ("流水", "Journal"),
    "held": ("第 1–{through} 条", "records 1–{through}"),
    "held.none": ("还没有", "nothing yet"),
    "held.label": ("已收到", "Held"),
    "missing.label": ("缺口", "Gaps"),
    "missing.none": ("没有缺口", "none"),
    "missing": ("缺 {ranges}", "missing {ranges}"),
    "chain": ("哈希链", "Hash chain"),
    "chain_holds": ("完整", "holds"),
    "driver": ("驱动", "Driver"),
    "pages.awaited": ("等扫描件传到", "waits for its scanned pages"),
    "bundle": ("联办 {number}", "with others: {number}"),
    "late": ("补报", "late"),
    "due": ("{date} 前", "by {date}"),
    "stars": ("{level} 星，满分 5 星", "{level} of 5 stars"),
    "can": ("可办", "Available"),
    "cannot": ("不可办", "Not available"),
    "no_devices": ("还没有上报设备", "No devices reported yet"),
    "no_services": ("还没有上报事项", "No services reported yet"),
    "no_alarms": ("没有告警", "No alarms"),
    "lost.page": ("没有 /{name} 这个页面", "There is no page /{name}"),
    "lost.terminal": ("没有编号为 {name} 的终端", "There is no terminal {name}"),
    "lost.more": (
        "它可能从未上报，或名称写错了。",
        "It may never have reported, or the name is mistyped.",
    ),
    "since": ("自 {time} 起", "since {time}"),
    "since.at_least": ("至少自 {time} 起", "since {time} or earlier"),
    "age.days": ("{count} 天", "{count} d"),
    "age.hours": ("{count} 小时", "{count} h"),
    "age.minutes": ("{count} 分钟", "{count} min"),
    "age.seconds": ("{count} 秒", "{count} s"),
    "and": ("、", ", "),
    "gap": ("", " "),
    "colon": ("：", ": "),
    "screen.is": ("屏幕{state}", "its screen is {state}"),
    "last_known": ("最后所知", "last known"),
    "as_last_known": ("{told}（最后所知）", "{told} (last known)"),
    "not_heard": ("没有消息", "Not heard from"),
    "chain_broken": ("流水哈希链断裂", "The journal's chain is broken"),
    "do.soon": ("尽快补充", "Refill soon"),
    "do.look": ("去现场看一下", "Go and look"),
    "do.reopen": ("维护结束后恢复服务", "Open it again when the work is done"),
    "do.power": ("检查电源和网络", "Check power and network"),
    "do.provider": ("与支付平台核对", "Compare with the payment provider"),
    "do.platform": ("检查审批平台", "Check the approval platform"),
    "do.rollout": ("查看发布页面", "See the page of rollouts"),
    "do.page": ("查看终端页面", "See the terminal's page"),
    "do.inspect": ("停用并核查", "Suspend and inspect"),
    "unknown": ("未知", "unknown"),
}


class Words:
    """The words of one tongue: `words("heard", age="3 s")`."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue
        self._at = TONGUES.index(tongue)

    def __call__(self, key: str, **values: object) -> str:
        return PAGE[key][self._at].format(**values)

    def of(self, family: str, code: str) -> str:
        """The words for a value of the protocol, or the value itself: `of("state", "online")`."""
        known = VALUES.get(f"{family}.{code}")
        return known[self._at] if known else code.replace("_", " ")

    def start(self, family: str, code: str) -> str:
        """As `of`, fit to begin a sentence."""
        words = self.of(family, code)
        return words[:1].upper() + words[1:]

    def has(self, family: str, code: str) -> bool:
        return f"{family}.{code}" in VALUES

    def pick(self, zh: str, en: str) -> str:
        return (zh, en)[self._at]
