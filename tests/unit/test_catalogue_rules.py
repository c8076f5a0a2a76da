"""Every rule of the linter, broken once on purpose: it is told with its line, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cataloguework import GOOD, faults, replaced
from kiosk.services import lint
from kiosk.services.lint_outcome import template_rule

# rule, what stands in the sample, what stands there instead, words of the line that is named
BROKEN = [
    ("task-code-shape", "task_code = \"1144", "task_code = \"114", "task_code"),
    ("catalog-code-agrees", "catalog_code = \"0003", "catalog_code = \"0004", "catalog_code"),
    ("credit-code", "dept_code = \"11445299MB2D000303", "dept_code = \"11445299MB2D000304",
     "dept_code"),
    ("task-version", 'task_version = "1"', 'task_version = "eins zwei"', "task_version"),
    ("authority-falls", 'village = "carry"', 'village = "final"', "authority"),
    ("no-identity", 'assurance = "card_face"', 'assurance = "none"', "sources"),
    ("two-persons", 'assurance = "card_face"', 'assurance = "two_persons"\nexpired_card = true',
     "expired_card"),
    ("documents", 'documents = ["id_card"]', "documents = []", "documents"),
    ("guide-complete", 'discretion = { zh = "满足的应当批准。"', 'discretion = { zh = " "',
     "discretion"),
    ("text-missing", 'en = "Living allowance"', 'en = ""', "task_name"),
    ("one-language-only", 'en = "allowance hardship"', 'en = ""', "keywords"),
    ("vague-words", "户口簿、收入证明", "户口簿、收入证明等材料", "materials ="),
    ("placeholder", "提交、核对、决定。", "待定", "procedure"),
    ("wrong-language", 'en = "Submit, check, decide."', 'en = "提交"', "procedure"),
    ("invisible-character", "提交、核对", "提交、\\u202e核对", "procedure"),
    ("icon-missing", 'icon = "hand-heart"', 'icon = ""', "icon"),
    ("theme-missing", 'themes = ["hardship"]', "themes = []", "themes"),
    ("keywords-missing", 'keywords = { zh = "低保 困难", en = "allowance hardship" }', "",
     "catalog_code"),
    ("sentence-length", 'en = "Submit, check, decide."', f'en = "{"Submit, " * 25}decide."',
     "procedure"),
    ("plain-words", "提交、核对、决定。", "提交、进行核对、决定。", "procedure"),
    ("numbers-not-negative", "minutes = 8", "minutes = 0", "minutes"),
    ("promise-of-kind", 'kind = "promise"', 'kind = "instant"', "promise_day"),
    ("promise-within-legal-limit", "anticipate_day = 30", "anticipate_day = 19", "promise_day"),
    ("steps-within-promise", "day = 5", "day = 19", "[[steps]]"),
    ("promise-as-said", "承诺20个工作日", "承诺三十个工作日", "time_limit"),
    ("time-limit-as-said", "Legal limit: 30", "Legal limit: 31", "time_limit"),
    ("step-named", 'code = "records"', 'code = "visit"', 'code = "visit"'),
    ("step-unknown", 'after = ["decide"]', 'after = ["decide", "nobody"]', "nobody"),
    ("step-circle", 'stage = "handling"\nafter = ["accept"]',
     'stage = "handling"\nafter = ["accept", "decide"]', "after"),
    ("step-acceptance", 'stage = "review"\nafter = ["accept"]', 'stage = "review"', "[[steps]]"),
    ("step-completion", 'stage = "notice"', 'stage = "review"', "[[steps]]"),
    ("step-mutual", 'after = ["accept"]\nday = 9', 'after = ["records"]\nday = 9', "after"),
    ("field-name", 'name = "since"', 'name = "income"', 'name = "income"'),
    ("field-text", 'en = "Fuel"', 'en = ""', 'code = "fuel"'),
    ("field-choices", 'code = "fuel"', 'code = "food"', "choices = ["),
    ("field-count", "least = 1\nmost = 8", "least = 9\nmost = 8", "least = 9"),
    ("field-people", 'script = "hanzi"', 'prefill = "name"', "fields.fields"),
    ("field-prefill", 'prefill = "address"', 'prefill = "birth"', "prefill"),
    ("field-pattern", "'\\d{17}[\\dX]'", "'(\\d+)+X'", "pattern"),
    ("field-rule", 'type = "money"', 'type = "money"\nrule = "bank_card"', "bank_card"),
    ("field-when", 'when = { field = "group", answers = ["hard"] }',
     'when = { field = "needs", answers = ["food"] }', 'when = { field = "needs"'),
    ("field-limit", 'minimum = "2000-01"', 'minimum = "2000-13"', "2000-13"),
    ("field-limit-order", 'maximum = "today+30"', 'maximum = "today"', 'minimum = "today+1"'),
    ("field-length", "max_length = 120", "max_length = 0", "max_length = 0"),
    ("field-unit", 'script = "hanzi"', 'unit_one = "name"', "unit_one"),
    ("field-money", 'maximum = "50000"\n', "", "[[fields]]"),
    ("material-named", 'en = "Household register" }', 'en = "" }', "户口簿"),
    ("material-numbers", 'trust = "A"', 'trust = "A"\npage_num = 0', "page_num"),
    ("material-code-used-twice", 'code = "household"', 'code = "id_card"', 'code = "id_card"'),
    ("material-code", 'code = "household"\n', "", "[[materials]]"),
    ("material-sources", 'kinds = ["household_register"]', "", "[[materials]]"),
    ("material-promise", "main = false", "main = true", "main = true"),
    ("material-commitment", 'en = "I declare my income truthfully."', 'en = ""', "commitment ="),
    ("material-when", 'when = { field = "group", answers = ["other"] }',
     'when = { field = "group", answers = ["others"] }', '"others"'),
    ("material-as-said", "居民身份证原件、户口簿、", "居民身份证原件、", "materials ="),
    ("correction-as-said", "correction_day = 10", "correction_day = 12", "materials ="),
    ("fee-named", 'en = "10 yuan per household"', 'en = ""', "fee_stand"),
    ("fee-law", 'by_law = "《社会救助暂行办法》第九条"', 'by_law = " "', 'by_law = " "'),
    ("fee-amounts", "hard = 0, other", "other", "amounts"),
    ("fee-as-said", "登记费10元；困难户不收费。", "不收费。", "fee ="),
    ("fee-amount-said", "other = 1000", "other = 1250", "fee_stand"),
    ("query-outcome", 'kind = "promise"', 'kind = "query"', "result_type"),
    ("offline-possible", "minutes = 8", "minutes = 8\noffline = true", "offline"),
    ("certificate-coherent", "minutes = 8", "minutes = 8\ncertificate = true", "catalog_code"),
    ("delivery-coherent", 'delivery = ["pickup", "message"]', "delivery = []", "delivery"),
    ("delivery-later", 'delivery = ["pickup", "message"]', 'delivery = ["print"]', "delivery"),
    ("booking-coherent", 'result_type = "decision"', 'result_type = "appointment"', "result_type"),
    ("template-known", "minutes = 8", 'minutes = 8\ntemplate = "nothing"', "template"),
    ("department-name", "11445299MB2D00102U", "11445299MB2D000303", "dept_name"),
    ("bundle-parts", "minutes = 8", 'minutes = 8\nparts = ["1", "2"]', "parts"),
]  # fmt: skip
# Tried with several items, in test_catalogue_sets.py.
ELSEWHERE = {"task-code-unique", "bundle-promise", "bundle-fields", "bundle-conditions"}
# Some faults are two at once, by their nature.
WITH = {
    "material-promise": {"correction-as-said"},
    "task-code-shape": {"credit-code"},
    "no-identity": {"documents"},
    "one-language-only": {"keywords-missing"},
    "promise-of-kind": {"steps-within-promise"},
    "promise-as-said": {"time-limit-as-said"},
    "promise-within-legal-limit": {"time-limit-as-said"},
    "step-named": {"step-unknown"},
    "query-outcome": {"promise-of-kind", "delivery-coherent"},
    "material-commitment": {"material-named"},
    "step-mutual": {"steps-within-promise"},
}


def test_the_sample_keeps_every_rule(tmp_path: Path) -> None:
    assert faults(GOOD, tmp_path) == []


@pytest.mark.parametrize(("rule", "old", "new", "words"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_rule_is_told_with_its_line(
    tmp_path: Path, rule: str, old: str, new: str, words: str
) -> None:
    text = replaced(old, new)

    found = faults(text, tmp_path)

    mine = [fault for fault in found if fault.rule == rule]
    assert mine, [str(fault) for fault in found]
    assert {fault.rule for fault in found} - WITH.get(rule, set()) == {rule}, found
    assert any(words in text.splitlines()[fault.line - 1] for fault in mine), mine
    assert str(mine[0]).startswith(f"{tmp_path}/item.toml:{mine[0].line}: [{rule}] ")


def test_no_rule_is_forgotten_here() -> None:
    every = {rule.name for rule in (*lint.RULES, template_rule(None), *lint.SET_RULES)}

    assert {one[0] for one in BROKEN} | ELSEWHERE == every


def test_names_of_rules_are_unique_and_plain() -> None:
    names = [rule.name for rule in (*lint.RULES, *lint.SET_RULES)]

    assert len(set(names)) == len(names)
    assert all(rule.says.endswith(".") for rule in lint.RULES)
