"""Both languages say the same things, and everything the program can name has words."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import pytest

from kiosk.events import LanguageChosen
from kiosk.identity.numbers import NumberFault
from kiosk.identity.organisations import CreditCodeFault
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
from kiosk.services.fields import FieldType
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
    *(f"error.required.{kind}" for kind in FieldType),
    *(f"error.resident_number.{fault}" for fault in NumberFault),
    *(f"error.credit_code.{fault}" for fault in CreditCodeFault),
    *(f"step.{step}" for step in ("service", "identity", "questions", "check", "papers")),
    *(f"take.{thing}" for thing in ("card", "receipt", "certificate", "ticket")),
    *(f"paper.{paper}" for paper in ("receipt", "certificate", "ticket", "payment")),
    *(f"payment.{phase}" for phase in (*Phase, "unable")),
    *(f"payment.{phase}.hint" for phase in (*Phase, "unable") if phase is not Phase.WAITING),
    "problem.interrupted_payment.help", "take.payment",
]  # fmt: skip


@pytest.mark.parametrize("language", WORDS.languages)
def test_every_language_has_the_same_keys(language: Language) -> None:
    assert WORDS.keys(language) == WORDS.keys(Language.ZH)


@pytest.mark.parametrize("language", WORDS.languages)
def test_no_text_is_empty(language: Language) -> None:
    assert all(WORDS.say(key, language).strip() for key in WORDS.keys(language))


@pytest.mark.parametrize("other", WORDS.languages)
def test_every_language_uses_the_same_values(other: Language) -> None:
    def values(key: str, language: Language) -> set[str | None]:
        parts = Formatter().parse(WORDS.say(key, language))
        return {name for _, name, _, _ in parts if name} - {"month_name", "month"}

    for key in WORDS.keys(Language.ZH):
        assert values(key, Language.ZH) == values(key, other), key


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


def test_traditional_words_have_no_simplified_characters() -> None:
    """Big5 has none of them; the few signs that it lacks are no words."""
    words = "".join(WORDS.say(key, Language("zh_TW")) for key in WORDS.keys(Language.ZH))
    assert {one for one in words if "\u4e00" <= one <= "\u9fff" and not _in_big5(one)} == set()


def _in_big5(one: str) -> bool:
    try:
        return bool(one.encode("big5"))
    except UnicodeEncodeError:
        return False


def test_another_language_is_one_file(tmp_path: Path) -> None:
    """What it does not say yet is said in one that it has."""
    for path in (ROOT / "config" / "locales").glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = 'msgid "language.name"\nmsgstr "Qqaa"\n\nmsgid "back"\nmsgstr "Kcab"\n'
    (tmp_path / "qqa.po").write_text(f'msgid ""\nmsgstr "Language: qqa\\n"\n\n{file}', "utf-8")
    words = Words(tmp_path)
    made = words.languages[-2]
    assert made == "qqa"
    assert made is Language("qqa")
    assert words.say("language.name", made) == "Qqaa"
    assert words.say("leave", made) == words.say("leave", Language.EN)
    assert words.languages[:2] == (Language.ZH, Language.EN)


@pytest.mark.parametrize(("shown", "other"), [("zh_CN", "en"), ("en", "zh_CN"), ("zh_TW", "en")])
def test_a_language_for_whoever_cannot_read_this_one_is_one_press_away(
    portrait: Any, shown: str, other: str
) -> None:
    portrait.show("services", Language(shown))
    portrait.posted.clear()
    portrait.press("language")
    assert portrait.posted == [LanguageChosen(Language(other))]


def test_every_language_is_on_the_sheet_which_is_then_in_that_language(stage: Any) -> None:
    view = stage.show("services", Language.ZH)
    stage.press("appear")
    for name in ("en", "zh_TW", "zh_CN"):
        stage.posted.clear()
        stage.press(f"appear:{name}")
        assert stage.posted == [LanguageChosen(Language(name))]
        stage.show_body(view.state, view.body, Language(name))
        title = WORDS.say("appear.title", Language(name))
        shown = [one.raw for one in stage.app.frame.walk(restrict=True) if hasattr(one, "raw")]
        assert title in shown
        assert stage.faults() == []
    stage.press("appear:done")
