from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.identity.pins import KeptPin, PinFault, pin_problem

NUMBER = "11010519491231002X"
FOREIGN = "KAZ110090123105"
KEY = bytes(range(32))
digits = st.integers(0, 9)
runs = st.builds(
    lambda first, step, length: "".join(str((first + step * at) % 10) for at in range(length)),
    digits,
    digits,
    st.integers(6, 12),
)
patterns = st.builds(
    lambda pattern, length: (pattern * 12)[:length],
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    st.integers(6, 12),
)
parts = st.builds(
    lambda text, at, tail: (text[at : at + 6] + tail).rjust(6, "0"),
    st.sampled_from([NUMBER[:17], "12311949", "31121949", "311249"]),
    st.integers(0, 11),
    st.from_regex(r"[0-9]{0,6}", fullmatch=True),
)
pins = st.from_regex(r"[0-9]{6,12}", fullmatch=True) | runs | patterns | parts


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("", PinFault.LENGTH),
        ("83047", PinFault.LENGTH),
        ("8304718304719", PinFault.LENGTH),
        ("83047a", PinFault.DIGITS),
        ("83 471", PinFault.DIGITS),
        ("-83047", PinFault.DIGITS),
        ("８３０４７１", PinFault.DIGITS),
        ("83047²", PinFault.DIGITS),
        ("777777", PinFault.SAME_DIGIT),
        ("000000000000", PinFault.SAME_DIGIT),
        ("123456", PinFault.RUN),
        ("0123456789", PinFault.RUN),
        ("987654", PinFault.RUN),
        ("890123", PinFault.RUN),
        ("210987", PinFault.RUN),
        ("135791", PinFault.RUN),
        ("630741", PinFault.RUN),
        ("121212", PinFault.REPEATED),
        ("1212121", PinFault.REPEATED),
        ("830830", PinFault.REPEATED),
        ("83048304", PinFault.REPEATED),
        ("830483048", PinFault.REPEATED),
        ("830471830471", PinFault.REPEATED),
        ("19491231", PinFault.CARD_NUMBER),
        ("491231", PinFault.CARD_NUMBER),
        ("110105", PinFault.CARD_NUMBER),
        ("231002", PinFault.CARD_NUMBER),
        ("12311949", PinFault.CARD_NUMBER),  # month first
        ("311249", PinFault.CARD_NUMBER),  # day first
        ("7491231", PinFault.CARD_NUMBER),  # with a digit before
        ("231002777777", PinFault.CARD_NUMBER),
        ("830471", None),
        ("494949129", None),
        ("112233", None),
        ("491230", None),
        ("830471830472", None),
    ],
)
def test_each_reason_against_a_pin(pin: str, fault: PinFault | None) -> None:
    assert pin_problem(pin, NUMBER) is fault


def test_a_foreigners_birth_is_in_the_number_too() -> None:
    assert pin_problem("900123"[::-1], FOREIGN) is None
    assert pin_problem("901231", FOREIGN) is PinFault.CARD_NUMBER
    assert pin_problem("110090", FOREIGN) is PinFault.CARD_NUMBER


@given(runs)
def test_every_run_is_refused(pin: str) -> None:
    assert pin_problem(pin, NUMBER) in {PinFault.RUN, PinFault.SAME_DIGIT}


@given(patterns.filter(lambda pin: pin == (pin[:3] * 4)[: len(pin)]))
def test_every_repetition_is_refused(pin: str) -> None:
    assert pin_problem(pin, NUMBER) is not None


@given(st.integers(0, 11), st.text("0123456789", max_size=3), st.text("0123456789", max_size=3))
def test_six_digits_of_the_number_are_refused_anywhere(at: int, before: str, after: str) -> None:
    assert pin_problem(before + NUMBER[at : at + 6] + after, NUMBER) is not None


@given(pins)
def test_a_refused_pin_has_a_reason_that_can_be_seen(pin: str) -> None:
    """What is refused repeats, counts or stands on the card; all else may be chosen."""
    counts = len({(int(b) - int(a)) % 10 for a, b in pairwise(pin)}) == 1
    repeats = any(
        all(digit == pin[place % period] for place, digit in enumerate(pin))
        for period in range(1, len(pin) // 2 + 1)
    )
    card = ["11010519491231002", "12311949", "31121949", "123149", "311249"]
    stands = any(pin[at : at + 6] in told for at in range(len(pin) - 5) for told in card)
    assert (pin_problem(pin, NUMBER) is None) == (not (counts or repeats or stands))


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_texts_give_a_typed_answer(pin: str, number: str) -> None:
    assert pin_problem(pin, number) in (None, *PinFault)


def test_a_kept_pin_knows_its_own_only() -> None:
    kept = KeptPin.of("830471", KEY)
    assert kept.matches("830471", KEY)
    assert not kept.matches("830472", KEY)
    assert not kept.matches("", KEY)
    assert not kept.matches("\ud800", KEY)
    assert not kept.matches("830471", KEY[::-1])


def test_a_kept_pin_is_salted_and_never_shown() -> None:
    one, other = KeptPin.of("830471", KEY), KeptPin.of("830471", KEY)
    assert one.hash != other.hash
    assert repr(one) == "KeptPin(cost=16384)"
