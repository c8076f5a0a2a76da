"""Who gets it, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from fleet.alarms.smtp import MailServer
from fleet.console.words import Tongue


@dataclass(frozen=True, slots=True)
class Reader:
    """`sites`: of these alone; empty: of all, with what is about the whole fleet."""

    to: str
    tongue: Tongue = "zh-CN"
    sites: Collection[str] = ()

    def wants(self, site: str) -> bool:
        return not self.sites or site in self.sites


@dataclass(frozen=True, slots=True)
class DigestTerms:
    """`hour`: by this machine's clock, from 0 to 23. `console`: where people reach it, '': no
    link."""

    hour: int
    readers: tuple[Reader, ...]
    server: MailServer
    console: str = ""
