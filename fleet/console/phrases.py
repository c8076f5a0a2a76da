"""Sentences from rows: what is so, in words, and how it feels. Nothing here draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fleet.console.feed import Since
from fleet.console.parts import Tone
from fleet.console.words import Words
from fleet.live import DeviceRow, Need, Serving, TerminalRow
from fleet.rows import READY

DAY_SECONDS = 86_400.0

STATE_TONES = {
    "online": Tone.GOOD,
    "busy": Tone.GOOD,
    "starting": Tone.DIM,
    "user_error": Tone.WARN,
    "offline": Tone.BAD,
    "no_device": Tone.BAD,
    "hardware_error": Tone.BAD,
    "fraud_suspected": Tone.BAD,
}
LEVEL_TONES = {
    "full": Tone.GOOD,
    "low": Tone.WARN,
    "out": Tone.BAD,
    "jammed": Tone.BAD,
}
SERVING_TONES = {
    Serving.YES: Tone.GOOD,
    Serving.PARTLY: Tone.WARN,
    Serving.NO: Tone.BAD,
    Serving.UNKNOWN: Tone.DIM,
}
NOT_SERVICE = ("offline", "stale")  # reasons that the other two truths already tell


@dataclass(frozen=True, slots=True)
class Truth:
    tone: Tone
    sentence: str


def age(words: Words, seconds: float) -> str:
    """A length of time in its largest unit; seconds in steps of five, so that pages stay calm."""
    for unit, length, step in (
        ("days", DAY_SECONDS, 1),
        ("hours", 3600.0, 1),
        ("minutes", 60.0, 1),
        ("seconds", 1.0, 5),
    ):
        if seconds >= length * step:
            return words(f"age.{unit}", count=int(seconds / length) // step * step)
    return words("age.seconds", count=0)


def clock(at: float, now: float) -> str:
    """`HH:MM` of the fleet's own time zone, with the date when it was not in these 24 hours."""
    local = datetime.fromtimestamp(at).astimezone()
    same_day = local.date() == datetime.fromtimestamp(now).astimezone().date()
    return local.strftime("%H:%M" if same_day else "%m-%d %H:%M")


def since(words: Words, now: float, begun: Since | None) -> str:
    if begun is None:
        return ""
    return words("since" if begun.observed else "since.at_least", time=clock(begun.at, now))


def connection(words: Words, row: TerminalRow) -> Truth:
    if row.online:
        return Truth(Tone.GOOD, words("connected"))
    return Truth(Tone.BAD, words("disconnected" if row.session else "never_connected"))


def liveness(words: Words, row: TerminalRow, heard: float | None) -> Truth:
    if heard is None:
        return Truth(Tone.BAD, words("never_heard"))
    if row.stale:
        return Truth(Tone.BAD, words("silent", age=age(words, heard)))
    if heard < 5:
        return Truth(Tone.GOOD, words("heard.now"))
    return Truth(Tone.GOOD, words("heard", age=age(words, heard)))


def service(words: Words, row: TerminalRow) -> Truth:
    """Whether it can serve a citizen; what was known of a silent terminal is said as such."""
    if maintained(row):
        return Truth(Tone.WARN, words("serves.maintenance"))
    tone = SERVING_TONES[row.serving]
    able = sum(not why for why in row.services.values())
    why = why_not(words, row)
    if row.serving is Serving.YES:
        return Truth(tone, words("serves.all", count=able))
    if row.serving is Serving.PARTLY:
        return Truth(tone, words("serves.some", able=able, count=len(row.services), why=why))
    key = "serves.none" if row.serving is Serving.NO else "serves.unknown"
    return Truth(tone, words(f"{key}.why" if why else key, why=why))


def maintained(row: TerminalRow) -> bool:
    """Somebody who works there is at it, or has closed it on purpose."""
    return row.serving is Serving.NO and row.screen == "maintenance"


def why_not(words: Words, row: TerminalRow) -> str:
    reasons = [code for code in row.reasons if code not in NOT_SERVICE]
    named = dict.fromkeys(reason(words, row, code) for code in reasons)
    return words("and").join(named)


def reason(words: Words, row: TerminalRow, code: str) -> str:
    """`device.receipt.out`, `screen.down`, or a terminal's own `why_not.no_reader`."""
    family, _, rest = code.partition(".")
    if family == "device" and "." in rest:
        name, _, told = rest.rpartition(".")
        return f"{_what(words, row, name, told)}{words('gap')}{condition(words, told)}"
    if family == "screen" and rest:
        return words("screen.is", state=words.of("screen", rest))
    if family == "why_not":
        return words.of("why_not", rest)
    return words.of("reason", code)


def _what(words: Words, row: TerminalRow, name: str, told: str) -> str:
    """The supply that has this level, when it is one; otherwise the device."""
    levels = next((one.supplies for one in row.devices if one.device == name), {})
    source = next((source for source, level in levels.items() if level == told), None)
    return supply(words, name, source) if source else words.of("device", name)


def condition(words: Words, code: str) -> str:
    """A state, a supply's level or a fault, whichever knows the word."""
    for family in ("state", "level"):
        if words.has(family, code):
            return words.of(family, code)
    return words.of("fault", code)


def device_state(words: Words, device: DeviceRow) -> Truth:
    if device.fault:
        tone = Tone.WARN if device.state in READY else Tone.BAD
        return Truth(tone, words.of("fault", device.fault))
    return Truth(STATE_TONES.get(device.state, Tone.DIM), words.of("state", device.state))


def aged(words: Words, row: TerminalRow, truth: Truth) -> Truth:
    """Of a silent terminal nothing is known any more but what was."""
    if not row.stale:
        return truth
    return Truth(Tone.DIM, words("as_last_known", told=truth.sentence))


def level(words: Words, code: str) -> Truth:
    return Truth(LEVEL_TONES.get(code, Tone.DIM), words.of("level", code))


def supply(words: Words, device: str, source: str) -> str:
    if words.has("supply", f"{device}.{source}"):
        return words.of("supply", f"{device}.{source}")
    return f"{words.of('device', device)}{words('gap')}{words.of('source', source)}"


def need(words: Words, found: Need) -> Truth:
    """One need as a short clause: `Receipt paper: out`, `Camera: offline`."""
    if found.what in ("fault", "state"):
        tone = Tone.BAD if found.what == "fault" else STATE_TONES.get(found.level, Tone.DIM)
        told = Truth(tone, words.of(found.what, found.level))
        name = words.of("device", found.device)
    else:
        told = level(words, found.level)
        name = supply(words, found.device, found.what)
    return Truth(told.tone, f"{start(name)}{words('colon')}{told.sentence}")


def action(words: Words, found: Need) -> str:
    if found.level == "low":
        return words("do.soon")
    return words.start("action", found.action) if found.action else words("do.look")


def worth_telling(row: DeviceRow) -> list[Need]:
    """A device's needs, each cause once: a fault that a supply already tells is left out, and
    what nobody can know about a faulty device is not told apart."""
    supplies = {f"{one.what}_{one.level}" for one in row.needs}
    faulty = any(one.what in ("fault", "state") for one in row.needs)
    return [
        one
        for one in row.needs
        if not (one.what == "fault" and one.level in supplies)
        and not (one.level == "unknown" and faulty)
    ]


def start(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def ranges(missing: Iterable[tuple[int, int]], most: int = 12) -> str:
    """`5–9, 12` and at most so many of them."""
    told = [f"{first}–{last}" if last > first else f"{first}" for first, last in missing]
    return ", ".join(told[:most]) + (" …" if len(told) > most else "")
