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
