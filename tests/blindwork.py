"""A citizen who can't see: hears what the terminal says, presses keys of the keypad, and knows
nothing else. Runs in a thread of its own, as people do."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import Callable

from kiosk.model import DeviceState, DeviceStatus, Key, Language, Spoken, Voice
from paperwork import number

PATIENCE = 60.0  # seconds for a page to open
QUIET = 0.35  # seconds without a word: the terminal has finished
MANY = 120  # pages of one visit, at most
_STUCK = 12  # times of one page
_LONGEST = 20  # signs of an answer
_TAPE = 60  # keys that are remembered
_PLACE = re.compile(r"^(?P<words>[^。]*)。.*?第(?P<place>\d+)项，共(?P<count>\d+)项", re.DOTALL)
OPENED = re.compile(r"本页有\d+项可以选择")
_EITHER = re.compile(f"{_PLACE.pattern}|{OPENED.pattern}", re.DOTALL)

# What leads on, wherever it is offered.
ON = (
    "开始办理", "同意", "继续", "确认提交", "我不便手写签名", "我已取走", "不评价", "完成",
    "我承诺按时补交", "我已读过，同意承诺", "同意使用", "清楚，用这一页", "放好了，开始扫描",
)  # fmt: skip
MORE = ("下面还有", "下一页")
# What to type, by what the page says of it; then whatever else may be right.
KNOWN = (
    (r"11 ?位|哪个手机", "13900000000"),
    (r"18 ?位", number("19850505")),
    (r"银行|账号|卡号", "6222020000000000000"),
    (r"后 ?(?:4|四) ?位", "1234"),
    (r"您是哪一天出生", "19400309"),
)
GUESSES = ("1", "3", "100", "12345678", "2000", "123456789012")
PINYIN = ("shili", "li")


class Mouth:
    """The speech port: what is spoken comes here as text, after the voice it was meant for."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.cut = 0  # of these, whatever came before the last interruption
        self.beeps = 0
        self.news = threading.Condition()

    async def say(
        self, text: str, language: Language, voice: Voice, *, private: bool = False
    ) -> Spoken:
        with self.news:
            self.heard.append(text)
            self.news.notify_all()
        return Spoken.SAID

    async def beep(self) -> Spoken:
        self.beeps += 1
        return Spoken.SAID

    def stop(self) -> None:
        with self.news:
            self.cut = len(self.heard)

    async def status(self) -> DeviceStatus:
        return DeviceStatus("speech", DeviceState.ONLINE)

    async def close(self) -> None:
        """Nothing is open."""


class Hand:
    """The keypad port: keys that were pressed, on the session's loop."""

    def __init__(self) -> None:
        self._keys: asyncio.Queue[Key] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def key(self) -> Key | None:
        self._loop = asyncio.get_running_loop()
        return await self._keys.get()

    def press(self, key: Key) -> None:
        until = time.monotonic() + PATIENCE
        while self._loop is None:
            if time.monotonic() > until:
                raise LostError("there is no keypad")
            time.sleep(0.01)
        self._loop.call_soon_threadsafe(self._keys.put_nowait, key)

    async def status(self) -> DeviceStatus:
        return DeviceStatus("keypad", DeviceState.ONLINE)

    async def close(self) -> None:
        """Nothing is open."""


class LostError(AssertionError):
    """Whoever relies on their ears does not know how to go on."""


