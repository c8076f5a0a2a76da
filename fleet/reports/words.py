"""The words of reports, Chinese and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")

WORDS: dict[str, tuple[str, str]] = {
    "title": ("自助终端办件统计", "Report of the self-service terminals"),
    "period": ("统计期", "Period"),
    "period.days": ("{first} 至 {last}", "{first} to {last}"),
    "made": ("生成时间", "Made"),
    "cut": ("划分", "By"),
    "table.part.day": ("按日", "By day"),
    "table.part.month": ("按月", "By month"),
    "table.part.year": ("按年", "By year"),
    "table.item": ("按事项", "By item"),
    "table.level": ("按行使层级", "By level of government"),
    "table.terminal": ("按终端", "By terminal"),
    "table.reason": ("不予受理和不予批准的原因", "Why cases were refused or not accepted"),
    "table.rating": ("评价（按等级）", "Ratings by level"),
    "table.tag": ("评价标签", "Tags of ratings"),
    "table.visits.day": ("人次（按日）", "Visits by day"),
    "table.visits.month": ("人次（按月）", "Visits by month"),
    "table.visits.year": ("人次（按年）", "Visits by year"),
    "table.hour": ("人次（按时段）", "Visits by hour of the day"),
    "note.visits": (
        "人次 = 终端上结束的会话；办成 = 走到最后一页的会话。按机群收到的时间统计。",
        "Visits that ended; completed: at their last page. By the time the fleet heard of them.",
    ),
    "hour": ("时段", "Hour"),
    "visits": ("人次", "Visits"),
    "completed": ("办成", "Completed"),
    "given_up": ("未办成", "Not completed"),
    "completed_share": ("办成率", "Completed, share"),
    "table.availability": ("终端可用率", "Availability of each terminal"),
    "note.cases": (
        (
            "收件及其去向按收件日统计；办结及是否按时按办结日统计。"
            "收件 = 待受理 + 补正 + 受理 + 不予受理 + 撤回；受理 = 在办 + 准予 + 不予批准；"
            "办结 = 按时 + 逾期 + 无期限。"
        ),
        (
            "What was received, and how it stands, by the day of receipt; what was closed, by the"
            " day of its end. Received = waiting + correction + accepted + not accepted +"
            " withdrawn;"
            " accepted = in hand + approved + refused; closed = on time + late + undated."
        ),
    ),
    "note.availability": (
        "可用率 = 开放时间内至少一个事项可办的时间 ÷ 开放时间；不知道的时间按不可用计算。",
        (
            "Share of the opening hours in which at least one item could be had. Time in which"
            " nobody knows counts as not available."
        ),
    ),
    "total": ("合计", "Total"),
    "part": ("时间", "When"),
    "task_code": ("事项编码", "Item code"),
    "item": ("事项", "Item"),
    "level": ("层级", "Level"),
    "terminal": ("终端", "Terminal"),
    "site": ("地点", "Site"),
    "received": ("收件", "Received"),
    "waiting": ("待受理", "Waiting"),
    "correction": ("补正", "Correction"),
    "accepted": ("受理", "Accepted"),
    "in_hand": ("在办", "In hand"),
    "approved": ("准予", "Approved"),
    "refused": ("不予批准", "Refused"),
    "not_accepted": ("不予受理", "Not accepted"),
    "withdrawn": ("撤回", "Withdrawn"),
    "closed": ("办结", "Closed"),
    "on_time": ("按时", "On time"),
    "late": ("逾期", "Late"),
    "undated": ("无期限", "Undated"),
    "on_time_share": ("按时率", "On time, share"),
    "rated": ("评价", "Ratings"),
    "reason": ("原因", "Reason"),
    "both": ("合计", "Together"),
    "stars": ("等级", "Level"),
    "count": ("数量", "Count"),
    "share": ("占比", "Share"),
    "tag": ("标签", "Tag"),
    "open_hours": ("开放小时", "Open hours"),
    "able_hours": ("可用小时", "Available"),
    "unable_hours": ("不可用小时", "Not available"),
    "unknown_hours": ("不知道小时", "Not known"),
    "availability": ("可用率", "Availability"),
    "unknown_item": ("目录中没有", "not in the catalogue"),
    "use.province": ("省级", "Province"),
    "use.city": ("市级", "City"),
    "use.county": ("县级", "County"),
    "use.town": ("乡镇", "Town"),
    "use.village": ("村（社区）", "Village"),
    "use.unknown": ("不明", "Unknown"),
    "check": ("自检", "Self-check"),
    "recount": ("表内合计与报告一致", "Totals in these sheets as reported"),
    "check.good": ("{count} 项合计已核对，全部相符", "{count} sums compared: all add up"),
    "check.bad": (
        "{count} 项合计中有 {wrong} 项不符",
        "{wrong} of {count} sums do not add up",
    ),
    "check.finding": (
        "{where}：报告为 {told}，核对为 {found}",
        "{where}: the report says {told}, the count is {found}",
    ),
    "more": ("另有 {count} 行，见表格文件", "and {count} rows more, in the files"),
    "none": ("本期没有", "None in this period"),
    "why.refused": ("不予批准", "Refused"),
    "why.not_supplemented": ("未按期补正", "Nothing came in time"),
    "why.undecodable": ("办件无法读取", "The case cannot be read"),
    "why.unknown_item": ("平台没有该事项", "The platform does not know the item"),
    "why.not_insured": ("没有参保记录", "No record of insurance"),
    "why.bad_holder": ("姓名或号码有误", "Name or number cannot be right"),
    "why.bad_answers": ("填写内容有误", "An answer is missing or out of range"),
    "why.unpaid": ("未缴费", "Not paid"),
    "why.case_reused": ("办件编号重复", "The case number was in use"),
}


class Words:
    """Of one language: `words("period.days", first=…, last=…)`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        return WORDS[key][self._at].format(**values)

    def of(self, family: str, code: str) -> str:
        """The words for a code, or the code itself."""
        known = WORDS.get(f"{family}.{code}")
        return known[self._at] if known else code

    def pick(self, zh: str, en: str) -> str:
        return (zh, en)[self._at]
