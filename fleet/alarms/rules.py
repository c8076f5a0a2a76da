"""The rules of alarms and the ways to tell people, as `config/alarms.toml` says them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

import msgspec

from fleet.errors import StartError

MINUTE = 60.0
FIELDS = frozenset({"place", "terminals"})  # that a title may name

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=31 * 86_400)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Severity(StrEnum):
    """The least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Group(StrEnum):
    """What has one alarm in common."""

    TERMINAL = "terminal"
    SITE = "site"
    FLEET = "fleet"


class When(StrEnum):
    """What can be asked about a terminal; `fleet.alarms.conditions` answers."""

    SILENT = "silent"  # liveness
    DISCONNECTED = "disconnected"  # connection
    NOT_SERVING = "not_serving"  # ability to serve, and nobody has closed it on purpose
    PARTLY_SERVING = "partly_serving"
    SUPPLY = "supply"
    FAULT = "fault"
    GAPS = "gaps"
    OUTBOX = "outbox"
    CLOCK = "clock"
    DISK = "disk"
    CERTIFICATE = "certificate"
    SOFTWARE = "software"  # another version than most run
    CATALOGUE = "catalogue"
    UNCONFIRMED = "unconfirmed"
    DRIFT = "drift"  # hours without the version that it is to have
    INCIDENT = "incident"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: Text
    en: Text

    def pick(self, english: bool) -> str:
        return self.en if english else self.zh


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`after`: seconds that it must hold; `clear`: that it must be well again.

    `limit`, `until`: numbers at which it begins and ends. `levels`: of supplies; `kinds`: of
    incidents, which count for `within` seconds. `least`, `share`: of how many terminals, and of
    which part of the group, there is an alarm at all. `covers`: rules that say nothing of the
    terminals that this alarm already tells of. `escalate`: minutes without an owner. `by_hand`:
    only a person ends it.
    """

    name: Code
    when: When
    severity: Severity
    title: Words
    action: Words
    group: Group = Group.SITE
    after: Seconds = 120.0
    clear: Seconds = 60.0
    limit: float | None = None
    until: float | None = None
    within: Seconds = 86_400.0
    levels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    least: Count = 1
    share: Share = 0.0
    covers: tuple[str, ...] = ()
    escalate: tuple[Annotated[int, msgspec.Meta(ge=1, le=10_080)], ...] = ()
    by_hand: bool = False

    def escalation(self, level: int) -> float | None:
        """Seconds after the opening at which the next level begins, or None."""
        return self.escalate[level] * MINUTE if level < len(self.escalate) else None


class Kind(StrEnum):
    WEBHOOK = "webhook"
    MAIL = "mail"


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told. `least`: of what severity; `level`: from which escalation on (0: at once).

    `url`, `key_file`: of a webhook; `to`: addresses of mails. `language`: of a mail's first half.
    """

    name: Code
    kind: Kind
    least: Severity = Severity.WARNING
    level: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    url: str = ""
    key_file: str = ""
    to: tuple[str, ...] = ()
    english_first: bool = False


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. Rules are looked at in its order."""

    rule: tuple[Rule, ...] = ()
    channel: tuple[Channel, ...] = ()

    def by_name(self) -> dict[str, Rule]:
        return {rule.name: rule for rule in self.rule}


NUMBERS = {
    When.OUTBOX, When.CLOCK, When.DISK, When.CERTIFICATE, When.UNCONFIRMED, When.GAPS, When.DRIFT,
}  # fmt: skip
FALLING = {When.DISK, When.CERTIFICATE}  # low is bad


def load(path: Path) -> Book:
    """Raises `StartError` with a line for each fault."""
    try:
        book = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Book)
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise StartError(f"{path}: {error}") from None
    if faults := lint(book):
        raise StartError("\n".join(f"{path}: {fault}" for fault in faults))
    return book


def lint(book: Book) -> list[str]:
    """What a file's form does not tell, one sentence for each."""
    found = [f"two rules are called {name}" for name in _twice(rule.name for rule in book.rule)]
    found += [f"two channels are called {name}" for name in _twice(c.name for c in book.channel)]
    known: dict[str, int] = {rule.name: place for place, rule in enumerate(book.rule)}
    for place, rule in enumerate(book.rule):
        late = [name for name in rule.covers if known.get(name, -1) <= place]
        found += [f"rule {rule.name} covers {name}, which is no later rule" for name in late]
        found += [f"rule {rule.name}: {fault}" for fault in _rule_faults(rule)]
    kinds = [kind for rule in book.rule for kind in rule.kinds]
    found += [f"two rules tell of incidents {kind}" for kind in _twice(kinds)]
    return found + [
        f"channel {one.name}: {fault}" for one in book.channel for fault in channel_faults(one)
    ]


def _rule_faults(rule: Rule) -> list[str]:
    until = rule.limit if rule.until is None else rule.until
    wrong_way = (
        rule.limit is not None
        and until is not None
        and (until < rule.limit if rule.when in FALLING else until > rule.limit)
    )
    named = [*_fields(rule.title.zh), *_fields(rule.title.en)]
    checks: dict[str, Any] = {
        "needs a limit": rule.when in NUMBERS and rule.limit is None,
        "has no use for a limit": rule.when not in NUMBERS and rule.limit is not None,
        "needs levels": (rule.when is When.SUPPLY) != bool(rule.levels),
        "needs kinds": (rule.when is When.INCIDENT) != bool(rule.kinds),
        "would end before it begins: until is beyond limit": wrong_way,
        "by_hand is for incidents alone": rule.by_hand and rule.when is not When.INCIDENT,
        "share is for group fleet alone": bool(rule.share) and rule.group is not Group.FLEET,
        "escalate must grow": list(rule.escalate) != sorted(set(rule.escalate)),
        "a title can name {place} and {terminals} alone": not FIELDS.issuperset(named),
    }
    return [words for words, holds in checks.items() if holds]


def channel_faults(channel: Channel) -> list[str]:
    """What keeps it from being used, one sentence for each."""
    webhook = channel.kind is Kind.WEBHOOK
    safe = channel.url.startswith(("https://", "http://127.0.0.1", "http://localhost"))
    bad = any("@" not in one or any(c.isspace() for c in one) for one in channel.to)
    checks = {
        "needs an https:// url": webhook and not safe,
        "needs a key_file": webhook and not channel.key_file,
        "needs addresses in to": not webhook and (not channel.to or bad),
        "url and key_file are of webhooks": not webhook and bool(channel.url or channel.key_file),
        "to is of mails": webhook and bool(channel.to),
    }
    return [words for words, holds in checks.items() if holds]


def _fields(title: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(title) if name is not None]
    except ValueError:
        return ["?"]


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
