"""The blank form of an item, to take home: what to bring, and what will be asked, with room to
write. Made of the item alone, so that it says what the guide says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk.model import Text
from kiosk.services.asked import merged
from kiosk.services.fields import FieldType, FormField, When, Words
from kiosk.services.item import Item
from kiosk.services.materials import Material
from kiosk.session.visit import Visit
from kiosk.slips import Line

BRING = Text("要带什么", "What to bring")
ASKED = Text("会问什么（可以先写好）", "What you will be asked (write it here)")
FACTS = {
    "accept_condition": Text("条件", "Conditions"),
    "time_limit": Text("期限", "How long it takes"),
    "fee": Text("收费", "Cost"),
    "link_way": Text("咨询", "Questions"),
}
LATER = Text("可以以后补交", "May come later")
_LINE = "____________________"
_BOX = "□"
_CHOSEN = (FieldType.CHOICE, FieldType.CHOICES)


def blank_lines(visit: Visit) -> tuple[Line, ...]:
    """Of a bundle: each material and each question of all its parts, once."""
    item = visit.item
    assert item is not None
    form = merged(item, visit.parts)
    known = {field.name: field for field in form}
    materials = {one.code or one.material_name.zh: one for one in _materials(item, visit.parts)}
    lines = [Line(head=BRING)]
    for number, material in enumerate(materials.values(), start=1):
        lines += _material(number, material, known)
    if form:
        lines.append(Line(head=ASKED))
    for number, field in enumerate(form, start=1):
        lines += _question(f"{number}. ", field, known)
    for name, head in FACTS.items():
        lines += [Line(head=head), Line(said=_text(getattr(item.guide, name)))]
    return tuple(lines)


def _materials(item: Item, parts: tuple[Item, ...]) -> Iterator[Material]:
    for one in (item, *parts):
        yield from one.materials


def _material(number: int, one: Material, known: Mapping[str, FormField]) -> Iterator[Line]:
    name = one.material_name
    yield Line(said=Text(f"{_BOX} {number}. {name.zh}", f"{_BOX} {number}. {name.en}"))
    notes = [_only_when(one.when, known), _text(one.accept_stand)]
    notes += [LATER] if not one.main else []
    yield from (Line(said=Text(f"  {note.zh}", f"  {note.en}")) for note in notes if note.zh)


def _question(number: str, field: FormField, known: Mapping[str, FormField]) -> Iterator[Line]:
    label = field.label
    yield Line(said=Text(f"{number}{label.zh}", f"{number}{label.en}"))
    when = _only_when(field.when, known)
    if when.zh:
        yield Line(said=Text(f"  {when.zh}", f"  {when.en}"))
    if field.type is FieldType.PEOPLE:
        for one in field.fields:
            yield from _question("  ", one, {each.name: each for each in field.fields})
    elif field.type in _CHOSEN:
        for choice in field.choices:
            said = choice.label
            yield Line(said=Text(f"  {_BOX} {said.zh}", f"  {_BOX} {said.en}"))
    else:
        unit = field.unit
        yield Line(said=Text(f"  {_LINE}{unit.zh}", f"  {_LINE} {unit.en}".rstrip()))


def _only_when(when: When | None, known: Mapping[str, FormField]) -> Text:
    """On which answer to which question it depends; empty: on none."""
    field = known.get(when.field) if when else None
    if when is None or field is None:
        return Text("", "")
    labels = [choice.label for choice in field.choices if choice.code in when.answers]
    short = field.short if field.short.zh else field.label
    zh = f"（{short.zh}：{'、'.join(one.zh for one in labels)}）"
    return Text(zh, f"({short.en}: {' / '.join(one.en for one in labels)})")


def _text(words: Words) -> Text:
    return Text(words.zh, words.en)