class Blind:
    """`wanted`: the name of the service. `visit` ends with the thanks."""

    def __init__(self, mouth: Mouth, hand: Hand, wanted: str) -> None:
        self._mouth, self._hand, self._wanted = mouth, hand, wanted
        self._tries: dict[str, int] = {}
        self._typed: dict[str, list[str]] = {}  # on each page
        self.story: list[str] = []
        self.tape: deque[str] = deque(maxlen=_TAPE)  # the last keys, and what they did

    # ---- Ears and a finger -------------------------------------------------------------------

    def _since(
        self, mark: int, enough: Callable[[str], object], patience: float, quiet: float
    ) -> str:
        """What is heard from then on, or since something else interrupted it: until it is enough
        and there is silence."""
        until, count, still = time.monotonic() + patience, -1, 0.0
        while (now := time.monotonic()) < until:
            with self._mouth.news:
                told = " ".join(self._mouth.heard[max(mark, self._mouth.cut) :])
                if len(self._mouth.heard) != count:
                    count, still = len(self._mouth.heard), now
                if enough(told) and now - still >= quiet:
                    return told
                self._mouth.news.wait(0.05)
        return told

    def key(
        self,
        key: str,
        *,
        enough: Callable[[str], object] = bool,
        patience: float = 3,
        quiet: float = 0,
    ) -> str:
        mark = len(self._mouth.heard)
        self._hand.press(Key(key))
        told = self._since(mark, enough, patience, quiet)
        self.tape.append(f"{key}: {told}")
        return told

    def step(self) -> tuple[str, int, int]:
        """Down: the words, the place, how many there are."""
        told = self.key(Key.DOWN, enough=_PLACE.search, patience=PATIENCE)
        if found := _PLACE.search(told):
            return found["words"], int(found["place"]), int(found["count"])
        raise LostError(f"nothing to go to: {told}")

    def find(self, *wanted: str, part: bool = False) -> str:
        """Down, once around, until one of these is heard; '' when there is none."""
        steps, count = 0, 1
        while steps < count:
            words, _, count = self.step()
            steps += 1
            if words in wanted or (part and any(one in words for one in wanted)):
                return words
        return ""

    def go(self, *wanted: str, part: bool = False) -> str:
        """Find it and press it; what opens then. '' when it is not there."""
        return self.press() if self.find(*wanted, part=part) else ""

    def page(self) -> str:
        """What the page says, asked for again."""
        for _ in range(4):
            if "帮助结束" not in self.key(Key.HELP, quiet=QUIET):
                break
        return self.key("1", enough=OPENED.search, quiet=QUIET)

    def press(self) -> str:
        """Enter; what opens then."""
        return self.key(Key.ENTER, enough=OPENED.search, patience=4, quiet=QUIET)

    # ---- The visit ---------------------------------------------------------------------------

    def visit(self) -> None:
        said = self.page()
        for _ in range(MANY):
            self.story.append(said)
            if len(self.story) > _STUCK and len(set(self.story[-_STUCK:])) == 1:
                raise LostError("it is always the same page")
            if "谢谢" in said[:20]:
                return
            said = self._act(said)
            if not OPENED.search(said):
                said = self.page()
        raise LostError(f"no end in sight: {self.story[-1]}")

    def _act(self, said: str) -> str:
        if "请选择要办理的事项" in said:
            return self._service()
        if "点一下选择怎样提交" in said:
            return self.go("请选择怎样提交", part=True) or self.go(*MORE)
        if "怎样提交？" in said:
            return self.go("以后补交", "现在扫描", "书面承诺", part=True)
        if "名单上有" in said:
            return self._people(said)
        if "用数字键输入" in said:
            return self._type(said)
        if "请选一项" in said or "可以选几项" in said or re.search(r"第 ?\d+ ?[题位]", said):
            return self._choose(said)
        return self._go_on(said)

    def _go_on(self, said: str) -> str:
        moving = "打印" in said and "请稍等" in said
        opened = "" if moving else self.go(*ON) or self.go(*MORE)
        if not opened:
            time.sleep(0.3)  # something is being done: cards are read, cases are sent
        return opened

    def _service(self) -> str:
        for _ in range(20):
            if opened := self.go(self._wanted, part=True):
                return opened
            if not self.go("下面还有"):
                break
        raise LostError(f"{self._wanted} is not offered")

    def _people(self, said: str) -> str:
        empty = "名单上有 0 位" in said and "可不填" not in said
        return self.go("添加一位" if empty else "继续")

    def _choose(self, said: str) -> str:
        """The first, the second when that was wrong, and on."""
        number = self._tries.get(said[:30], 0)
        self._tries[said[:30]] = number + 1
        for _ in range(number % 4 + 1):
            words, _, _ = self.step()
        if "已选" not in words:
            self.key(Key.ENTER)
        return self.go("继续")

    # ---- Typing ------------------------------------------------------------------------------

    def _type(self, said: str) -> str:
        page, filled = said[:30], "已按证件填好" in said
        number = self._tries.get(page, 0)
        self._tries[page] = number + 1
        if "可不填" in said or (filled and not number):
            return self.press()
        if number:
            for _ in range(_LONGEST):
                self._hand.press(Key.CLEAR)
        number -= filled  # what was filled in was the first try
        if "打拼音" in said or "请先选字" in said:
            self._pinyin(PINYIN[number % len(PINYIN)])
        else:
            self._keys(said)
        return self.go("继续", "确认")

    def _keys(self, said: str) -> None:
        """What they know of themselves; then whatever else may be right; nothing twice."""
        known = [typed for words, typed in KNOWN if re.search(words, said)]
        tries = (*known, *(_days(said) or GUESSES))
        tried = self._typed.setdefault(said[:30], [])
        fresh = [one for one in tries if one not in tried]
        if not fresh:
            raise LostError(f"nothing is right: {said}")
        tried.append(fresh[0])
        for one in fresh[0]:
            if one.isdigit():
                self.key(one)
            else:
                self._letter(one)

    def _letter(self, letter: str) -> None:
        """Along the rows of keys, by what each is called."""
        if not self._along(letter):
            raise LostError(f"no key {letter}")

    def _pinyin(self, letters: str) -> None:
        """The first word that is proposed: above the keys, so the first thing of the page."""
        for letter in letters:
            self._letter(letter)
        place = 0
        while place != 1:
            _, place, _ = self.step()
        self.key(Key.ENTER, quiet=QUIET)

    def _along(self, wanted: str) -> bool:
        """Down from row to row and right along each, once around, until this is heard; press it."""
        rows, count = 0, 1
        while rows < count:
            words, _, count = self.step()
            first, rows = words, rows + 1
            for _ in range(MANY):
                if words.lower() == wanted.lower():
                    self.key(Key.ENTER)
                    return True
                told = self.key(Key.RIGHT, enough=_EITHER.search, patience=PATIENCE)
                found = _PLACE.search(told)
                if not found or (words := found["words"]) == first:
                    break
        return False


def _days(said: str) -> tuple[str, ...]:
    """Days, or months, of the last years: what most forms ask for."""
    if re.search(r"哪一?天|日期|日子", said):
        return ("20260101", *(f"20{year}0101" for year in range(27, 5, -1)))
    if re.search(r"哪个?月|月份", said):
        return ("202601", *(f"20{year}01" for year in range(27, 5, -1)))
    return ()
