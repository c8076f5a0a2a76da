"""Rules of the steps (环节): a graph that begins with acceptance and in which nobody waits for

each other (requirement 16: departments decide beside each other, 不得互为前置).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kiosk.services import lint_graph
from kiosk.services.item import Item, Stage, Step
from kiosk.services.lint_rules import Finding, Rule, both, both_or_none

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DECIDING = {Stage.HANDLING, Stage.REVIEW, Stage.APPROVAL}
_LAST = {Stage.COMPLETION, Stage.NOTICE}


def _named(one: Item) -> Iterator[Finding]:
    counts = Counter(step.code for step in one.steps)
    for index, step in enumerate(one.steps):
        place = ("steps", index)
        if not _CODE.fullmatch(step.code):
            yield (*place, "code"), "must be lower-case letters, digits and '_'"
        elif counts[step.code] > 1:
            yield (*place, "code"), f"'{step.code}' is used {counts[step.code]} times"
        yield from both((*place, "name"), step.name)
        yield from both_or_none((*place, "dept_name"), step.dept_name)
        if bool(step.dept_code) != bool(step.dept_name.zh.strip()):
            yield (*place, "dept_code"), "dept_code and dept_name are given together"


def _known(one: Item) -> Iterator[Finding]:
    codes = {step.code for step in one.steps}
    for index, step in enumerate(one.steps):
        for code in step.after:
            if code not in codes:
                yield ("steps", index, "after"), f"there is no step '{code}'"
        if len(set(step.after)) != len(step.after):
            yield ("steps", index, "after"), "names a step twice"


def _circle(one: Item) -> Iterator[Finding]:
    if circle := lint_graph.cycle(lint_graph.edges(one.steps)):
        place = ("steps", _index(one, circle[0]), "after")
        yield place, f"the steps wait for each other: {' after '.join(circle)}"


def _first(one: Item) -> Iterator[Finding]:
    """Every step follows from an acceptance, and an acceptance waits for nothing else."""
    waits = lint_graph.edges(one.steps)
    if not one.steps or lint_graph.cycle(waits):
        return
    stages = {step.code: step.stage for step in one.steps}
    earlier = lint_graph.before(waits)
    for index, step in enumerate(one.steps):
        ways = {stages[code] for code in earlier[step.code]}
        if step.stage is Stage.ACCEPTANCE and ways - {Stage.ACCEPTANCE}:
            yield ("steps", index, "stage"), "acceptance comes before every other stage"
        elif step.stage is not Stage.ACCEPTANCE and Stage.ACCEPTANCE not in ways:
            yield ("steps", index, "after"), "does not follow from a step of stage 'acceptance'"


def _last(one: Item) -> Iterator[Finding]:
    """No way ends in the middle."""
    waited_for = {code for step in one.steps for code in step.after}
    for index, step in enumerate(one.steps):
        if step.code not in waited_for and step.stage not in _LAST:
            yield ("steps", index), f"nothing follows '{step.code}', which is no completion"


def _mutual(one: Item) -> Iterator[Finding]:
    """Two departments, each of which can only decide when the other has."""
    waits = lint_graph.edges(one.steps)
    if lint_graph.cycle(waits):
        return
    earlier = lint_graph.before(waits)
    deciding = [step for step in one.steps if step.stage in _DECIDING]
    needs: dict[tuple[str, str], tuple[Step, Step]] = {}
    for step in deciding:
        for other in deciding:
            pair = (_department(one, step), _department(one, other))
            if pair[0] != pair[1] and other.code in earlier[step.code]:
                needs.setdefault(pair, (step, other))
    for (mine, theirs), (step, other) in needs.items():
        if mine < theirs and (theirs, mine) in needs:
            back, first = needs[theirs, mine]
            what = (
                f"two departments wait for each other: '{step.code}' for '{other.code}',"
                f" and '{back.code}' for '{first.code}'"
            )
            yield ("steps", _index(one, step.code), "after"), what


def _department(one: Item, step: Step) -> str:
    return step.dept_code or one.dept_code


def _index(one: Item, code: str) -> int:
    return next(index for index, step in enumerate(one.steps) if step.code == code)


RULES = (
    Rule("step-named", "Every step has a code of its own and a name.", _named, 16),
    Rule("step-unknown", "A step waits only for steps that there are.", _known, 16),
    Rule("step-circle", "No steps wait for each other.", _circle, 16),
    Rule("step-acceptance", "Every step follows from an acceptance.", _first, 8),
    Rule("step-completion", "Every way ends in a completion or a notice.", _last, 8),
    Rule("step-mutual", "No two departments wait for each other to decide.", _mutual, 16),
)
