"""Sample cases, and a platform that decides them, for tests of certificates and their checks."""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path

from fleet.platform.sample import CHINA, SamplePlatform
from kiosk.services.item import Item
from kiosk.services.load import load_catalogue
from kiosk.wire import CaseApplicant, CaseParty, CasePayload

CATALOGUE = Path(__file__).parents[1] / "config/catalogue"
AUTHORITY_ZH = "示例县人力资源和社会保障局"
AUTHORITY_EN = "Sample County Social Security"
AUTHORITY_CODE = "11445299MB2D00006J"
CERTIFICATE = "2000100001001"
RESIDENCE = "2000900011001"
QUERY = "2000700007001"
MARRIAGE = "2000500002001"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=CHINA)  # a Friday
GOOD_ANSWERS = {
    CERTIFICATE: {"scheme": "pension", "period": "36", "purpose": "housing"},
    RESIDENCE: {
        "address_unit": "3-502", "moved_in": "2020-05-01", "reason": "work", "phone": "13800000000",
    },
    QUERY: {"year": "2026"},
    MARRIAGE: {
        "office": "county", "day": "2026-11-27", "slot": "morning", "phone": "13800138000",
    },
}  # fmt: skip


@functools.cache
def items() -> dict[str, Item]:
    """Everything that is offered, by task code; nobody may change it."""
    return {item.task_code: item for item in load_catalogue(CATALOGUE).items}


def platform(
    folder: Path, accept_unmatched_face: bool = True, now: datetime = NOW
) -> SamplePlatform:
    return SamplePlatform(
        folder / "fleet",
        folder / "trust",
        accept_unmatched_face,
        AUTHORITY_ZH,
        AUTHORITY_EN,
        items=items().values(),
        clock=lambda: now,
    )


def number(born: str, order: str = "112") -> str:
    """A sample county's number with a valid check digit (GB 11643); `born` as YYYYMMDD."""
    body = f"445299{born}{order}"
    total = sum(
        int(d) * w
        for d, w in zip(body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return body + "10X98765432"[total % 11]


def party(
    role: str, name: str = "李样本", born: str = "19880808", proof: str = "", staff: str = ""
) -> CaseParty:
    return CaseParty(role, name, number(born), proof=proof, staff=staff)


HELPER = party("helper", "王代办", "19790101", staff="H-07")


def case(
    case_no: str,
    task: str = CERTIFICATE,
    name: str = "张小满",
    born: str = "19900307",
    identity: str = "card",
    proof: str = "captured_not_compared",
    card_type: str = "",
    parties: tuple[CaseParty, ...] = (),
    handling: str = "",
    **answers: str,
) -> CasePayload:
    applicant = CaseApplicant(name, number(born), card_type)
    return CasePayload(
        case_no=case_no,
        terminal="KT-0001",
        task_code=AUTHORITY_CODE + task,
        task_version="1",
        apply_date="2026-11-20T09:59:00+08:00",
        applicant=applicant,
        answers={**GOOD_ANSWERS.get(task, {}), **answers},
        identity=identity,
        proof=proof,
        parties=list(parties),
        handling=handling,
    )
