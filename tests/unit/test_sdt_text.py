from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.idcard.samples import SAMPLES, sample_wlt
from drivers.idcard.text import LAYOUTS, decode, decode_address, encode, encode_address
from kiosk.identity.codes import PEOPLES, SEXES
from kiosk.model import CardFault, CardType, IdCard


def block(*parts: tuple[int, int, str]) -> bytes:
    """A text block written by hand: (offset, size, value)."""
    text = bytearray(" ".encode("utf-16-le") * 128)
    for offset, size, value in parts:
        text[offset : offset + size] = value.ljust(size // 2).encode("utf-16-le")
    assert len(text) == 256
    return bytes(text)


def read(text: bytes) -> IdCard:
    card = decode(text)
    assert isinstance(card, IdCard)
    return card


def test_a_citizens_card_is_read_field_by_field() -> None:
    text = block(
        (0, 30, "欧阳 示例"),
        (30, 2, "1"),
        (32, 4, "15"),
        (36, 16, "19491231"),
        (52, 70, "示例省示例市示例县和平路1号 2单元"),
        (122, 36, "11010519491231002X"),
        (158, 30, "示例县公安局"),
        (188, 16, "20200101"),
        (204, 16, "长期"),
    )
    assert read(text) == IdCard(
        card_type=CardType.CITIZEN,
        name="欧阳 示例",
        number="11010519491231002X",
        sex="男",
        birth=date(1949, 12, 31),
        valid_from=date(2020, 1, 1),
        valid_to=None,
        ethnic="土家",
        address="示例省示例市示例县和平路1号 2单元",
        issuer="示例县公安局",
    )


def test_a_residence_permit_has_no_ethnic_group_but_a_pass_number() -> None:
    text = block(
        (0, 30, "陈海澄"),
        (30, 2, "2"),
        (36, 16, "19880808"),
        (52, 70, "示例县滨海路8号"),
        (122, 36, "810000198808080021"),
        (158, 30, "示例县公安局"),
        (188, 16, "20260301"),
        (204, 16, "20310301"),
        (220, 18, "H00000000"),
        (238, 4, "01"),
        (248, 2, "J"),
    )
    card = read(text)
    assert card.card_type is CardType.HMT_RESIDENCE
    assert (card.name, card.sex, card.ethnic) == ("陈海澄", "女", "")
    assert (card.number, card.address) == ("810000198808080021", "示例县滨海路8号")
    assert card.valid_to == date(2031, 3, 1)
    assert (card.pass_number, card.issue_count) == ("H00000000", "01")


def test_a_foreigners_card_of_2017_keeps_the_spaces_of_the_english_name() -> None:
    text = block(
        (0, 120, "EXAMPLE ALICE MARIE"),
        (120, 2, "2"),
        (122, 30, "XXA440085042305"),
        (152, 6, "XXA"),
        (158, 30, "艾丽丝"),
        (188, 16, "20220601"),
        (204, 16, "20320601"),
        (220, 16, "19850423"),
        (236, 4, "02"),
        (240, 8, "4400"),
        (248, 2, "I"),
    )
    card = read(text)
    assert card.card_type is CardType.FOREIGN_2017
    assert (card.name_en, card.name) == ("EXAMPLE ALICE MARIE", "艾丽丝")
    assert (card.number, card.issuer) == ("XXA440085042305", "4400")
    assert card.birth == date(1985, 4, 23)
    assert card.nationality == "XXA"


def test_a_foreigners_card_of_2023_joins_the_english_name_over_a_space() -> None:
    first, second = "FAIRWEATHER MONTGOMERY CHRISTOPHER ", "JOHN"
    text = block(
        (0, 30, ""),
        (30, 2, "1"),
        (32, 4, "01"),
        (36, 16, "19791105"),
        (52, 70, first),
        (122, 36, "944840197911051010"),
        (188, 16, "20240115"),
        (204, 16, "20340115"),
        (220, 22, second),
        (242, 6, "USA"),
        (248, 2, "Y"),
    )
    card = read(text)
    assert card.card_type is CardType.FOREIGN_2023
    assert card.name_en == "FAIRWEATHER MONTGOMERY CHRISTOPHER JOHN"
    assert card.name == card.name_en  # no Chinese name: the card's only name is the name
    assert (card.ethnic, card.address, card.issuer) == ("", "", "")
    assert (card.nationality, card.issue_count) == ("USA", "01")


@pytest.mark.parametrize("mark", ["Q", "j", "0", "\ud83d"])
def test_an_unknown_mark_is_the_wrong_card(mark: str) -> None:
    text = bytearray(encode(SAMPLES["zhang"]))
    text[248:250] = mark.encode("utf-16-le", "surrogatepass")
    assert decode(bytes(text)) is CardFault.WRONG_CARD


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (36, "19900230"),  # no such day
        (36, "1990-3-7"),
        (36, "１９９００３０７"),  # digits of another alphabet
        (188, "        "),
        (204, "长久    "),
        (0, " " * 15),  # nobody's card
    ],
)
def test_a_block_that_no_card_holds_is_the_wrong_card(offset: int, value: str) -> None:
    text = bytearray(encode(SAMPLES["zhang"]))
    part = value.encode("utf-16-le")
    text[offset : offset + len(part)] = part
    assert decode(bytes(text)) is CardFault.WRONG_CARD


