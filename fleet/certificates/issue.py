"""From facts to a finished certificate: QR code, page, seal."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from fleet.certificates import picture, qr
from fleet.certificates.compose import Composer, InsuranceSheet, Pair
from fleet.certificates.keys import open_keys
from fleet.certificates.seal import Sealer

VALID_DAYS = 90
CAPTION = "电子印章·样章"
REASON = "社会保险参保证明"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose certificate it is; `id_label` names the kind of number."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    id_label: Pair


class Issuer:
    """One authority's desk: keys, page, seal. Thread-safe; the first certificate takes longer."""

    def __init__(self, var: Path, trust: Path, authority: Pair, now: datetime) -> None:
        self.authority = authority
        self._keys = open_keys(var, trust, authority.zh, now)
        self._composer = Composer()
        self._sealer = Sealer(self._keys, picture.seal(authority.zh, CAPTION), REASON)

    def issue(self, sheet: InsuranceSheet, task_code: str, summary: str, now: datetime) -> bytes:
        """The sealed PDF. `now` carries the authority's time zone. Raises `ComposeError`."""
        claims = qr.Claims(
            authority=self.authority.zh,
            issued=int(now.timestamp()),
            valid_until=int(_end_of_day(valid_until(now.date()), now).timestamp()),
            number=sheet.number,
            task_code=task_code,
            holder=sheet.holder,
            masked_id=qr.masked(sheet.id_number),
            summary=summary,
        )
        text = qr.text(claims, self._keys.qr, self._keys.kid)
        full = msgspec.structs.replace(sheet, qr=text, qr_svg=qr.svg(text))
        return self._sealer.seal(self._composer.page(full, now))


def valid_until(issued: date) -> date:
    """The last day on which a certificate is valid."""
    return issued + timedelta(days=VALID_DAYS)


def day(value: date) -> Pair:
    """A date as it is written on paper."""
    return Pair(
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.day} {calendar.month_name[value.month]} {value.year}",
    )


def _end_of_day(value: date, like: datetime) -> datetime:
    return datetime(value.year, value.month, value.day, 23, 59, 59, tzinfo=like.tzinfo)
