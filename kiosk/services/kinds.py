"""The closed lists that an item's keys choose from, under their national names."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """How an item ends (project_type): at once, by a promised day, or answered from records."""

    INSTANT = "instant"  # 即办件
    PROMISE = "promise"  # 承诺件
    QUERY = "query"  # 查询


class TaskType(StrEnum):
    """What kind of power the item is (task_type)."""

    PERMIT = "permit"  # 行政许可
    CONFIRMATION = "confirmation"  # 行政确认
    BENEFIT = "benefit"  # 行政给付
    SERVICE = "service"  # 公共服务
    OTHER = "other"  # 其他行政权力


class UseLevel(StrEnum):
    """Which level of government exercises it (use_level)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"


class HandleArea(StrEnum):
    """Where it can be asked for (handle_area, 通办范围)."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


class Theme(StrEnum):
    """What it is about (user_topic_type, 主题)."""

    SOCIAL_SECURITY = "social_security"
    MEDICAL = "medical"
    HOUSEHOLD = "household"
    TRAFFIC = "traffic"
    HOUSING = "housing"
    FAMILY = "family"
    ELDERLY = "elderly"
    HARDSHIP = "hardship"
    WORK = "work"
    TAX = "tax"
    FARMING = "farming"
    UTILITIES = "utilities"


class LifeEvent(StrEnum):
    """When somebody comes to need it (人生事件)."""

    BIRTH = "birth"
    SCHOOL = "school"
    JOB = "job"
    MARRIAGE = "marriage"
    HOME = "home"
    MOVING = "moving"
    DRIVING = "driving"
    ILLNESS = "illness"
    DISABILITY = "disability"
    RETIREMENT = "retirement"
    HARDSHIP = "hardship"
    LOST_CARD = "lost_card"


class Assurance(StrEnum):
    """Who the citizen must be shown to be before the item can be decided at once."""

    NONE = "none"
    CARD = "card"
    CARD_FACE = "card_face"  # the card, and its owner's face or what is worth as much
    TWO_PERSONS = "two_persons"  # that of two people


class Document(StrEnum):
    """What an applicant can be identified by."""

    ID_CARD = "id_card"
    SOCIAL_SECURITY_CARD = "social_security_card"
    PASSPORT = "passport"


class Stage(StrEnum):
    """What is done in a step of the handling (环节)."""

    ACCEPTANCE = "acceptance"  # 受理
    HANDLING = "handling"  # 承办
    REVIEW = "review"  # 审核
    APPROVAL = "approval"  # 批准
    COMPLETION = "completion"  # 办结
    NOTICE = "notice"  # 告知


class Delivery(StrEnum):
    """How the result can reach the citizen."""

    PRINT = "print"  # here and now, on this terminal
    PICKUP = "pickup"  # 统一窗口出件; at any terminal or hall of the area
    POST = "post"
    ELECTRONIC = "electronic"  # 电子证照
    MESSAGE = "message"  # a text message says it


class ResultType(StrEnum):
    """What the result is (result_type)."""

    CERTIFICATE = "certificate"  # 证照、证明
    RECORD = "record"  # 查询结果、明细
    VOUCHER = "voucher"  # 缴费或登记凭证
    DECISION = "decision"  # 审批决定
    APPOINTMENT = "appointment"
