"""What an article says, from its file, the items it is about, and this terminal as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kiosk.model import Text
from kiosk.services.fields import Words
from kiosk.services.information import Contact, Decision, Entry, Kind, current, shelf
from kiosk.services.item import Item
from kiosk.session.clock import today
from kiosk.session.terminal import Terminal
from kiosk.view import Block, BlockKind

NOTHING = Text("", "")
# Headings and labels, for slips too.
WORDS = {
    "now": Text("这里现在能办什么", "What can be done here now"),
    "services": Text("可办事项", "Services"),
    "all_well": Text("各项服务都能办理。", "Everything works. All services can be used."),
    "address": Text("地址", "Address"),
    "hours": Text("时间", "Hours"),
    "phone": Text("电话", "Telephone"),
    "rows": Text("名单", "The list"),
    "contact": Text("咨询", "Questions"),
    "object": Text("有异议，请在期限内反映", "To object, before the last day"),
    "near": Text("附近的终端和窗口", "Other terminals and offices"),
    "see": Text("另见", "See also"),
    "about": Text("关于本文", "About this page"),
    "issuer": Text("发布单位", "Published by"),
    "source": Text("依据", "Source"),
    "document_no": Text("文号", "Document no."),
}


def on_shelf(terminal: Terminal, kind: Kind) -> list[str]:
    """Names of what is shown there now."""
    entries = terminal.catalogue.information
    return shelf(entries, kind, today(), terminal.place.terminal)


def readable(terminal: Terminal, name: str) -> bool:
    entry = terminal.catalogue.information.get(name)
    return entry is not None and current(entry, today(), terminal.place.terminal)


def mark_of(terminal: Terminal, entry: Entry) -> str:
    """What stands beside its title: this place, before or after the decision; or ''."""
    if entry.decision is not None:
        return str(entry.decision)
    return "here" if terminal.place.terminal in entry.here else ""


def items_of(terminal: Terminal, entry: Entry) -> list[Item]:
    found = (terminal.catalogue.find(code) for code in entry.items)
    return [item for item in found if item is not None]


def blocks(terminal: Terminal, entry: Entry, *, lasting: bool = False) -> Iterator[Block]:
    """The whole article; `lasting`: without what changes by the minute. What somebody may object
    to comes before where to object."""
    if terminal.place.terminal in entry.here and not lasting:
        yield from _here(terminal)
    contacts = tuple(_contacts(entry.contacts))
    sections = tuple(_sections(entry))
    places = entry.kind in (Kind.PLACE, Kind.DEPARTMENT)
    yield from (*contacts, *sections) if places else sections
    yield from _rows(entry)
    if entry.kind is Kind.FEE:
        yield from _fees(items_of(terminal, entry))
    if contacts and not places:
        objecting = entry.decision is Decision.BEFORE
        yield Block(BlockKind.HEAD, WORDS["object" if objecting else "contact"])
        yield from contacts
    yield from _near(terminal, entry)
    yield from _facts(entry)


def _here(terminal: Terminal) -> Iterator[Block]:
    """What can be done at this terminal now; of what can't, the reason."""
    notices = terminal.condition.notices()
    count = str(len(terminal.catalogue.items))
    yield Block(BlockKind.HEAD, WORDS["now"])
    yield Block(BlockKind.PAIR, WORDS["services"], Text(count, count))
    for notice in notices:
        yield Block(BlockKind.TEXT, key=f"notice.{notice.key}")
    if not notices:
        yield Block(BlockKind.TEXT, WORDS["all_well"])


def _sections(entry: Entry) -> Iterator[Block]:
    for section in entry.sections:
        yield Block(BlockKind.HEAD, text=text(section.heading))
        yield from paragraphs(section.text)


def paragraphs(words: Words) -> Iterator[Block]:
    """One for each line; both languages need not have as many."""
    zh, en = words.zh.strip().split("\n"), words.en.strip().split("\n")
    for index in range(max(len(zh), len(en))):
        chinese, english = ("".join(lines[index : index + 1]) for lines in (zh, en))
        yield Block(BlockKind.TEXT, text=Text(chinese, english))


def _contacts(contacts: Iterable[Contact]) -> Iterator[Block]:
    for contact in contacts:
        yield Block(BlockKind.HEAD, text=text(contact.name))
        told = {
            "address": text(contact.address),
            "hours": text(contact.hours),
            "phone": Text(contact.phone, contact.phone),
        }
        for name, value in told.items():
            if value.zh:
                yield Block(BlockKind.PAIR, WORDS[name], value)


def _rows(entry: Entry) -> Iterator[Block]:
    if entry.rows:
        yield Block(BlockKind.HEAD, WORDS["rows"])
    for number, row in enumerate(entry.rows, start=1):
        name = f"{number}. {row.name}"
        value = Text(row.number, row.number)
        yield Block(BlockKind.ROW, Text(name, name), value, text(row.what))


def _fees(items: Iterable[Item]) -> Iterator[Block]:
    """From the items alone, so that nobody reads another price than is charged."""
    for item in items:
        yield Block(BlockKind.HEAD, text=text(item.task_name))
        for fee in item.fees:
            law = Text(fee.by_law, "")
            yield Block(BlockKind.ROW, text(fee.fee_name), text(fee.fee_stand), law)


def _near(terminal: Terminal, entry: Entry) -> Iterator[Block]:
    """Other pages, and of places where they are and when they are open."""
    known = terminal.catalogue.information
    shown = [known[name] for name in entry.see if readable(terminal, name)]
    if shown:
        place = entry.kind is Kind.PLACE
        yield Block(BlockKind.HEAD, WORDS["near" if place else "see"])
    for other in shown:
        first = other.contacts[0] if other.kind is Kind.PLACE and other.contacts else None
        hours = text(first.hours) if first else NOTHING
        below = text(first.address) if first else text(other.summary)
        yield Block(BlockKind.ROW, text(other.title), hours, below)


def _facts(entry: Entry) -> Iterator[Block]:
    yield Block(BlockKind.HEAD, WORDS["about"])
    number = Text(entry.document_no, entry.document_no)
    told = {"issuer": text(entry.issuer), "source": text(entry.source), "document_no": number}
    for name, value in told.items():
        if value.zh:
            yield Block(BlockKind.PAIR, WORDS[name], value)


def text(words: Words) -> Text:
    return Text(words.zh, words.en)
