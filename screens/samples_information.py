"""Views of what is made public in the sample county."""

from __future__ import annotations

from dataclasses import replace

from kiosk.model import Rung, Text
from kiosk.view import (
    ArticleBody,
    ArticleRow,
    Block,
    BlockKind,
    Body,
    InformationBody,
    InformationShelf,
    Paper,
    ServiceTile,
    SlipBody,
    State,
)

_HEAD, _TEXT, _PAIR, _ROW = BlockKind.HEAD, BlockKind.TEXT, BlockKind.PAIR, BlockKind.ROW
_ALLOWANCE = Text("最低生活保障对象公示（2026年第四季度）",
                  "Minimum living allowance: who receives it, 4th quarter of 2026")  # fmt: skip
_SHELVES = (
    InformationShelf("notice", Text("元旦期间窗口放假安排", "Closing days at New Year")),
    InformationShelf("list", _ALLOWANCE),
    InformationShelf("place", Text("示例县政务服务中心", "Sample County Service Centre")),
    InformationShelf("department", Text("示例县人力资源和社会保障局",
                                           "Human Resources and Social Security")),
    InformationShelf("policy", Text("高龄津贴：谁能领，领多少",
                                       "Old-age allowance: who gets it")),
    InformationShelf("fee", Text("证照工本费", "Cost of cards and licences")),
)  # fmt: skip
_SUMMARY = Text("决定以前公示，有意见的可以反映。姓名和号码隐去一部分。",
                "Shown before it is decided: anybody can object. Partly hidden.")  # fmt: skip
_PLACE = Text("示例县政务服务中心", "Sample County Service Centre")
_ADDRESS = Text("示例县城关镇人民路1号，公交1路、3路到政务中心站",
                "1 Renmin Road, Chengguan; buses 1 and 3 to Service Centre")  # fmt: skip
_HOURS = Text("终端每天0:00至24:00；窗口工作日8:30至17:30",
              "Terminals: every day, all day. Desks: working days, 8:30 to 17:30")  # fmt: skip
_NUMBER = "示民发〔2026〕12号"
_LONG = Text(
    "年满八十周岁、户口在本县的老人，每个月都可以领高龄津贴，不看收入，也不影响低保和养老金。" * 3,
    "Everybody of 80 or over whose household is registered here draws an allowance each month. "
    "Income does not matter, and neither pension nor living allowance is reduced. " * 3,
)


def bodies(tiles: tuple[ServiceTile, ...]) -> dict[str, tuple[State, Body]]:
    """Name of the picture → state and body. `tiles`: eight services."""
    home = InformationBody(_SHELVES)
    policy = ArticleBody(
        "policy", "policy", _SHELVES[4].first, _SUMMARY, _day(3), _blocks(), _day(20),
        services=tiles[3:4], slip=True,
    )  # fmt: skip
    lists = ArticleBody(
        "list", "list", _ALLOWANCE, _SUMMARY, _day(3), _rows(), _day(20), "before", slip=True
    )
    place = ArticleBody(
        "place", "place", _PLACE, _ADDRESS, _day(3), _place(), mark="here", services=tiles,
        slip=True,
    )  # fmt: skip
    return {
        "information": (State.INFORMATION, home),
        "information-lists": (State.INFORMATION, replace(home, shelf="list", rows=_listed(2))),
        "information-many": (State.INFORMATION, replace(home, shelf="place", rows=_listed(19))),
        "article-policy": (State.ARTICLE, policy),
        "article-list": (State.ARTICLE, lists),
        "article-place": (State.ARTICLE, place),
        "slip-information": (
            State.SLIP,
            SlipBody("information", "", Paper("slip", Rung.PRESENTED), done=True),
        ),
        "slip-information-lost": (
            State.SLIP,
            SlipBody("information", "", Paper("slip", Rung.QUEUED, "paper.trouble.page"), True),
        ),
        "article-choosing": (State.ARTICLE, replace(place, choosing=True)),
        "article-bare": (State.ARTICLE, replace(policy, services=(), slip=False,
                                                blocks=_blocks()[:2])),
    }  # fmt: skip


def _day(day: int) -> Text:
    return Text(f"2026年11月{day}日", f"{day} November 2026")


def _listed(count: int) -> tuple[ArticleRow, ...]:
    titles = (_ALLOWANCE, _PLACE, _SHELVES[4].first)
    marks = ("before", "after", "") if count < 4 else ("here", "", "")
    kind = "list" if count < 4 else "place"
    return tuple(
        ArticleRow(f"a{number}", kind, titles[number % 3], _SUMMARY, marks[min(number, 2)])
        for number in range(count)
    )


def _blocks() -> tuple[Block, ...]:
    return (
        Block(_HEAD, Text("谁能领", "Who can draw it")),
        Block(_TEXT, _LONG),
        Block(_HEAD, Text("怎么领", "How")),
        *(Block(_TEXT, _LONG) for _ in range(4)),
        *_facts(),
    )


def _rows() -> tuple[Block, ...]:
    return (
        Block(_HEAD, Text("名单", "The list")),
        *(
            Block(_ROW, Text(f"{number}. 张*芳", f"{number}. 张*芳"),
                  Text("4452**********1043", "4452**********1043"),
                  Text("最低生活保障，2人，城关镇幸福村",
                       "Minimum living allowance, 2 persons, Xingfu Village, Chengguan"))
            for number in range(1, 24)
        ),
        *_facts(),
    )  # fmt: skip


def _place() -> tuple[Block, ...]:
    return (
        Block(_HEAD, Text("这里现在能办什么", "What can be done here now")),
        Block(_PAIR, Text("可办事项", "Services"), Text("29", "29")),
        Block(_TEXT, key="notice.no_certificates"),
        Block(_HEAD, _PLACE),
        Block(_PAIR, Text("地址", "Address"), _ADDRESS),
        Block(_PAIR, Text("时间", "Hours"), _HOURS),
        Block(_PAIR, Text("电话", "Telephone"), Text("12345", "12345")),
        Block(_HEAD, Text("附近的终端和窗口", "Other terminals and offices")),
        Block(_ROW, Text("示例镇便民服务中心", "Sample Town service point"), _HOURS, _ADDRESS),
        *_facts(),
    )


def _facts() -> tuple[Block, ...]:
    return (
        Block(_HEAD, Text("关于本文", "About this page")),
        Block(_PAIR, Text("发布单位", "Published by"),
              Text("示例县民政局", "Civil Affairs Bureau of Sample County")),
        Block(_PAIR, Text("文号", "Document no."), Text(_NUMBER, _NUMBER)),
    )  # fmt: skip
