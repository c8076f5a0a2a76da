"""Who is told of what: a row for each webhook, as the settings say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fleet.alarms.rules import Channel, Kind, channel_faults
from fleet.errors import StartError
from fleet.webhooks.cloud import Type, fits


@dataclass(frozen=True, slots=True)
class Hook:
    """`events`: patterns of CloudEvents' types, such as `kiosk.case.*`."""

    name: str
    url: str
    key_file: str
    events: tuple[str, ...]

    @property
    def channel(self) -> str:
        """In the outbox, apart from those of alarms."""
        return f"webhook/{self.name}"

    @property
    def address(self) -> Channel:
        return Channel(self.channel, Kind.WEBHOOK, url=self.url, key_file=self.key_file)

    def wants(self, kind: Type) -> bool:
        return fits(self.events, kind)


def check(hooks: Iterable[Hook]) -> None:
    """Raises `StartError` with a line for each fault."""
    found = []
    for hook in hooks:
        faults = list(channel_faults(hook.address))
        faults += [
            f"{pattern} fits no event"
            for pattern in hook.events
            if not any(fits((pattern,), kind) for kind in Type)
        ]
        faults += [] if hook.events else ["needs events"]
        found += [f"webhooks.to.{hook.name}: {fault}" for fault in faults]
    if found:
        raise StartError("\n".join(found))
