"""The city platform's messages: JSON with its own names. Numbers are its codes, see its labels."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from fleet.platform.contract import PlatformError

T = TypeVar("T")


class Said(msgspec.Struct, frozen=True, rename="camel"):
    """`repr` of anything here would show a citizen's data, so there is none."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Somebody(Said, frozen=True):
    user_name: str
    cert_no: str
    cert_type: str = ""
    user_addr: str = ""


class Agent(Said, frozen=True):
    role_code: int
    user_name: str
    cert_no: str
    cert_type: str
    auth_way: int
    staff_no: str


class FormValue(Said, frozen=True):
    field_key: str
    field_value: str


class Attachment(Said, frozen=True):
    attach_code: str
    supply_way: int
    file_digests: list[str]
    from_proj_no: str
    promise_date: str
    commit_digest: str


class Affair(Said, frozen=True):
    """An application. `serv_type`: null where the sender's catalogue does not know the item."""

    proj_no: str
    service_code: str
    service_version: str
    serv_type: int | None
    apply_time: str
    device_no: str
    applicant: Somebody
    ident_way: int
    auth_way: int
    handle_way: int
    agents: list[Agent]
    form_data: list[FormValue]
    attachments: list[Attachment]
    sign_data: dict[str, str]
    lang: str
    catalog_no: str
    joint_no: str
    pay_no: str
    joint_data: dict[str, str] = {}


class Line(Said, frozen=True):
    label_cn: str
    label_en: str
    value: str


class Sheet(Said, frozen=True):
    head: list[tuple[str, str]]
    rows: list[list[str]]


class Outcome(Said, frozen=True):
    """What the city says of an affair. `proj_status` 0: it is still pondering."""

    proj_no: str
    serv_type: int | None
    proj_status: int
    reason_code: str = "R00"
    promise_date: str = ""
    license_no: str = ""
    items: list[Line] = []
    sheet: Sheet | None = None


class Happened(Said, frozen=True):
    """A step that ended. `event_id` grows."""

    event_id: int
    proj_no: str
    step_code: str
    step_result: int
    event_time: str
    handler: str
    lack_codes: list[str]
    opinion_cn: str
    opinion_en: str


class Feed(Said, frozen=True):
    events: list[Happened]
    next_cursor: str


class Token(Said, frozen=True):
    access_token: str
    expires_in: int


class Envelope(Said, frozen=True):
    """Around every answer. `code` "0": well. `request_id`: of the request that it answers."""

    code: str
    request_id: str
    data: msgspec.Raw = msgspec.Raw(b"null")


PONDERING = 0
WELL = "0"
EXPIRED = "C4010"
UNKNOWN_SERVICE = "C4041"
UNKNOWN_AFFAIR = "C4042"
REUSED = "C4090"
UNREADABLE = "C4220"
WRONG_KIND = "C4221"
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decoded(content: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Raises `PlatformError`, which says nothing of the content."""
    try:
        return msgspec.json.decode(content, type=kind)
    except _NOT_JSON as error:
        raise PlatformError(f"city: unreadable ({type(error).__name__})") from None
