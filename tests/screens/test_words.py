"""Both languages say the same things, and everything the program can name has words."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import msgspec
import pytest

from kiosk.model import (
    CardFault,
    DeviceState,
    FaceFault,
    FaceHint,
    FaultAction,
    Handling,
    Language,
    SecretFault,
    StaffRole,
    SupplyLevel,
)
from kiosk.services.item import Document, Guide, ItemKind
from kiosk.session.bills import Phase
from screens.words import Words, WordsMissingError

ROOT = Path(__file__).parents[2]
WORDS = Words(ROOT / "config" / "locales", strict=True)

NAMED = [
    *(f"problem.card.{fault}" for fault in CardFault),
    *(f"problem.face.{fault}" for fault in FaceFault),
    *(f"face.hint.{hint}" for hint in FaceHint),
    *(f"guide.{field.name}" for field in msgspec.structs.fields(Guide)),
    *(f"kind.{kind}" for kind in ItemKind),
    "problem.card.swapped",
    *(f"error.secret.{fault}" for fault in SecretFault),
    *(f"handling.{handling}" for handling in Handling if handling is not Handling.NONE),
    *(f"document.{document}" for document in Document),
    *(f"action.{action}" for action in FaultAction),
    *(f"device.state.{state}" for state in DeviceState),
    *(f"supply.level.{level}" for level in SupplyLevel),
    *(f"supply.{supply}" for supply in ("paper", "toner")),
    *(f"staff.role.{role}" for role in StaffRole),
    *(f"staff.act.{act}" for act in ("test_slip", "close_service", "open_service")),
    *(f"staff.said.{said}" for said in ("printed", "not_printed", "closed", "opened")),
    *(f"card.{whose}.{part}" for whose in ("applicant", "second", "guardian", "helper", "staff")
      for part in ("title", "hint")),
    *(f"way.{way}{part}" for way in ("face", "code", "pin", "helper", "desk")
      for part in ("", ".hint")),
    *(f"ways.{reason}" for reason in ("refused", "tries", "no_camera", "no_model", "no_portrait",
                                      "chosen", "not_agreed")),
    *(f"pin.{kind}.{part}" for kind in ("code", "pin", "staff") for part in ("title", "hint")),
    *(f"problem.{code}" for code in ("query_offline", "journal_full", "interrupted",
                                     "item_unavailable", "refused", "internal")),
    *(f"way_out.{way}" for way in ("again", "continue", "services", "end", "other_ways")),
    *(f"why_not.{why}" for why in ("no_reader", "no_network", "no_receipt_paper", "no_printer",
                                   "no_certificate_printer", "offline", "no_camera", "no_model",
                                   "no_portrait", "not_registered", "no_helper", "own_card",
                                   "tries", "authority")),
    *(f"notice.{notice}" for notice in ("no_certificates", "no_receipts", "offline",
                                        "no_camera")),
    *(f"out_of_service.{code}" for code in ("no_reader", "journal", "starting", "defect")),
    "out_of_service.maintenance",
    *(f"paper.trouble.{code}" for code in ("no_paper", "cover_open", "printer_fault",
                                           "unconfirmed", "power", "jam")),
    *(f"standing.{word}" for word in ("decided", "accepted", "provisional", "carried",
                                      "refused", "interrupted")),
    *(f"error.{word}" for word in ("required", "pattern", "number", "minimum", "maximum", "date",
                                   "too_long", "choice")),
    *(f"step.{step}" for step in ("service", "identity", "questions", "check", "papers")),
    *(f"take.{thing}" for thing in ("card", "receipt", "certificate", "ticket")),
    *(f"paper.{paper}" for paper in ("receipt", "certificate", "ticket", "payment")),
    *(f"payment.{phase}" for phase in (*Phase, "unable")),
    *(f"payment.{phase}.hint" for phase in (*Phase, "unable") if phase is not Phase.WAITING),
    "problem.interrupted_payment.help", "take.payment",
]  # fmt: skip


def test_both_languages_have_the_same_keys() -> None:
    assert WORDS.keys(Language.ZH) == WORDS.keys(Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_no_text_is_empty(language: Language) -> None:
    assert all(WORDS.say(key, language).strip() for key in WORDS.keys(language))


def test_both_languages_use_the_same_values() -> None:
    def values(key: str, language: Language) -> set[str | None]:
        parts = Formatter().parse(WORDS.say(key, language))
        return {name for _, name, _, _ in parts if name} - {"month_name", "month"}

    for key in WORDS.keys(Language.ZH):
        assert values(key, Language.ZH) == values(key, Language.EN), key


@pytest.mark.parametrize("key", NAMED)
def test_everything_that_can_be_named_has_words(key: str) -> None:
    assert key in WORDS


def test_every_problem_has_a_help() -> None:
    problems = {k for k in WORDS.keys(Language.ZH) if k.startswith("problem.")}
    bare = {k for k in problems if not k.endswith(".help")}
    assert {f"{k}.help" for k in bare} <= problems


def test_every_key_in_the_source_has_words() -> None:
    used = set()
    for path in (ROOT / "screens").rglob("*.py"):
        used |= set(re.findall(r'say\(\s*"([a-z_]+(?:\.[a-z_]+)*)"', path.read_text("utf-8")))
    used = {key for key in used if "." in key}
    assert used, "the search must find some"
    assert [key for key in sorted(used) if key not in WORDS] == []


def test_a_missing_key_raises_in_tests_and_shows_itself_otherwise() -> None:
    with pytest.raises(WordsMissingError):
        WORDS.say("no.such.key", Language.EN)
    mild = Words(ROOT / "config" / "locales")
    assert mild.say("no.such.key", Language.EN) == "no.such.key"
