"""Pinyin by librime: what is proposed, and that nothing is kept from one citizen to the next."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk import hygiene
from screens.pinyin import Pinyin, Standing, rime, shared

ROOT = Path(__file__).parents[2]
SECONDS = 60
BEGIN = "from screens.pinyin import shared\np = shared()\np.wait(60)\n"
TYPED, CHOSEN = b"zhuangqiaoxiangbei", "装敲响被".encode()


@pytest.fixture
def pinyin() -> Iterator[Pinyin]:
    """The process's own, without anybody's letters."""
    made = shared()
    if made.wait(SECONDS) is Standing.MISSING:
        pytest.skip("librime1 or rime-data-luna-pinyin is not installed")
    yield made
    made.forget()


def write(pinyin: Pinyin, letters: str) -> None:
    for letter in letters:
        pinyin.press(letter)


@pytest.mark.parametrize(
    ("letters", "word"),
    [("wengyuan", "翁源"), ("wengyuanxian", "翁源县"), ("shenfenzheng", "身份证"),
     ("zhengwufuwu", "政务服务"), ("xi'an", "西安"), ("lvse", "绿色"), ("zhangsan", "张三")],
)  # fmt: skip
def test_the_likeliest_word_is_first(pinyin: Pinyin, letters: str, word: str) -> None:
    write(pinyin, letters)
    assert pinyin.candidates(0, 1) == [word]
    assert pinyin.choose(0) == word
    assert pinyin.typed == ""
    assert pinyin.candidates(0, 9) == []


def test_the_open_letters_are_shown_in_syllables(pinyin: Pinyin) -> None:
    write(pinyin, "wengyuanxian")
    assert pinyin.typed == "weng yuan xian"


def test_a_name_is_chosen_character_by_character(pinyin: Pinyin) -> None:
    write(pinyin, "wengyuan")
    assert pinyin.choose(pinyin.candidates(0, 50).index("翁")) == ""
    assert pinyin.typed == "翁yuan"
    assert pinyin.choose(pinyin.candidates(0, 50).index("元")) == "翁元"


def test_a_choice_can_be_taken_back(pinyin: Pinyin) -> None:
    write(pinyin, "wengyuan")
    pinyin.choose(pinyin.candidates(0, 50).index("翁"))
    pinyin.erase()
    assert pinyin.typed.replace(" ", "") == "wengyuan"
    assert pinyin.candidates(0, 1) == ["翁源"]
    for _ in "wengyuan":
        pinyin.erase()
    assert pinyin.typed == ""
    pinyin.erase()


def test_rare_characters_are_further_on(pinyin: Pinyin) -> None:
    """Far beyond librime's first page."""
    write(pinyin, "yi")
    many = pinyin.candidates(0, 400)
    assert len(many) == len(set(many)) == 400
    assert pinyin.candidates(100, 3) == many[100:103]
    assert pinyin.choose(301) == many[301]


def test_no_more_letters_than_anybody_needs(pinyin: Pinyin) -> None:
    write(pinyin, "zhuang" * 100)
    begun = time.monotonic()
    write(pinyin, "a" * 1000)
    assert time.monotonic() - begun < 10
    assert len(pinyin.typed.replace(" ", "")) <= 60
    assert pinyin.choose(0)


def test_choosing_what_is_not_there_chooses_nothing(pinyin: Pinyin) -> None:
    assert pinyin.choose(0) == ""
    write(pinyin, "wo")
    assert pinyin.choose(100_000) == ""
    assert pinyin.typed


def test_it_learns_nothing(pinyin: Pinyin) -> None:
    """What somebody chose fifty times is not proposed to the next citizen."""

    def proposed() -> list[list[str]]:
        found = []
        for letters in ("wengyuan", "wengyuanmudi", "wymd", "weng"):
            write(pinyin, letters)
            found.append(pinyin.candidates(0, 100))
            pinyin.forget()
        return found

    before = proposed()
    rare = before[0].index("滃郁")
    for _ in range(50):
        write(pinyin, "wengyuan")
        assert pinyin.choose(rare) == ""
        write(pinyin, "mudi")
        while pinyin.typed:
            pinyin.choose(0)
        pinyin.forget()
    assert proposed() == before == proposals_of_a_fresh_process()