def test_half_a_character_is_the_wrong_card() -> None:
    text = bytearray(encode(SAMPLES["zhang"]))
    text[0:2] = b"\x00\xd8"
    assert decode(bytes(text)) is CardFault.WRONG_CARD


@given(st.binary(max_size=300))
def test_any_bytes_are_a_card_or_the_wrong_card(text: bytes) -> None:
    assert isinstance(decode(text), IdCard | CardFault)


@given(st.data())
def test_any_change_to_a_block_is_a_card_or_the_wrong_card(data: st.DataObject) -> None:
    text = bytearray(encode(SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))]))
    for place in data.draw(st.lists(st.integers(0, 255), min_size=1, max_size=6)):
        text[place] = data.draw(st.integers(0, 255))
    assert isinstance(decode(bytes(text)), IdCard | CardFault)


def words(units: int, least: int = 0) -> st.SearchStrategy[str]:
    """Text of at most `units` UTF-16 units that does not end in padding."""
    characters = st.characters(exclude_categories=["Cs"])
    return (
        st.text(characters, min_size=least, max_size=units)
        .map(lambda text: text.rstrip(" \0\u3000"))
        .filter(lambda text: least <= len(text) and len(text.encode("utf-16-le")) <= 2 * units)
    )


def units_of(card_type: CardType, name: str) -> int:
    return sum(span.size for span in LAYOUTS[card_type].get(name, ())) // 2


@st.composite
def cards(draw: st.DrawFn) -> IdCard:
    kind = draw(st.sampled_from(sorted(LAYOUTS)))
    days = st.dates(min_value=date(1900, 1, 1))
    layout = LAYOUTS[kind]

    def text(name: str, least: int = 0) -> str:
        return draw(words(units_of(kind, name), least)) if name in layout else ""

    return IdCard(
        card_type=kind,
        name=text("name", least=1),
        number=text("number"),
        sex=draw(st.sampled_from(sorted(SEXES.values()))),
        birth=draw(days),
        valid_from=draw(days),
        valid_to=draw(st.none() | days),
        ethnic=draw(st.sampled_from(sorted(PEOPLES.values()))) if "ethnic" in layout else "",
        address=text("address"),
        issuer=text("issuer"),
        name_en=text("name_en"),
        nationality=text("nationality"),
        pass_number=text("pass_number"),
        issue_count=text("issue_count"),
    )


@given(cards())
def test_what_is_written_is_read_again(card: IdCard) -> None:
    assert decode(encode(card)) == card


def test_years_have_four_digits_always() -> None:
    card = replace(SAMPLES["zhang"], birth=date(987, 6, 5), new_address="")
    assert decode(encode(card)) == card


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_samples_survive_the_card(name: str) -> None:
    card = SAMPLES[name]
    assert len(encode(card)) == 256
    assert decode(encode(card)) == replace(card, new_address="")
    assert len(sample_wlt(name)) == 1024
    assert decode_address(encode_address(card.new_address)) == card.new_address


def test_a_name_that_does_not_fit_is_not_cut() -> None:
    with pytest.raises(ValueError, match="too small"):
        encode(replace(SAMPLES["zhang"], name="字" * 16))


def test_the_2023_sample_needs_both_fields_of_the_english_name() -> None:
    name = SAMPLES["foreigner_y"].name_en
    assert len(name) > 35
    assert name[34] == " "


@pytest.mark.parametrize(
    ("code", "sex"), [("0", "未知"), ("9", "未说明"), (" ", "未知"), ("7", "未知")]
)
def test_a_sex_that_is_not_male_is_not_female_therefore(code: str, sex: str) -> None:
    text = bytearray(encode(SAMPLES["zhang"]))
    text[30:32] = code.encode("utf-16-le")
    assert read(bytes(text)).sex == sex


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_nothing_of_a_citizen_is_in_the_repr_of_a_card(name: str) -> None:
    card = SAMPLES[name]
    shown = repr(card)
    for field in fields(card):
        value = getattr(card, field.name)
        if field.name != "card_type" and value:
            assert str(value) not in shown
            assert repr(value) not in shown
