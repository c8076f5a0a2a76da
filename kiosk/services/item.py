"""One item of the catalogue (事项), with the national field names; read from TOML by `load`."""

from __future__ import annotations

import msgspec

from kiosk.model import Handling
from kiosk.services.fields import FormField, When, Words
from kiosk.services.kinds import (
    Assurance,
    Delivery,
    Document,
    HandleArea,
    ItemKind,
    LifeEvent,
    ResultType,
    Stage,
    TaskType,
    Theme,
    UseLevel,
)
from kiosk.services.materials import Material

__all__ = [
    "Assurance", "Authority", "Booking", "Delivery", "Document", "Fee", "Guide", "HandleArea",
    "Item", "ItemKind", "LifeEvent", "Office", "Question", "ResultType", "Stage", "Step",
    "TaskType", "Theme", "UseLevel",
]  # fmt: skip


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of the handling. `after`: codes of the steps that must be done before it.

    `dept_code` and `dept_name` empty: the item's own department. `day`: working days at most.
    """

    code: str
    name: Words
    stage: Stage
    after: tuple[str, ...] = ()
    day: int = 0
    dept_code: str = ""
    dept_name: Words = Words("", "")


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` in fen. Where it depends on an answer, `field` names the field and `amounts` has
    fen for each of its choices' codes; a `money` field's own value is what is paid when
    `amounts` is empty."""

    fee_name: Words
    fee_stand: Words
    by_law: str
    amount: int = 0
    field: str = ""
    amounts: dict[str, int] = {}
    payee: Words = Words("", "")


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the places that an appointment is for. `code`: of the form's choice. `hours`: when it
    is open, in words. `capacity` 0: as the booking's; `slots` (): all of them; `weekdays` (1:
    Monday) (): every working day; `closed`: ISO dates."""

    code: str
    name: Words
    address: Words
    hours: Words
    capacity: int = 0
    slots: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    closed: tuple[str, ...] = ()


class Booking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Appointments (预约). `day`, `slot` and `office` name the form's fields of them; `capacity`:
    how many are taken per slot; `days_ahead`: how far ahead, in calendar days, the first and the
    last. `times`: slot -> HH:MM, when it begins and ends.

    An appointment can be moved `moves` times, and cancelled, until `change_hours` before it
    begins. Who comes `grace_minutes` late counts as not come. `bring`: what is needed that day.
    `withdraws`: cancelling it withdraws the case, too.
    """

    day: str
    slot: str
    capacity: int
    days_ahead: tuple[int, int]
    office: str = ""
    offices: tuple[Office, ...] = ()
    times: dict[str, tuple[str, str]] = {}
    change_hours: int = 24
    moves: int = 3
    grace_minutes: int = 30
    bring: Words = Words("", "")
    withdraws: bool = True

    def find_office(self, code: str) -> Office | None:
        return next((one for one in self.offices if one.code == code), None)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """常见问题: a question people ask about the item, and its answer."""

    question: Words
    answer: Words


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


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a helper of each level may do with an item."""

    county: Handling = Handling.FINAL
    town: Handling = Handling.ACCEPT
    village: Handling = Handling.CARRY


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`anticipate_day` (legal) and `promise_day` are working days; 0 means at once.

    `parts`: task codes of the items that a bundle (一件事) consists of; their forms and materials
    are merged, and one case is made for each. `part_when`: parts that are applied for only on an
    answer to one of the bundle's own questions, by task code. `keywords`: what people call it, for
    the search; words apart by spaces. `template`: name of the certificate's template, '' for none.
    """

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
    task_type: TaskType = TaskType.SERVICE
    use_level: UseLevel = UseLevel.COUNTY
    handle_area: HandleArea = HandleArea.COUNTY
    result_type: ResultType = ResultType.RECORD
    template: str = ""
    valid_days: int = 0  # of the result; 0: without an end
    delivery: tuple[Delivery, ...] = (Delivery.PRINT,)
    themes: tuple[Theme, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    keywords: Words = Words("", "")
    limit_scene_num: int = 0  # 到现场次数, after this visit
    transact_addr: Words = Words("", "")
    transact_time: Words = Words("", "")
    steps: tuple[Step, ...] = ()
    fields: tuple[FormField, ...] = ()
    materials: tuple[Material, ...] = ()
    fees: tuple[Fee, ...] = ()
    questions: tuple[Question, ...] = ()
    parts: tuple[str, ...] = ()
    part_when: dict[str, When] = {}
    booking: Booking | None = None
    declaration: Words = Words("", "")
    certificate: bool = False
    offline: bool = False  # may be accepted while the fleet is away
    documents: tuple[Document, ...] = (Document.ID_CARD,)  # any one of them identifies
    signature: bool = False  # the applicant signs the answers by hand
    expired_card: bool = False  # a card whose validity has ended still identifies here
    sensitive: bool = False  # answers are read aloud and shown on the check page only masked
    authority: Authority = Authority()
    minutes: int = 3
