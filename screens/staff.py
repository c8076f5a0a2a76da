"""For those who look after the terminal: how it is, and what may be done about it."""

from __future__ import annotations

from functools import partial

from kiosk.events import Left, StaffActed
from kiosk.view import StaffBody
from screens.screen import Kit, Screen
from screens.widgets.box import Card, Column, Row, fix, gap
from screens.widgets.device import DeviceLine
from screens.widgets.marks import Badge, Notice
from screens.widgets.press import PushButton
from screens.widgets.rows import RowScroll
from screens.widgets.text import Label

_ACTS = {"test_slip": "printer", "close_service": "close-octagon", "open_service": "check-circle"}
_FACTS = ("service", "network", "waiting", "version")
# How an act came out → icon and tone; what is not here went well.
_SAID = {"staff.said.not_printed": ("alert-circle", "bad"), "staff.said.closed": ("wrench", "warn")}


class _Fact(Column):
    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.look, flow=True)
        self._name = Label(kit.look, "small", colour="muted")
        self._value = Label(kit.look, "body", bold=True)
        self.hold(self._name, self._value)

    def fill(self, name: str, value: str, colour: str) -> None:
        self._name.say(name)
        self._value.say(value)
        self._value.paint(colour)


class Staff(Screen[StaffBody]):
    def __init__(self, kit: Kit) -> None:
        look = kit.look
        super().__init__(kit, gap=28, pad=(56, 44, 56, 56))
        self._name = Label(look, "title", bold=True)
        self._role = Badge(look)
        self._facts = [_Fact(kit) for _ in _FACTS]
        self._notice = Notice(look)
        self._devices: list[DeviceLine] = []
        self._pairs: list[Row] = []
        self._rows = Column(look, gap=20, flow=True)
        self._heading = Label(look, "lead", bold=True)
        self._scroll = RowScroll(look, self._rows)
        paper = Card(look, self._heading, self._scroll, gap=20, pad=(40, 32, 40, 32))
        self._list = Column(look, gap=24)
        self._paper = paper
        self._acts = {
            act: PushButton(look, f"staff:{act}", partial(self._act, act), icon=icon,
                            kind="secondary", size="body", height=120)
            for act, icon in _ACTS.items()
        }  # fmt: skip
        self._out = PushButton(look, "sign_out", lambda: self.post(Left()), kind="plain",
                               icon="exit-to-app", size="body", height=120)  # fmt: skip
        (self._portrait if look.portrait else self._landscape)()

    def _portrait(self) -> None:
        look = self.look
        self._buttons = fix(look, Row(look, gap=24), height=120)
        role = fix(look, Row(look, self._role, gap(look)), height=52)
        who = Column(look, self._name, role, gap=8, flow=True)
        fix(look, self._out, width=300)
        for widget in (who, self._out):
            widget.pos_hint = {"center_y": 0.5}
        head = Row(look, who, self._out, gap=32, flow=True)
        card = Card(look, *self._fact_rows(), gap=16, pad=(40, 28, 40, 28), flow=True)
        self.hold(head, card, self._list, self._buttons)

    def _landscape(self) -> None:
        look = self.look
        self._buttons = Column(look, gap=20, flow=True)
        role = fix(look, Row(look, self._role, gap(look)), height=52)
        facts = Column(look, *self._fact_rows(), gap=16, flow=True)
        left = Column(look, self._name, role, facts, gap(look), self._buttons, self._out, gap=20)
        self.hold(Row(look, fix(look, left, width=500), self._list, gap=56))

    def _fact_rows(self) -> list[Row]:
        return [Row(self.look, *self._facts[i : i + 2], gap=32, flow=True) for i in (0, 2)]

    def enter(self) -> None:
        self._scroll.rewind()

    def fill(self, body: StaffBody) -> None:
        self._name.say(body.name)
        self._role.say(self.say(f"staff.role.{body.role}"))
        for fact, row in zip(self._facts, self._told(body), strict=True):
            fact.fill(*row)
        self._heading.say(self.say("staff.devices"))
        self._scroll.name(self.say("page.up"), self.say("page.down"))
        self._show_devices(body)
        self._tell(body)
        for act in body.acts:
            self._acts[act].say(self.say(f"staff.act.{act}"))
            self._acts[act].enabled = not body.busy
        self._buttons.hold(*(self._acts[act] for act in body.acts))
        self._out.say(self.say("staff.leave"))

    def _told(self, body: StaffBody) -> tuple[tuple[str, str, str], ...]:
        """Name, value and colour of each fact."""
        held = "warn" if body.waiting and not body.online else "ink"
        service = ("closed", "warn") if body.closed else ("open", "good")
        network = ("online", "good") if body.online else ("offline", "bad")
        names = [self.say(f"staff.{name}") for name in _FACTS]
        return (
            (names[0], self.say(f"staff.service.{service[0]}"), service[1]),
            (names[1], self.say(f"staff.network.{network[0]}"), network[1]),
            (names[2], str(body.waiting), held),
            (names[3], body.version, "ink"),
        )

    def _show_devices(self, body: StaffBody) -> None:
        while len(self._devices) < len(body.devices):
            self._devices.append(DeviceLine(self.look))
        shown = self._devices[: len(body.devices)]
        for line, row in zip(shown, body.devices, strict=True):
            line.fill(row, self.say)
        pairs = range(0, len(shown), 2)
        while len(self._pairs) < len(pairs):
            self._pairs.append(Row(self.look, gap=32, flow=True))
        for pair, first in zip(self._pairs, pairs, strict=False):
            pair.hold(*shown[first : first + 2])
        self._rows.hold(*self._pairs[: len(pairs)])

    def _tell(self, body: StaffBody) -> None:
        """What is under way, or how it came out."""
        if body.busy:
            self._notice.say(self.say("staff.busy"), "timer-sand", "accent")
        elif body.said:
            self._notice.say(self.say(body.said), *_SAID.get(body.said, ("check-circle", "good")))
        self._list.hold(*((self._notice,) if body.busy or body.said else ()), self._paper)

    def _act(self, act: str) -> None:
        self.post(StaffActed(act))
