"""The questions of an item's form, as its file writes them."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in each language."""

    zh: str
    en: str


class FieldType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"  # any number of them; the answer is the codes, with commas
    DATE = "date"  # YYYY-MM-DD
    MONTH = "month"  # YYYY-MM
    NUMBER = "number"
    MONEY = "money"  # fen as digits; typed and shown as yuan
    ADDRESS = "address"
    PEOPLE = "people"  # a list, each with the answers to `fields`; JSON


class Script(StrEnum):
    """What a text is written with: which keyboard is shown first."""

    HANZI = "hanzi"
    LATIN = "latin"
    DIGITS = "digits"


class Rule(StrEnum):
    """A check that no pattern can make (in `kiosk.identity`, or a check digit)."""

    NONE = ""
    RESIDENT_NUMBER = "resident_number"  # GB 11643
    CREDIT_CODE = "credit_code"  # GB 32100
    BANK_CARD = "bank_card"  # Luhn, ISO/IEC 7812-1
    MOBILE = "mobile"


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Asked, or needed, only when the answer to `field` is one of `answers`."""

    field: str
    answers: tuple[str, ...]


class FieldChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    label: Words


class FormField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `minimum`/`maximum`: a number, fen, or a day as YYYY-MM-DD, YYYY-MM, `today`,
    or `today+N` and `today-N` in calendar days.

    `pattern` is a regular expression that the whole value must match. `prefill` names a card
    field: address, name, number, birth. `short` names the answer on the check page, where `label`
    asks the question. `unit_one` is the English unit of a single thing: month. `least`/`most`:
    how many people, or how many choices. `concept`: questions of two items with the same concept
    are one question in a bundle; the field's name when empty.
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
    rule: Rule = Rule.NONE
    script: Script = Script.LATIN
    max_length: int = 40
    optional: bool = False
    prefill: str = ""
    short: Words = Words("", "")
    unit_one: str = ""
    when: When | None = None
    fields: tuple[FormField, ...] = ()
    least: int = 0
    most: int = 0
    concept: str = ""
