"""Pages of questions, the check of all answers, the signature."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.model import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """`more`: a second line, such as an address."""

    code: str
    label: Text
    more: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One of a list: who it is, and what else was said of them."""

    name: Text = field(repr=False)
    details: tuple[Text, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class QuestionBody:
    """One question. `kind`: text | choice | choices | date | month | number | money | address |
    people. `error` is a locale key or ''; `figures`: what that sentence names.

    `value` is what would be typed: codes with commas for choices, yuan for money. `script` of a
    text: hanzi | latin | digits. `people`: who is on the list so far; another may be added while
    there are fewer than `most` (0: any number). `group`: of whom on a list the question is, such
    as 第2位; '' when it is no question about somebody on a list.
    """

    name: str
    kind: str
    label: Text
    hint: Text
    number: int
    total: int
    choices: tuple[Choice, ...] = ()
    value: str = field(default="", repr=False)
    error: str = ""
    figures: tuple[tuple[str, Text], ...] = ()
    unit: Text = Text("", "")
    max_length: int = 40
    optional: bool = False
    script: str = "latin"
    group: Text = Text("", "")
    people: tuple[ListedPerson, ...] = field(default=(), repr=False)
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class CheckRow:
    """`field` empty: from the card, can't be changed here."""

    label: Text
    value: Text = field(repr=False)
    field: str = ""


@dataclass(frozen=True, slots=True)
class CheckBody:
    name: Text
    rows: tuple[CheckRow, ...] = field(repr=False)
    declaration: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class SignBody:
    """`name`: of the service; `declaration`: what is signed. `error` is a locale key or ''."""

    name: Text
    declaration: Text
    error: str = ""
