"""Invented people with valid check digits, thrown by dice."""

from __future__ import annotations

from random import Random

from kiosk import wire

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "小样例安宁平顺和乐"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_CHECK = "10X98765432"
AREA = "445299"  # of no real place


def person(dice: Random) -> wire.CaseApplicant:
    born = f"{dice.randint(1940, 2005)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    body = f"{AREA}{born}{dice.randint(0, 999):03}"
    check = _CHECK[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]
    name = dice.choice(_FAMILY) + dice.choice(_GIVEN) + dice.choice(_GIVEN)
    return wire.CaseApplicant(name, body + check, "", "示例县样例镇示范村")
