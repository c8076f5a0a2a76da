"""One item of the catalogue (事项), with the national field names; read from TOML by `load`."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in each language."""

    zh: str
    en: str


class ItemKind(StrEnum):
    """How an item ends: decided at once, by a promised day, or answered from records."""

    INSTANT = "instant"  # 即办件
    PROMISE = "promise"  # 承诺件
    QUERY = "query"  # 查询


class Assurance(StrEnum):
    """Who the citizen must be shown to be before the item can be decided at once."""

    NONE = "none"
    CARD = "card"
    CARD_FACE = "card_face"


class FieldType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"


class FieldChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    label: Words


class FormField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `minimum`/`maximum`: a number, or a date as YYYY-MM-DD or `today`.

    `pattern` is a regular expression that the whole value must match. `prefill` names a card
    field: address. `short` names the answer on the check page, where `label` asks the question.
    `unit_one` is the English unit of a single thing: month.
    """

    name: str
    type: FieldType
    label: Words
    hint: Words = Words("", "")
    choices: tuple[FieldChoice, ...] = ()
    unit: Words = Words("", "")
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    max_length: int = 40
    optional: bool = False
    prefill: str = ""
    short: Words = Words("", "")
    unit_one: str = ""


class Material(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """材料: `source_type` card | earlier | scan | promise."""

    material_name: Words
    source_type: str = "card"
    is_need: bool = True


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fee_name: Words
    fee_stand: Words
    by_law: str


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The eleven elements that must be made public, each in both languages."""

    subject: Words  # 主体
    by_law: Words  # 依据
    accept_condition: Words  # 条件
    procedure: Words  # 程序
    time_limit: Words  # 期限
    discretion: Words  # 裁量标准
    materials: Words  # 申请材料及办法
    fee: Words  # 收费标准
    form_text: Words  # 申请书格式文本
    link_way: Words  # 咨询电话
    supervise_way: Words  # 投诉方式


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`anticipate_day` (legal) and `promise_day` are working days; 0 means at once."""

    catalog_code: str
    task_code: str
    task_version: str
    task_name: Words
    dept_name: Words
    dept_code: str
    kind: ItemKind
    icon: str
    assurance: Assurance
    anticipate_day: int
    promise_day: int
    result_name: Words
    guide: Guide
    purpose: Words  # why the face is asked for, in one sentence
    fields: tuple[FormField, ...] = ()
    materials: tuple[Material, ...] = ()
    fees: tuple[Fee, ...] = ()
    declaration: Words = Words("", "")
    certificate: bool = False
    offline: bool = False  # may be accepted while the fleet is away
    minutes: int = 3