def proposals_of_a_fresh_process() -> list[list[str]]:
    told = run(
        "for letters in ('wengyuan', 'wengyuanmudi', 'wymd', 'weng'):\n"
        "    for one in letters: p.press(one)\n"
        "    print(' '.join(p.candidates(0, 100))); p.forget()\n"
    )
    return [line.split() for line in told.splitlines()]


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], cwd=ROOT, capture_output=True, text=True,
        timeout=SECONDS, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.stderr == "", "librime logs nothing"
    return done.stdout


def test_it_keeps_no_file(pinyin: Pinyin, tmp_path: Path) -> None:
    """Neither in its own folder, which is gone, nor where else programs keep things.

    Of that folder librime has one file still open, which tells it what sounds there are.
    """
    places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME")}
    code = (
        "import os\n"
        "from pathlib import Path\n"
        "def own():\n"
        "    links = [f'/proc/self/fd/{one}' for one in os.listdir('/proc/self/fd')]\n"
        "    files = [one for one in links if os.path.isfile(one)]\n"
        "    return [Path(one).read_bytes() for one in files]\n"
        "before = own()\n"
        "for one in 'wengyuan': p.press(one)\n"
        "p.choose(0)\n"
        "print(own() == before)\n"
        f"print(list(Path({str(tmp_path)!r}).rglob('*')))\n"
    )
    assert run(code, **places).splitlines() == ["True", "[]"]
    assert list(tmp_path.rglob("*")) == []
    assert not list(Path(tempfile.gettempdir()).glob("rime.*"))


def test_nothing_of_it_stays_in_memory() -> None:
    """Letters and characters, searched from outside of the process that was typed into."""
    code = (
        "import gc, os\n"
        "from kiosk import hygiene\n"
        "def visit():\n"
        "    for one in iter(lambda: os.read(0, 1), b'.'):\n"
        "        p.press(one.decode())\n"
        "    print(len(p.typed), flush=True)\n"
        "    os.read(0, 1)\n"
        "    chosen = p.choose(0)\n"
        "    print(bool(chosen), flush=True)\n"
        "    os.read(0, 1)\n"
        "    p.forget()\n"
        "visit()\n"
        "hygiene.forget()\n"
        "hygiene.rinse()\n"
        "print('over', flush=True)\n"
        "os.read(0, 1)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", BEGIN + code], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, env={**os.environ, **hygiene.ENVIRONMENT},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(b"%s." % TYPED)
        child.stdin.flush()
        assert int(child.stdout.readline())
        assert held(child.pid, TYPED), "while it is open it is there, or this proves nothing"
        child.stdin.write(b".")
        child.stdin.flush()
        assert child.stdout.readline() == b"True\n"
        assert held(child.pid, CHOSEN)
        child.stdin.write(b".")
        child.stdin.flush()
        assert child.stdout.readline() == b"over\n"
        for one in (TYPED, b"zhuang qiao xiang bei", CHOSEN, CHOSEN.decode().encode("utf-16-le")):
            assert not held(child.pid, one), one
    finally:
        child.stdin.close()
        child.wait(SECONDS)


def held(pid: int, wanted: bytes) -> bool:
    """Is it anywhere in the process's memory?"""
    maps = Path(f"/proc/{pid}/maps").read_text()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("r") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                if wanted in memory.read(end - start):
                    return True
            except OSError:  # pages that nobody may read, such as a file's beyond its end
                continue
    return False


# ---- Without librime -------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["_LIBRARY", "DICTIONARY"])
def test_without_librime_it_says_so_and_writes_nothing(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent: Any = "librime-of-nobody.so.1" if lost == "_LIBRARY" else Path("/nowhere")
    monkeypatch.setattr(rime, lost, absent)
    pinyin = Pinyin()
    pinyin.start()
    assert pinyin.wait(SECONDS) is Standing.MISSING
    write(pinyin, "wengyuan")
    pinyin.erase()
    assert (pinyin.typed, pinyin.candidates(0, 9), pinyin.choose(0)) == ("", [], "")
    pinyin.forget()
    pinyin.end()


def test_before_it_is_ready_nothing_happens() -> None:
    pinyin = Pinyin()
    assert pinyin.standing is Standing.STARTING
    write(pinyin, "wo")
    assert pinyin.typed == ""
