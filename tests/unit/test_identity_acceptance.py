from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drivers.idcard.samples import SAMPLES
from kiosk.identity.acceptance import check_card
from kiosk.model import CardFault

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("name", ["zhang", "li", "hmt", "foreigner_i", "foreigner_y"])
def test_each_kind_of_card_is_accepted(name: str) -> None:
    assert check_card(SAMPLES[name], TODAY) is None


def test_a_card_is_good_on_its_last_day_and_expired_the_day_after() -> None:
    card = replace(SAMPLES["zhang"], valid_to=TODAY)
    assert check_card(card, TODAY) is None
    assert check_card(card, date(2026, 11, 22)) is CardFault.EXPIRED


def test_a_long_term_card_never_expires() -> None:
    assert check_card(SAMPLES["li"], date.max) is None


def test_a_wrong_number_is_told_before_the_expiry() -> None:
    assert check_card(SAMPLES["bad_number"], TODAY) is CardFault.BAD_NUMBER
    assert check_card(SAMPLES["bad_number"], date.max) is CardFault.BAD_NUMBER


def test_a_number_must_fit_the_kind_of_card() -> None:
    swapped = replace(SAMPLES["foreigner_i"], number=SAMPLES["zhang"].number)
    assert check_card(swapped, TODAY) is CardFault.BAD_NUMBER
    swapped = replace(SAMPLES["zhang"], number=SAMPLES["foreigner_i"].number)
    assert check_card(swapped, TODAY) is CardFault.BAD_NUMBER


def test_an_expired_card_can_be_allowed_and_a_wrong_number_never() -> None:
    assert check_card(SAMPLES["expired"], TODAY) is CardFault.EXPIRED
    assert check_card(SAMPLES["expired"], TODAY, expired=True) is None
    assert check_card(SAMPLES["bad_number"], TODAY, expired=True) is CardFault.BAD_NUMBER


def test_a_card_that_is_not_yet_valid_is_accepted() -> None:
    """The terminal's clock may be years behind after its battery went flat."""
    assert check_card(SAMPLES["zhang"], date(1970, 1, 1)) is None


def test_a_citizens_card_that_contradicts_its_number_is_refused() -> None:
    zhang = SAMPLES["zhang"]
    assert check_card(replace(zhang, sex="男"), TODAY) is CardFault.BAD_NUMBER
    assert check_card(replace(zhang, birth=date(1990, 3, 8)), TODAY) is CardFault.BAD_NUMBER


@pytest.mark.parametrize("sex", ["未知", "未说明"])
def test_a_sex_that_is_not_told_contradicts_nothing(sex: str) -> None:
    assert check_card(replace(SAMPLES["zhang"], sex=sex), TODAY) is None


@pytest.mark.parametrize("name", ["hmt", "foreigner_i", "foreigner_y"])
def test_only_citizens_numbers_are_held_against_the_card(name: str) -> None:
    card = SAMPLES[name]
    other = "女" if card.sex == "男" else "男"
    assert check_card(replace(card, sex=other, birth=date(1970, 1, 1)), TODAY) is None
