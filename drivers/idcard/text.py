"""The 256-byte text block of an ID card: UTF-16LE, fixed fields, padded with spaces.

Two bytes at offset 248 name the layout. Fields are cut by their offsets and only their padding
is dropped: English names contain spaces, and one of them goes on in a second field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from drivers.idcard.blocks import ADDRESS_SIZE, TEXT_SIZE
from kiosk.identity.codes import PEOPLES, SEXES
from kiosk.model import CardFault, CardType, IdCard

_NO_EXPIRY = "长期"
_PADDING = " \0\u3000"
_ENCODING = "utf-16-le"
_MARK = slice(248, 250)


class Span(NamedTuple):
    """A field's place, in bytes."""

    offset: int
    size: int


Layout = Mapping[str, tuple[Span, ...]]

_VALIDITY: dict[str, tuple[Span, ...]] = {
    "valid_from": (Span(188, 16),),
    "valid_to": (Span(204, 16),),
}
_RESIDENT: dict[str, tuple[Span, ...]] = {
    "name": (Span(0, 30),),
    "sex": (Span(30, 2),),
    "birth": (Span(36, 16),),
    "number": (Span(122, 36),),
    **_VALIDITY,
}
_AT_HOME: dict[str, tuple[Span, ...]] = {"address": (Span(52, 70),), "issuer": (Span(158, 30),)}

LAYOUTS: Mapping[CardType, Layout] = MappingProxyType(
    {
        CardType.CITIZEN: {**_RESIDENT, **_AT_HOME, "ethnic": (Span(32, 4),)},
        CardType.HMT_RESIDENCE: {
            **_RESIDENT,
            **_AT_HOME,
            "pass_number": (Span(220, 18),),
            "issue_count": (Span(238, 4),),
        },
        CardType.FOREIGN_2017: {
            "name_en": (Span(0, 120),),
            "sex": (Span(120, 2),),
            "number": (Span(122, 30),),
            "nationality": (Span(152, 6),),
            "name": (Span(158, 30),),
            **_VALIDITY,
            "birth": (Span(220, 16),),
            "issuer": (Span(240, 8),),
        },
        CardType.FOREIGN_2023: {
            **_RESIDENT,
            "issue_count": (Span(32, 4),),
            "name_en": (Span(52, 70), Span(220, 22)),
            "nationality": (Span(242, 6),),
        },
    }
)
_MARKS = frozenset(mark.value for mark in LAYOUTS)
_PLAIN = ("number", "address", "issuer", "name_en", "nationality", "pass_number", "issue_count")
_PEOPLE_CODES = {name: code for code, name in PEOPLES.items()}
_SEX_CODES = {name: code for code, name in SEXES.items()}


def decode(text: bytes) -> IdCard | CardFault:
    """`WRONG_CARD` for an unknown mark, or a block that no identity card holds."""
    try:
        mark = text[_MARK].decode(_ENCODING).strip(_PADDING)
        if len(text) != TEXT_SIZE or mark not in _MARKS:
            return CardFault.WRONG_CARD
        card_type = CardType(mark)
        fields = {name: _cut(text, spans) for name, spans in LAYOUTS[card_type].items()}
        return _card(card_type, fields)
    except ValueError:  # characters that are no UTF-16, days that no calendar has
        return CardFault.WRONG_CARD


def encode(card: IdCard) -> bytes:
    """The text block that says what `card` says; ValueError when a field is too small for it."""
    fields = {
        **{name: getattr(card, name) for name in _PLAIN},
        "name": "" if card.name == card.name_en else card.name,
        "sex": _SEX_CODES[card.sex],
        "ethnic": _PEOPLE_CODES.get(card.ethnic, ""),
        "birth": _digits(card.birth),
        "valid_from": _digits(card.valid_from),
        "valid_to": _digits(card.valid_to) if card.valid_to else _NO_EXPIRY,
    }
    text = bytearray(" ".encode(_ENCODING) * (TEXT_SIZE // 2))
    for name, spans in LAYOUTS[card.card_type].items():
        _paste(text, spans, fields[name])
    text[_MARK] = (card.card_type.value or " ").encode(_ENCODING)
    return bytes(text)


def decode_address(data: bytes) -> str:
    """The address that was appended to a card; empty for what is no text."""
    try:
        return data.decode(_ENCODING).rstrip(_PADDING)
    except UnicodeDecodeError:
        return ""


def encode_address(address: str) -> bytes:
    """ValueError when it is too long."""
    data = bytearray(" ".encode(_ENCODING) * (ADDRESS_SIZE // 2))
    _paste(data, (Span(0, ADDRESS_SIZE),), address)
    return bytes(data)


def _card(card_type: CardType, fields: Mapping[str, str]) -> IdCard:
    valid_to = fields["valid_to"]
    name = fields["name"] or fields.get("name_en", "")  # foreigners need not have a Chinese name
    if not name:
        raise ValueError("a card without a name")
    return IdCard(
        card_type=card_type,
        name=name,
        sex=SEXES.get(fields["sex"], SEXES["0"]),
        birth=_date(fields["birth"]),
        valid_from=_date(fields["valid_from"]),
        valid_to=None if valid_to == _NO_EXPIRY else _date(valid_to),
        ethnic=PEOPLES.get(fields.get("ethnic", ""), ""),
        number=fields["number"],
        address=fields.get("address", ""),
        issuer=fields.get("issuer", ""),
        name_en=fields.get("name_en", ""),
        nationality=fields.get("nationality", ""),
        pass_number=fields.get("pass_number", ""),
        issue_count=fields.get("issue_count", ""),
    )


def _date(digits: str) -> date:
    """Eight ASCII digits; ValueError otherwise."""
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("not a date")  # without its value: it may be a citizen's
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _digits(day: date) -> str:
    """Eight, also in the first thousand years, which `%Y` shortens."""
    return day.isoformat().replace("-", "")


def _cut(text: bytes, spans: tuple[Span, ...]) -> str:
    """Joined before the padding goes: a space may lie where two fields meet."""
    joined = b"".join(text[span.offset : span.offset + span.size] for span in spans)
    return joined.decode(_ENCODING).rstrip(_PADDING)


def _paste(text: bytearray, spans: tuple[Span, ...], value: str) -> None:
    encoded = value.encode(_ENCODING)
    if len(encoded) > sum(span.size for span in spans):
        raise ValueError("a field of the text block is too small for its value")
    for span in spans:
        part, encoded = encoded[: span.size], encoded[span.size :]
        text[span.offset : span.offset + len(part)] = part
