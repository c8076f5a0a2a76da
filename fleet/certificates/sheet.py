"""From a template and somebody's facts to everything that one certificate prints."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import east_asian_width

import msgspec

from fleet.certificates.facts import Facts, Pair, Row
from fleet.certificates.template import LOWER, SealOf, Template
from fleet.platform.contract import Table
from kiosk.services.item import Item
from kiosk.wire import CaseApplicant

NO_END = date(9999, 12, 31)
ENDLESS = Pair("长期", "without an end")
WIDE = 27  # half-width columns that fit half of the page at the rows' size
_AMOUNT = frozenset("0123456789,.-")
ID_LABELS = {
    "": Pair("公民身份号码", "ID number"),
    "J": Pair("居住证证件号码", "Residence permit no."),
    "I": Pair("永久居留证件号码", "Permanent resident no."),
    "Y": Pair("永久居留证件号码", "Permanent resident no."),
}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class MissingFactError(LookupError):
    """The template asks for a fact that the registers have not brought. Names the placeholder."""


class Run(msgspec.Struct, frozen=True):
    """A piece of a sentence."""

    text: str
    bold: bool = False

    def __repr__(self) -> str:
        return "Run(...)"


class PaperRow(msgspec.Struct, frozen=True):
    """`wide`: takes the whole width of the page, and more lines when it must."""

    label: Pair
    value: Pair
    wide: bool

    def __repr__(self) -> str:
        return f"PaperRow({self.label.en!r})"


class PaperTable(msgspec.Struct, frozen=True):
    """`numeric`: columns that are set flush right. `empty` is said when there are no rows."""

    head: tuple[Pair, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    empty: Pair

    def __repr__(self) -> str:
        return f"PaperTable({len(self.rows)} rows)"


class Sheet(msgspec.Struct, frozen=True):
    """Everything that `family.typ` prints. `summary`, `until`: for the QR code."""

    number: str
    authority: Pair
    title: Pair
    body_zh: tuple[Run, ...]
    body_en: tuple[Run, ...]
    rows: tuple[PaperRow, ...]
    table: PaperTable | None
    issued: Pair
    validity: Pair  # until when, in a sentence; empty: without an end
    summary: str
    until: date
    holder: str
    id_number: str
    qr: str = ""  # content of the QR code; the issuer fills it in
    qr_svg: str = ""

    def __repr__(self) -> str:
        return f"Sheet({self.number})"


@dataclass(frozen=True, slots=True)
class _Sayer:
    known: Mapping[str, Pair]

    def plain(self, text: str, *, english: bool) -> str:
        return "".join(run.text for run in self.runs(text, english=english))

    def pair(self, texts: Pair) -> Pair:
        return Pair(self.plain(texts.zh, english=False), self.plain(texts.en, english=True))

    def runs(self, text: str, *, english: bool) -> Iterator[Run]:
        """Stars count in the template's own text alone: a name with a star stays as it is."""
        bold = False
        for literal, name, spec, _ in string.Formatter().parse(text):
            for index, piece in enumerate(literal.split("*")):
                bold ^= index > 0
                if piece:
                    yield Run(piece, bold)
            if name is not None:
                yield Run(self._said(name, spec, english=english), bold)

    def _said(self, name: str, spec: str | None, *, english: bool) -> str:
        try:
            pair = self.known[name]
        except KeyError:
            raise MissingFactError(name) from None
        said = pair.en if english else pair.zh
        return said[:1].lower() + said[1:] if spec == LOWER else said


def compose(  # noqa: PLR0917 - the order of the paper, from top to foot
    template: Template,
    item: Item,
    applicant: CaseApplicant,
    facts: Facts,
    number: str,
    authority: Pair,
    today: date,
) -> Sheet:
    """The paper of one case, without its QR code. Raises `MissingFactError`."""
    department = Pair(item.dept_name.zh, item.dept_name.en)
    until, holder = last_day(template, item, today), applicant.name.strip()
    label = ID_LABELS.get(applicant.card_type, ID_LABELS[""])
    always = _always(item, until, today)
    always |= {"holder": Pair(holder, holder), "id_label": label, "department": department}
    always["id_number"] = Pair(applicant.number, applicant.number)
    say = _Sayer({**facts.named, **always})
    own = (Row(row.label, say.pair(row.value)) for row in template.rows)
    return Sheet(
        number=number,
        authority=authority if template.seal is SealOf.AUTHORITY else department,
        title=template.title,
        body_zh=tuple(say.runs(template.body.zh, english=False)),
        body_en=tuple(say.runs(template.body.en, english=True)),
        rows=tuple(_rows(holder, label, applicant.number, (*own, *facts.rows))),
        table=_table(template, facts.table),
        issued=day(today),
        validity=_validity(until),
        summary=say.plain(template.summary, english=False),
        until=until,
        holder=holder,
        id_number=applicant.number,
    )


def _always(item: Item, until: date, today: date) -> dict[str, Pair]:
    return {
        "item": Pair(item.task_name.zh, item.task_name.en),
        "result": Pair(item.result_name.zh, item.result_name.en),
        "issued": day(today),
        "valid_until": ENDLESS if until == NO_END else day(until),
    }


def last_day(template: Template, item: Item, today: date) -> date:
    """The last day on which it is valid; the item's own word goes before the template's."""
    days = item.valid_days or template.valid_days
    return today + timedelta(days=days) if days else NO_END


def day(value: date) -> Pair:
    """A date as it is written on paper."""
    return Pair(
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.day} {MONTHS[value.month - 1]} {value.year}",
    )


def _rows(holder: str, label: Pair, number: str, rows: tuple[Row, ...]) -> Iterator[PaperRow]:
    name = Row(Pair("姓名", "Name"), Pair(holder, holder))
    for row in (name, Row(label, Pair(number, number)), *rows):
        english = "" if row.value.en == row.value.zh else row.value.en
        wide = max(_columns(row.value.zh), _columns(english) * 2 // 3) > WIDE
        yield PaperRow(row.label, Pair(row.value.zh, english), wide)


def _validity(until: date) -> Pair:
    if until == NO_END:
        return Pair("", "")
    last = day(until)
    return Pair(f"有效期至 {last.zh}", f"Valid until {last.en}")


def _table(template: Template, table: Table | None) -> PaperTable | None:
    if table is None:
        return None
    head = tuple(Pair(zh, en) for zh, en in table.head) or template.columns
    wide = len(head)
    rows = tuple((*row[:wide], *[""] * (wide - len(row))) for row in table.rows)
    numeric = tuple(
        place > 0 and set("".join(column)) <= _AMOUNT
        for place, column in enumerate(zip(*rows, strict=True))
    )
    return PaperTable(head, rows, numeric or (False,) * wide, template.empty_table)


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
