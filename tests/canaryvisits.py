"""What a canary does on each page: the one place that knows a visit's pages."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from canaries import Person
from canaryhome import Home
from kiosk.sample_citizen import ANSWERS, ITEMS

VISIT_SECONDS = 90.0
SECOND = 500  # the second of two people is so many numbers further on
_CHOICES = ("scheme", "purpose", "reason", "year", "slot", "office")

# Kind of visit: its item, and how the face question is answered.
KINDS = {
    "query": ("query", "disagree"),
    "residence": ("residence", "disagree"),
    "face": ("certificate", "agree"),
    "code": ("certificate", "disagree"),
    "pin": ("certificate", "disagree"),
}
_PRESSED = {
    "attract": "start",
    "services": "service:{task}",
    "guide": "accept_guide",
    "consent": "{consent}",
    "ways": "way:{kind}",
    "commitment": "agree",
    "check": "submit",
    "rating": "rate:5",
    "thanks": "leave_now",
    "problem": "way_out",
}
# With other words in these it is another page.
_WAITED_FOR = ("state", "closed", "done", "phase", "kind", "name", "whose", "level")


class Left(Exception):  # noqa: N818 (no error: people do)
    """The citizen has gone in the middle."""


@dataclass
class Citizen:
    """`before_touch` is called before each touch; it may raise `Left`."""

    home: Home
    person: Person
    kind: str
    before_touch: Callable[[], None] = lambda: None
    codes: list[str] = field(default_factory=list)

    def visit(self, end: str = "attract") -> None:
        """From the idle page to the page `end`. `Gone` when the screen process was killed."""
        until, seen = time.monotonic() + VISIT_SECONDS, None
        begun = False
        while not (begun and self._page["state"] == end):
            begun = begun or self._page.get("state") not in ("attract", "out_of_service", None)
            if (here := self._key()) != seen:
                seen = here
                self._act()
            if self._key() == here:
                self.home.screen.next(max(0.1, until - time.monotonic()))

    def leave(self) -> None:
        """End here, as soon as the page offers it."""
        until = time.monotonic() + VISIT_SECONDS
        while self._page["state"] != "attract":
            assert time.monotonic() < until, f"no way out of {self._page}"
            if self._page["state"] == "papers" and self._page["done"] == "True":
                self.home.screen.press("papers_done?")
            elif self._page["state"] == "thanks":
                self.home.screen.press("leave_now?")
            self.home.screen.press("leave?")
        self.home.lay_down(None)

    @property
    def _page(self) -> dict[str, str]:
        return self.home.screen.page

    def _key(self) -> tuple[object, ...]:
        return tuple(str(self._page.get(name)) for name in _WAITED_FOR)

    def _act(self) -> None:
        state = self._page.get("state", "")
        item, consent = KINDS[self.kind]
        if ITEMS[item] in self._page["closed"]:
            return  # the fleet is not heard yet; the page comes again when it is
        if state == "card":
            self._show_card()
        elif state == "question":
            self._answer()
        elif state == "pin":
            self._type_secret()
        elif state == "materials":
            self._press(self._material())
        elif state == "sign":
            self._press("sign:draw", "sign:done")
        elif state == "papers":
            self._press(*(["papers_done"] if self._page["done"] == "True" else []))
        elif state in _PRESSED:
            words = {"task": ITEMS[item], "consent": consent, "kind": self.kind}
            rated = self._page.get("level", "0") != "0"  # a level is chosen, the tags are offered
            self._press("rated" if rated else _PRESSED[state].format(**words))
        if state == "thanks":
            self.home.lay_down(None)

    def _press(self, *actions: str) -> None:
        """Until one of them has led to another page."""
        here = self._key()
        for action in actions:
            self.before_touch()
            did = self.home.screen.press(action)
            if self._key() != here:
                return
            assert did == "done", f"at {self._page}: {did}"

    def _material(self) -> str:
        """What the card does not give is promised."""
        if self._page["phase"] == "ways":
            return "way:promise"
        return "materials_done" if self._page["done"] == "True" else "material:residence_proof"

    def _show_card(self) -> None:
        if self._page["phase"] == "waiting":
            self.before_touch()
            self.home.lay_down(self.person)

    def _answer(self) -> None:
        assert not self._page["error"], f"an answer was refused: {self._page}"
        name = self._page["name"]
        own = {"address_unit": self.person.unit, "phone": self.person.phone}
        value = {**ANSWERS, **own}[name]
        if name in _CHOICES:
            self._press(f"choice:{value}", "continue")
        elif name == "moved_in":
            digits = value.replace("-", "")
            self._press("date:year", *(f"key:{digit}" for digit in digits), "continue")
        else:
            self._press(*(f"key:{character}" for character in value), "continue")

    def _type_secret(self) -> None:
        assert not self._page["error"], f"a secret was refused: {self._page}"
        if self._page["phase"] != "waiting":
            return
        secret = self.person.pin if self._page["kind"] == "pin" else self._code()
        self._press(*(f"key:{digit}" for digit in secret), "confirm")

    def _code(self) -> str:
        code = str(json.loads((self.home.sim / "phone.json").read_text())["code"])
        self.codes.append(code)
        return code


def until_idle(home: Home) -> None:
    """After a start: past what is said of the visit that was cut off, to the idle page."""
    until = time.monotonic() + VISIT_SECONDS
    while home.screen.page.get("state") != "attract":
        if home.screen.page.get("state") == "problem":
            home.screen.press("way_out?")
        if home.screen.page.get("state") != "attract":
            home.screen.next(max(0.1, until - time.monotonic()))


def touches(random_: random.Random, most: int, then: Callable[[], None]) -> Callable[[], None]:
    """To be called before each touch: does `then` at a random one of the first `most`."""
    left = [random_.randrange(1, most + 1)]

    def touch() -> None:
        left[0] -= 1
        if left[0] == 0:
            then()

    return touch
