"""The county platform's envelope: who speaks, in which session, about what, and signed.

Names are the first letters of the words' pinyin: QQBW 请求报文, BWT 报文头, JYDM 交易代码,
ZH 账号, HHBH 会话编号, LSH 流水号, FSSJ 发送时间, QM 签名, BWNR 报文内容; FHBW 返回报文, FHM
返回码.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from xml.etree.ElementTree import Element

from fleet.platform.adapters import xml

CHINA = timezone(timedelta(hours=8))
MOMENT, DAY = "%Y%m%d%H%M%S", "%Y%m%d"
PATH = "/services/DataExchange"
SIGN_IN, HAND_OVER, LOOK, SUPPLEMENT, FETCH, CONFIRM = "QD", "SBTJ", "JGCX", "BZTJ", "GCLQ", "GCQR"
ATTACH = "FJTJ"  # 附件提交
WELL, AGAIN = "0000", "0001"  # AGAIN: the case was here before
NO_SESSION, BAD_SIGNATURE = "1001", "1002"
UNREADABLE, UNKNOWN_CASE, REUSED, WRONG_KIND = "2001", "2002", "2003", "2004"
BUSY = "9999"


@dataclass(frozen=True, slots=True)
class Message:
    """`code`: what is asked for (JYDM), or how it went (FHM). `serial`: the request's own (LSH)."""

    code: str
    account: str
    session: str
    serial: str
    content: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Direction:
    """Questions and answers differ in their names only."""

    root: str
    head: str
    code: str
    content: str


REQUEST = Direction("QQBW", "BWT", "JYDM", "BWNR")
ANSWER = Direction("FHBW", "FHT", "FHM", "FHNR")


def encode(words: Direction, message: Message, secret: str, now: datetime) -> bytes:
    moment = now.astimezone(CHINA).strftime(MOMENT)
    root = Element(words.root)
    head = xml.add(root, words.head)
    fields = (message.code, message.account, message.session, message.serial, moment)
    for tag, value in zip((words.code, "ZH", "HHBH", "LSH", "FSSJ"), fields, strict=True):
        xml.add(head, tag, value)
    message.content.tag = words.content
    xml.add(head, "QM", xml.signature(secret, *fields, message.content))
    root.append(message.content)
    return xml.encode(root)


def decode(words: Direction, content: bytes) -> tuple[Message, str, str]:
    """The message, its time and its signature, which is not checked yet. Raises `XmlError`."""
    root = xml.decode(content, words.root)
    head = xml.part(root, words.head)
    code, account, session, serial, moment, signature = (
        xml.text(head, tag) for tag in (words.code, "ZH", "HHBH", "LSH", "FSSJ", "QM")
    )
    body = xml.part(root, words.content)
    return Message(code, account, session, serial, body), moment, signature


def expected(message: Message, moment: str, secret: str) -> str:
    """The signature that belongs to it."""
    fields = (message.code, message.account, message.session, message.serial, moment)
    return xml.signature(secret, *fields, message.content)


def moment_of(value: str) -> datetime:
    """Raises `XmlError`."""
    if not (len(value) == 14 and value.isascii() and value.isdecimal()):
        raise xml.XmlError("moment")
    try:
        return datetime.strptime(value, MOMENT).replace(tzinfo=CHINA)
    except ValueError:
        raise xml.XmlError("moment") from None


def day_of(value: str) -> str:
    """yyyyMMdd as an ISO date, empty as empty. Raises `XmlError`."""
    if not value:
        return ""
    return moment_of(f"{value}000000").date().isoformat()
