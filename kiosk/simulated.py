"""The simulators' state files (`<device>.json`) and what they can say: for the dock.

Pure: the panel (`screens.dock`) and the command (`kiosk dock`) share nothing else. A test holds
this table against the simulators themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

Value = str | int | float | bool | None


class Tone(StrEnum):
    """How far a key is from all well."""

    WELL = ""
    USED = "used"  # a card lies there, somebody stands there: no fault
    WARN = "warn"
    BAD = "bad"


_WARNINGS = ("low", "engaged", "maintenance", "supervisor")


@dataclass(frozen=True, slots=True)
class Knob:
    """One key of a state file.

    `values` by the words for them; the first is what an absent key means. `free`: it takes any
    other value of that type, too. `use`: other values are no fault. `push`: it acts whenever the
    file is written, so it is written alone. `shown` False: for commands, not on the panel.
    """

    values: Mapping[str, Value]
    free: type[str] | type[int] | type[float] | None = None
    use: bool = False
    push: bool = False
    shown: bool = True

    @property
    def first(self) -> Value:
        return next(iter(self.values.values()))

    def word(self, value: object) -> str:
        """What this value is called; what has no word of its own is called as it is."""
        words = (word for word, one in self.values.items() if _same(one, value))
        return next(words, str(value))

    def tone(self, value: object) -> Tone:
        if _same(value, self.first):
            return Tone.WELL
        if self.use:
            return Tone.USED
        return Tone.WARN if value in _WARNINGS else Tone.BAD


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def word_of(value: Value) -> str:
    return "none" if value is None else str(value).lower()


def _knob(
    *values: Value, free: type[str] | type[int] | type[float] | None = None, use: bool = False,
    push: bool = False, shown: bool = True,
) -> Knob:  # fmt: skip
    named = MappingProxyType({word_of(value): value for value in values})
    return Knob(named, free, use, push, shown)


_CODES = MappingProxyType(
    {
        "none": None,
        "case_no": "KT0001-20261121-000042",
        "address": "https://example.org/ban/42",
        "goods": "6901234567892",
        "name": "张小满",
    }
)
_LEVELS = _knob("full", "low", "out")
_POWER = _knob("on", "off")
_PLUGGED = _knob(True, False)
_COVER = _knob("closed", "open")
_PRESENCE = _knob("not_present", "present", use=True)

DEVICES: Mapping[str, Mapping[str, Knob]] = {
    "idcard": {
        "card": _knob(None, "zhang", "li", "child", "helper", "spouse", "operator", "hmt",
                      "foreigner_i", "foreigner_y", "expired", "bad_number", use=True),
        "fault": _knob(None, "checksum", "cut_short", "wrong_card", "lifted", "refused", "silent",
                       "garbled", "line_disturbed", "self_test_failed", "sam_not_authorised",
                       "sam_error"),
        "plugged": _PLUGGED,
        "baud": _knob(115200, 57600, 38400, 19200, 9600, shown=False),
        "person": _knob(None, use=True, shown=False),
        "portrait": _knob(None, free=str, use=True, shown=False),
    },
    "chipcard": {
        "card": _knob(None, "social_zhang", "social_li", "social_long", "social_expired",
                      "social_bad_number", "passport_zhang", "passport_eriksson",
                      "passport_expired", "idcard_utopia", "bank", "transit", use=True),
        "fault": _knob(None, "mute", "silent", "dead", "torn", "slow", "cut_short", "bad_mac",
                       "altered", "forged"),
        "plugged": _PLUGGED,
        "service": _knob("on", "off", "hung"),
    },
    "receipt": {
        "paper": _LEVELS,
        "cover": _COVER,
        "cutter": _knob("ok", "error"),
        "error": _knob(None, "recoverable", "unrecoverable", "auto_recovering"),
        "power": _POWER,
        "plugged": _PLUGGED,
        "silent": _knob(False, True),
        "feed_button": _knob(False, True, shown=False),
        "die_after": _knob(None, free=int, shown=False),
        "pull_after": _knob(None, free=int, shown=False),
        "delay": _knob(0.0, free=float, shown=False),
        "noise": _knob(None, "garbage", "flow", shown=False),
    },
    "document": {
        "paper": _LEVELS,
        "toner": _LEVELS,
        "cover": _COVER,
        "fault": _knob(None, "jam", "out_while_printing", "refused", "aborted", "cancelled",
                       "errors", "forgets", "stubborn"),
        "power": _POWER,
        "accepting": _knob(True, False, shown=False),
        "stop_at": _knob(None, "sent", "printed", shown=False),
        "rung_seconds": _knob(0.2, free=float, shown=False),
    },
    "camera": {
        "scene": _knob("face", "empty", "far", "near", "dark", "turned", "two", "picture",
                       "photo", "sunglasses", "stranger", use=True),
        "picture": _knob(None, free=str, use=True, shown=False),
        "other": _knob(None, free=str, use=True, shown=False),
        "gesture": _knob(None, "turn_left", "turn_right", "nod", "blink", use=True, push=True),
        "fault": _knob(None, "hang", "stop", "garbage", "frozen"),
        "power": _POWER,
    },
    "scanner": {
        "code": Knob(_CODES, free=str, use=True, push=True),
        "symbology": _knob("qr", "code128", "ean13", "pdf417", use=True, shown=False),
        "fault": _knob(None, "garbage", "too_long", "cut"),
        "plugged": _PLUGGED,
    },
    "doccam": {
        "scene": _knob("none", "page", "tilted", "upside_down", "blurred", "glare", "dark", "cut",
                       "two", "card", use=True),
        "fault": _knob(None, "hang", "stop", "garbage", "frozen"),
        "power": _POWER,
    },
    "keypad": {
        "key": _knob(None, *"123456789", "cancel", "0", "enter", "clear", "up", "help",
                     "left", "down", "right", "next", "choose", use=True, push=True),
        "plugged": _PLUGGED,
        "stuck": _knob(False, True),
    },
    "sensors": {
        "door": _knob("closed", "open", "tampered"),
        "ups": _knob("good", "engaged", "low"),
        "proximity": _PRESENCE,
        "headphones": _PRESENCE,
        "operator_switch": _knob("run", "maintenance", "supervisor"),
        "fault": _knob(None, "silent", "checksum", "cut_short", "garbage", "refused",
                       "contradiction", "ups_silent"),
        "plugged": _PLUGGED,
    },
    "payment": {
        "payer": _knob(None, "pay", "refuse", "twice", "too_much", "late", use=True, push=True),
        "order": _knob(None, free=str, use=True, shown=False),
        "answer": _knob("ok", "silent", "garbage", "unsigned", "lost", "paid_first", "refused"),
        "callback": _knob("once", "lost", "twice", "forged", "forged_first", "unknown_order",
                          shown=False),
        "statement": _knob("ok", "leaves_out", "adds", "wrong_amount", "twice", shown=False),
        "power": _POWER,
    },
    "network": {
        "link": _knob("up", "down", "silent"),
        "delay_ms": _knob(0, 300, 2000, free=int),
    },
}  # fmt: skip


def tone(device: str, said: Mapping[str, object]) -> Tone:
    """The worst of a device's keys, given what its file says."""
    knobs = DEVICES[device]
    tones = [knob.tone(said.get(key, knob.first)) for key, knob in knobs.items()]
    return max(tones, key=list(Tone).index)


def changes(device: str, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """What to write: with a wish, what acts by being written must not act again."""
    again = {key: knob.first for key, knob in DEVICES[device].items() if knob.push}
    return {**again, **wanted}
