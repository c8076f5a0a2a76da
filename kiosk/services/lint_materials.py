"""Rules of materials (材料): what has to be given is said, once and completely (9, 10, 25, 27)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kiosk.services.item import Item
from kiosk.services.lint_days import chinese_days, english_days
from kiosk.services.lint_rules import Finding, Gate, Place, Rule, both, both_or_none, given
from kiosk.services.lint_when import conditions
from kiosk.services.materials import Material, Source, Trust

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SPARE = re.compile(r"（[^）]*）|\([^)]*\)|[\s、，,。；;：:“”\"'《》<>]")
_ENOUGH = 0.7  # of a material's name has to stand in the guide
_SMALL_WORDS = (
    "a an the of or and your you own my his her their its one two each both in on by to for with"
    " from that is are at as this be whose who"
)
_SMALL = frozenset(_SMALL_WORDS.split())


def _named(one: Item) -> Iterator[Finding]:
    for index, material in enumerate(one.materials):
        yield from both(("materials", index, "material_name"), material.material_name)
        for name in ("accept_stand", "fill_explain", "commitment"):
            yield from both_or_none(("materials", index, name), getattr(material, name))


def _numbers(one: Item) -> Iterator[Finding]:
    least = {"page_num": 1, "valid_days": 0, "correction_day": 0}
    for index, material in enumerate(one.materials):
        for name, smallest in least.items():
            if getattr(material, name) < smallest:
                yield ("materials", index, name), f"must be at least {smallest}"


def _codes(one: Item) -> Iterator[Finding]:
    counts = Counter(material.code for material in one.materials)
    for index, material in enumerate(one.materials):
        if material.code and not _CODE.fullmatch(material.code):
            yield ("materials", index, "code"), "must be lower-case letters, digits and '_'"
        elif material.code and counts[material.code] > 1:
            what = f"'{material.code}' is used {counts[material.code]} times"
            yield ("materials", index, "code"), what


def _coded(one: Item) -> Iterator[Finding]:
    for index, material in enumerate(one.materials):
        if not material.code:
            yield ("materials", index, "code"), "is empty"


def _sources(one: Item) -> Iterator[Finding]:
    for index, material in enumerate(one.materials):
        for name, what in _ways(material):
            yield ("materials", index, name), what


def _ways(material: Material) -> Iterator[tuple[str, str]]:
    sources = set(material.sources)
    if not sources:
        yield "sources", "is empty: there is no way to give it"
    if len(sources) != len(material.sources):
        yield "sources", "names a way twice"
    if Source.EARLIER in sources and not material.kinds:
        yield "kinds", "'earlier' needs the names under which it may be held already"
    if Source.SCAN in sources and material.trust in {Trust.A, Trust.B}:
        yield "trust", f"a scan is good for C, not for {material.trust}"


def _promise(one: Item) -> Iterator[Finding]:
    """容缺: only a secondary material may come later, and by a day."""
    for index, material in enumerate(one.materials):
        promised = Source.PROMISE in material.sources
        if promised and material.main:
            yield ("materials", index, "main"), "a main material cannot be promised: main = false"
        if promised and material.correction_day < 1:
            what = "working days in which a promised material has to come: at least 1"
            yield ("materials", index, "correction_day"), what
        if material.correction_day > 0 and not promised:
            what = "is for a material that may be promised: add 'promise' to sources"
            yield ("materials", index, "correction_day"), what


def _commitment(one: Item) -> Iterator[Finding]:
    """告知承诺: what is declared instead is written down."""
    for index, material in enumerate(one.materials):
        may = Source.COMMITMENT in material.sources
        if may and not given(material.commitment):
            yield ("materials", index, "commitment"), "the text that is declared instead is missing"
        elif not may and given(material.commitment):
            yield ("materials", index, "commitment"), "is given, but not among the sources"


def _when(one: Item) -> Iterator[Finding]:
    known = {field.name: field for field in one.fields}
    for index, material in enumerate(one.materials):
        place: Place = ("materials", index, "when")
        yield from conditions(place, material.when, known, "field of this item")


def _said(one: Item) -> Iterator[Finding]:
    """一次性告知: the guide names each material, so that nothing is asked for that was not said."""
    guide = one.guide.materials
    zh, en = _bare(guide.zh), set(_stems(guide.en))
    for index, material in enumerate(one.materials):
        name = material.material_name
        bare, stems = _bare(name.zh), _stems(name.en)
        pairs = [bare[at : at + 2] for at in range(len(bare) - 1)]
        if bare not in zh and _share([pair in zh for pair in pairs]) < _ENOUGH:
            yield ("guide", "materials", "zh"), f"does not name materials[{index + 1}]: {name.zh}"
        if _share([stem in en for stem in stems]) < _ENOUGH:
            missing = ", ".join(stem for stem in stems if stem not in en)
            what = f"does not name materials[{index + 1}]: {name.en} (not there: {missing})"
            yield ("guide", "materials", "en"), what


def _correction(one: Item) -> Iterator[Finding]:
    """The guide names each day by which a promised material has to come, and no other."""
    days = {material.correction_day for material in one.materials} - {0}
    texts = {"zh": chinese_days(one.guide.materials.zh), "en": english_days(one.guide.materials.en)}
    for language, said in texts.items():
        place = ("guide", "materials", language)
        for day in sorted(days - said):
            yield place, f"does not say that something may follow within {day} working days"
        for day in sorted(said - days):
            yield place, f"says {day} working days, which is no material's correction_day"


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 1.0


def _bare(text: str) -> str:
    return _SPARE.sub("", text)


def _stems(text: str) -> list[str]:
    """Words that carry a meaning, without the plural's ending."""
    words = re.findall(r"[a-z]+", re.sub(r"\([^)]*\)", "", text.lower()))
    return [_single(word) for word in words if word not in _SMALL and len(word) > 1]


def _single(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.rstrip("s")


RULES = (
    Rule("material-named", "Every material has a name; texts are in both languages.", _named, 2),
    Rule("material-numbers", "Pages and days of a material are possible.", _numbers),
    Rule("material-code-used-twice", "No two materials have the same code.", _codes),
    Rule("material-code", "Every material has a code.", _coded, 0, Gate.PUBLISH),
    Rule("material-sources", "There is a way to give it, good enough for its trust.", _sources, 27),
    Rule("material-promise", "Only a secondary material comes later, by a day.", _promise, 10),
    Rule("material-commitment", "What is declared instead is written down.", _commitment, 25),
    Rule("material-when", "A material depends only on an answer that can be given.", _when),
    Rule(
        "correction-as-said",
        "The guide names the days of what may follow.",
        _correction,
        10,
        Gate.PUBLISH,
    ),
    Rule("material-as-said", "The guide names each material.", _said, 9, Gate.PUBLISH),
)
