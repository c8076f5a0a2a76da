"""People who don't exist and are found wherever they were left.

Whatever is personal of them begins with a mark with which nothing else begins. So one search for a
few marks, in each way of writing them, finds all of these people at once.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kiosk.identity.numbers import resident_check

FAMILY = "佘"
BIRTH = "19790919"
_FIGURES = "麤龘靐齉爩鱻灪吁籲爨"  # stand for the figures in names and addresses

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "name": "犇骉",
        "masked name": f"{FAMILY}**",
        "number": f"469033{BIRTH}",
        "masked number": "469033********",
        "address": "骉羴",
        "unit": "qzxj",
        "phone": "1993746",
        "masked phone": "199****",
        "PIN": "80317264",
    }
)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030")
_FOLLOWS = f"[0-9X*{_FIGURES}]{{2}}"  # a mark alone is nobody
_BATCH = 500  # files that are looked through at once
_STRING_HEAD = 32  # bytes from the length to the text of a Python string of ASCII


@dataclass(frozen=True, slots=True)
class Person:
    """The `n`-th of a thousand."""

    n: int

    @property
    def name(self) -> str:
        return f"{FAMILY}{MARKS['name']}{self._figures}"

    @property
    def number(self) -> str:
        first = f"{MARKS['number']}{self.n:03}"
        return first + resident_check(first)

    @property
    def address(self) -> str:
        """The mark stands in it twice: a half of it is still found."""
        return f"示例县{MARKS['address']}{self._figures}路{MARKS['address']}{self._figures}号"

    @property
    def unit(self) -> str:
        return f"{MARKS['unit']}{self.n:04}"

    @property
    def phone(self) -> str:
        return f"{MARKS['phone']}{self.n:04}"

    @property
    def pin(self) -> str:
        return f"{MARKS['PIN']}{self.n:04}"

    @property
    def card(self) -> dict[str, str]:
        """What `idcard.json` takes as `person`."""
        born = f"{BIRTH[:4]}-{BIRTH[4:6]}-{BIRTH[6:]}"
        return {
            "name": self.name, "number": self.number, "sex": "男" if self.n % 2 else "女",
            "birth": born, "address": self.address, "valid_from": "2020-01-01",
        }  # fmt: skip

    @property
    def _figures(self) -> str:
        return "".join(_FIGURES[int(figure)] for figure in f"{self.n:04}")


# ---- What is searched for --------------------------------------------------------------------

Judge = Callable[[bytes, int], str]  # bytes around, and where in them it begins → what it is, or ""


@dataclass(frozen=True, slots=True)
class Needle:
    kind: str
    form: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    form: str
    offset: int
    text: str

    def __str__(self) -> str:
        return f"{self.kind} ({self.form}) at {self.offset:#x}: {self.text}"


Needles = dict[bytes, Needle]


def texts() -> Needles:
    """Every mark in every encoding, and as JSON and addresses escape it."""
    found: Needles = {}
    for kind, mark in MARKS.items():
        for encoding in ENCODINGS:
            found.setdefault(mark.encode(encoding), Needle(kind, encoding, _whole(mark, encoding)))
        escaped = mark.encode("ascii", "backslashreplace")
        found.setdefault(escaped, Needle(kind, "escaped", _as_it_is))
        quoted = "".join(f"%{byte:02X}" for byte in mark.encode())
        found.setdefault(quoted.encode(), Needle(kind, "quoted", _as_it_is))
    return found


def papers() -> Needles:
    """What every certificate and every signature has, whosever it is."""
    pieces = {
        ("certificate", "PDF"): b"/S/GTS_PDFA1/OutputConditionIdentifier(Custom)",
        ("signature", "PNG"): b"IHDR\x00\x00\x02\x80",
        ("signature", "base64"): b"iVBORw0KGgoAAAANSUhEUgAAAoA",
        ("signature", "vector"): b'[{"T":[',
    }
    return {piece: Needle(*names, _as_it_is) for names, piece in pieces.items()}


def codes(given: Iterable[str]) -> Needles:
    """One-time codes, as Python strings or in quotes: six figures alone stand in many places."""
    found: Needles = {}
    for code in given:
        found[code.encode() + b"\x00"] = Needle("code", "string", _is_python_string)
        found[f'"{code}"'.encode()] = Needle("code", "JSON", _as_it_is)
    return found


def portrait(on_chip: bytes) -> Needles:
    """A portrait as a card has it."""
    return {on_chip[:24]: Needle("portrait", "WLT", _as_it_is)}


def identifiers(kind: str, files: Iterable[Path]) -> Needles:
    """What each of these PDF files has alone: its trailer's own identifier."""
    found: Needles = {}
    for file in files:
        identifier = re.findall(rb"<([0-9a-fA-F]{32})>", file.read_bytes()[-600:])[-1]
        found[identifier] = Needle(kind, file.name, _as_it_is)
    return found


def _as_it_is(around: bytes, at: int) -> str:
    return around[at : at + 32].hex()


def _is_python_string(around: bytes, at: int) -> str:
    length = int.from_bytes(around[max(0, at - _STRING_HEAD) :][:8], "little")
    return around[at : at + 6].decode() if length == 6 else ""


def _whole(mark: str, encoding: str) -> Judge:
    wanted = re.compile(re.escape(mark) + _FOLLOWS)

    def judge(around: bytes, at: int) -> str:
        text = around[at:].decode(encoding, "replace")
        return text[:24] if wanted.match(text) else ""

    return judge


# ---- The search ------------------------------------------------------------------------------


def suspects(files: Sequence[Path], needles: Needles) -> list[Path]:
    """Those in which one of them may stand; what has vanished meanwhile is passed over."""
    batches = [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]
    return [Path(os.fsdecode(line)) for some in batches for line in _grep("-ls", some, needles)]


def search(path: Path, needles: Needles) -> list[Found]:
    """Every place in the file where one of them stands."""
    found = []
    with path.open("rb") as file:
        for line in _grep("-ob", [path], needles):
            offset, _, matched = line.partition(b":")
            before = min(64, int(offset))
            file.seek(int(offset) - before)
            needle = needles[matched]
            text = needle.judge(file.read(192), before)
            if text:
                found.append(Found(needle.kind, needle.form, int(offset), text))
    return found


def _grep(how: str, files: Sequence[Path], needles: Needles) -> list[bytes]:
    """The lines that it prints."""
    assert not any(b"\n" in needle for needle in needles)
    told = subprocess.run(
        ["grep", f"{how}UaF", "-f", "-", "--", *map(str, files)], input=b"\n".join(needles),
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, capture_output=True, check=False,
    )  # fmt: skip
    assert not told.stderr, told.stderr
    return told.stdout.split(b"\n")[:-1]
