"""From facts to a finished certificate: QR code, page, seal."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fleet.certificates import picture, qr, trustlist
from fleet.certificates.compose import ComposeError, Composer
from fleet.certificates.facts import Facts, Pair
from fleet.certificates.keys import open_keys
from fleet.certificates.sheet import MissingFactError, compose
from fleet.certificates.template import load_all
from kiosk.services.item import Item
from kiosk.wire import CaseApplicant

if TYPE_CHECKING:
    from fleet.certificates.seal import Sealer

CAPTION = "电子印章·样章"
_MOST_SEALS = 200  # pictures kept ready, some 2 MB each
_SUMMARY = 60  # characters


class Issuer:
    """One authority's desk: keys, page, seal. Thread-safe; the first certificate takes longer."""

    def __init__(self, var: Path, trust: Path, authority: Pair, now: datetime) -> None:
        self.authority = authority
        self._keys = open_keys(var, trust, authority.zh, now)
        trustlist.publish(var, trust, now)
        self._composer = Composer()
        self._templates = load_all()
        self._sealers: dict[str, Sealer] = {}

    def certify(
        self, item: Item, applicant: CaseApplicant, facts: Facts, number: str, now: datetime
    ) -> bytes:
        """The sealed PDF of `item.template`. `now` carries the authority's time zone.

        Raises `ComposeError`: no such template, a fact is missing, or a character has no glyph.
        """
        template = self._templates.get(item.template)
        if template is None:
            raise ComposeError(f"there is no template {item.template!r}")
        today = now.date()
        try:
            sheet = compose(template, item, applicant, facts, number, self.authority, today)
        except MissingFactError as error:
            raise ComposeError(f"the registers do not say {error}") from None
        claims = qr.Claims(
            authority=sheet.authority.zh,
            issued=int(now.timestamp()),
            valid_until=int(_end_of_day(sheet.until, now).timestamp()),
            number=number,
            task_code=item.task_code,
            holder=sheet.holder,
            masked_id=qr.masked(sheet.id_number),
            summary=shortened(sheet.summary),
        )
        text = qr.text(claims, self._keys.qr, self._keys.kid)
        full = msgspec.structs.replace(sheet, qr=text, qr_svg=qr.svg(text))
        page = self._composer.page(full, now)
        return self._sealer(sheet.authority.zh).seal(page, template.title.zh)

    def _sealer(self, authority: str) -> Sealer:
        """With the picture of one department's seal; the key behind all of them is one."""
        from fleet.certificates.seal import Sealer  # pyHanko takes 0.3 s: not before it is needed

        if authority not in self._sealers:
            if len(self._sealers) >= _MOST_SEALS:
                self._sealers.clear()
            self._sealers[authority] = Sealer(self._keys, picture.seal(authority, CAPTION))
        return self._sealers[authority]


def shortened(summary: str) -> str:
    """What fits into a code that a phone still reads from paper."""
    return summary if len(summary) <= _SUMMARY else summary[: _SUMMARY - 1] + "…"


def _end_of_day(value: date, like: datetime) -> datetime:
    return datetime(value.year, value.month, value.day, 23, 59, 59, tzinfo=like.tzinfo)
