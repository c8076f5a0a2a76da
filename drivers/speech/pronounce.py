"""Text of the screens -> parts that one voice of espeak-ng reads rightly. Pure.

espeak-ng guesses at Hanzi; pypinyin knows words, so that it is given pinyin: 银行 is yínháng.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from types import MappingProxyType

from drivers.speech import numerals
from kiosk.model import Language, sentences

CHINESE = "cmn-latn-pinyin"
ENGLISH = "en-us"
LONGEST_BREATH = 200  # characters

# words that pypinyin 0.55 reads otherwise, and surnames before a form of address
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "还款": "huán kuǎn",
        "重名": "chóng míng",
        "弹出": "tán chū",
        "当天": "dāng tiān",
        "第一行": "dì yī háng",
    }
)
_SURNAMES: Mapping[str, str] = MappingProxyType(
    {
        "曾": "zēng",
        "单": "shàn",
        "解": "xiè",
        "仇": "qiú",
        "朴": "piáo",
        "区": "ōu",
        "查": "zhā",
        "任": "rén",
        "华": "huà",
        "盖": "gě",
        "缪": "miào",
        "乐": "yuè",
    }
)
_TITLES: Mapping[str, str] = MappingProxyType({"先生": "xiān shēng", "女士": "nǚ shì"})
_SYLLABLES: Mapping[str, str] = MappingProxyType({"n2": "en1", "m2": "en1", "ng2": "en1"})
_UNREAD = ["sheng1", "pi4", "zi4"]  # 生僻字: a character that nobody here can read

_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<latin>[A-Za-z](?:[A-Za-z0-9'. -]*[A-Za-z0-9])?)")
_MARKS = str.maketrans(
    {
        "。": ". ",
        "、": ", ",
        "·": " ",
        "“": " ",
        "”": " ",
        "‘": " ",
        "’": "'",
        "《": " ",
        "》": " ",
        "「": " ",
        "」": " ",
        "—": ", ",
        "…": ". ",
    }
)
_KEPT_MARKS = re.compile(r"[^,.!?;:]+")
_WIDE_UNITS = str.maketrans({"㎡": "平方米", "²": "平方", "℃": "摄氏度", "№": "号"})
_PAUSE = re.compile(r"[，、： ]|[,:](?!\d)")  # not within 20,000 and 9:30
_CLAUSE = re.compile(r"[^；;]*(?:[；;]+|$)")


@dataclass(frozen=True, slots=True)
class Part:
    voice: str
    text: str = field(repr=False)


def pronounce(text: str, language: Language) -> tuple[Part, ...]:
    """What is to be read by which voice, in order. Neighbours have different voices."""
    clean = _clean(text)
    said = numerals.chinese(clean) if language.chinese else numerals.english(clean)
    parts: list[Part] = []
    for voice, piece in _pieces(said.translate(_MARKS), language):
        if parts and (parts[-1].voice == voice or not _words(piece)):
            last = parts[-1]
            added = piece if last.voice == voice else _between(piece, last.voice)
            parts[-1] = Part(last.voice, last.text + added)
        elif _words(piece):
            parts.append(Part(voice, piece))
    return tuple(Part(part.voice, " ".join(part.text.split())) for part in parts)


def breaths(text: str) -> Iterator[str]:
    """What the programs are given at a time: `text` at its full stops and semicolons; what is
    still longer than `LONGEST_BREATH`, at a comma."""
    for clause in (one for sentence in sentences(text) for one in _CLAUSE.findall(sentence)):
        rest = clause.strip()
        while len(rest) > LONGEST_BREATH:
            ends = (match.end() for match in _PAUSE.finditer(rest))
            end = max((end for end in ends if end <= LONGEST_BREATH), default=LONGEST_BREATH)
            yield rest[:end].strip()
            rest = rest[end:].strip()
        if rest:
            yield rest


def _clean(text: str) -> str:
    """Without what espeak-ng takes for orders: brackets of phonemes, control characters."""
    plain = unicodedata.normalize("NFKC", text.translate(_WIDE_UNITS))
    return "".join(
        " " if one in "[]{}<>|_" or unicodedata.category(one).startswith("C") else one
        for one in plain
    )


def _words(piece: str) -> bool:
    return any(one.isalnum() for one in piece)


def _pieces(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """In Chinese text, what is between runs of letters is pauses; in English, it is read."""
    home = CHINESE if language.chinese else ENGLISH
    at = 0
    for match in _RUN.finditer(text):
        yield home, _between(text[at : match.start()], home)
        if match["han"]:
            yield CHINESE, _pinyin(match["han"])
        else:
            yield ENGLISH, match["latin"]
        at = match.end()
    yield home, _between(text[at:], home)


def _between(text: str, home: str) -> str:
    return text if home == ENGLISH else _KEPT_MARKS.sub(" ", text)


def _pinyin(han: str) -> str:
    said: list[str] = []
    for one in _reader()(han):
        if one.isascii():
            said.append(_SYLLABLES.get(one, one))
        else:
            said.extend(_UNREAD * len(one))
    return f" {' '.join(said)} "


@cache
def _reader() -> Callable[[str], list[str]]:
    """Imported late, for terminals that speak: a quarter of a second and some 50 MB."""
    from pypinyin import Style, lazy_pinyin, load_phrases_dict

    named = {
        f"{surname}{title}": f"{sound} {rest}"
        for surname, sound in _SURNAMES.items()
        for title, rest in _TITLES.items()
    }
    words = {**_WORDS, **named}
    load_phrases_dict({word: [[one] for one in said.split()] for word, said in words.items()})
    return partial(lazy_pinyin, style=Style.TONE3, tone_sandhi=True)
