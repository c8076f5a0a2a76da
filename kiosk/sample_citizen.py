"""The sample citizen: what they come for, what they answer, which cards they have."""

from __future__ import annotations

from datetime import date, timedelta

ITEMS = {
    "certificate": "11445299MB2D00006J2000100001001",
    "residence": "11445299MB2D00006J2000900011001",
    "query": "11445299MB2D00006J2000700007001",
    "marriage": "11445299MB2D00006J2000500002001",
}

ANSWERS = {
    "scheme": "pension",
    "period": "12",
    "purpose": "loan",
    "address_unit": "3-502",
    "moved_in": "2024-05-01",
    "reason": "work",
    "phone": "13800138000",
    "year": "2026",
    "day": (date.today() + timedelta(days=7)).isoformat(),  # noqa: DTZ011
    "slot": "morning",
    "office": "county",
}

CARDS = {
    "applicant": "zhang",
    "second": "li",
    "guardian": "zhang",
    "helper": "helper",
    "staff": "operator",
}
PIN = "135790"  # of the sample citizen, at the sample platform
