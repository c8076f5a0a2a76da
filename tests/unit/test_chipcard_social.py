"""Social security cards: recorded dialogues, records, and the rules of T=0."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from drivers.chipcard import social
from drivers.chipcard.apdu import Channel, LinkFault
from drivers.chipcard.atr import parse as parse_atr
from drivers.chipcard.emulation import T0
from drivers.chipcard.emulation_social import SocialEmulation, files_of
from drivers.chipcard.reading import read_card, read_uid
from drivers.chipcard.samples import SAMPLES, SocialCard
from kiosk.model import CardFault, IdCard

TODAY = date(2026, 11, 21)
FIXTURES = Path(__file__).parents[1] / "fixtures" / "chipcard"


class Recording:
    """Plays a recorded dialogue: each command must be the one that was recorded next."""

    def __init__(self, name: str) -> None:
        said = json.loads((FIXTURES / f"{name}.json").read_text())
        self.atr = bytes.fromhex(said["atr"])
        self.t0 = said["protocol"] == "T=0"
        self.left = [tuple(map(bytes.fromhex, pair)) for pair in said["exchanges"]]

    def transmit(self, command: bytes) -> bytes | LinkFault:
        expected, answer = self.left.pop(0)
        assert command == expected
        return answer


class Scripted:
    def __init__(self, *answers: bytes, t0: bool = True) -> None:
        self.atr = b""
        self.t0 = t0
        self.sent: list[bytes] = []
        self._answers = list(answers)

    def transmit(self, command: bytes) -> bytes | LinkFault:
        self.sent.append(command)
        return self._answers.pop(0) if self._answers else b"\x6a\x83"


def of(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("name", ["social_zhang", "social_li"])
def test_a_recorded_card_is_read_as_it_was(name: str) -> None:
    recording = Recording(name)
    card = read_card(recording, "", TODAY)
    sample = SAMPLES[name]
    assert isinstance(card, IdCard)
    assert isinstance(sample, SocialCard)
    assert (card.name, card.number) == (sample.name, sample.number)
    assert recording.left == []


def test_a_recorded_bank_card_is_the_wrong_card() -> None:
    assert read_card(Recording("bank"), "", TODAY) is CardFault.WRONG_CARD


# ---- T=0 -----------------------------------------------------------------------------------------


def test_t0_never_asks_in_a_command_that_carries_data() -> None:
    link = Scripted(of("6102"), of("AABB9000"))
    assert Channel(link).send(of("00A40400"), b"\x01", 256).data == of("AABB")
    assert link.sent == [of("00A404000101"), of("00C0000002")]
    link = Scripted(of("AABB9000"), t0=False)
    assert Channel(link).send(of("00A40400"), b"\x01", 256).data == of("AABB")
    assert link.sent == [of("00A40400010100")]


def test_long_answers_come_in_parts_and_a_wrong_length_is_mended_once() -> None:
    link = Scripted(of("6C03"), of("0102036102"), of("6C02"), of("04059000"))
    answer = Channel(link).send(of("00B20104"), b"", 256)
    assert (answer.data, answer.status) == (of("0102030405"), 0x9000)
    assert link.sent == [of("00B2010400"), of("00B2010403"), of("00C0000002"), of("00C0000002")]


def test_a_card_that_always_has_more_is_not_asked_for_ever() -> None:
    class Endless(Scripted):
        def transmit(self, command: bytes) -> bytes:
            self.sent.append(command)
            return bytes(255) + b"\x61\xff"

    link = Endless()
    assert read_card(link, "", TODAY) is CardFault.UNREADABLE
    assert len(link.sent) < 1000


def test_the_emulated_card_keeps_to_t0() -> None:
    sample = SAMPLES["social_zhang"]
    assert isinstance(sample, SocialCard)
    card = T0(SocialEmulation(sample))
    assert card.answer(of("00A404000F") + social.APPLICATION + b"\x00") == of("6700")
    assert card.answer(of("00A404000F") + social.APPLICATION) == of("6113")
    assert card.answer(of("00A4020002EF06")) == of("6106")
    assert card.answer(of("00C0000010")) == of("6C06")
    assert card.answer(of("00B2080000")) == of("6C14"), "by tag"
    assert card.answer(of("00B2080014"))[2:-2] == sample.number.encode()
    assert card.answer(of("00B2013414"))[2:-2] == sample.number.encode(), "by short file number"
    assert card.answer(of("00B2090400")) == of("6A83")
    assert card.answer(of("00A4020002EF07")) == of("6106")
    assert card.answer(of("00B2010400")) == of("6982"), "needs a key"
    card.reset()
    assert card.answer(of("00B2010400")) == of("6986")


# ---- What the records say ------------------------------------------------------------------------


def records(name: str) -> tuple[dict[int, bytes], dict[int, bytes]]:
    sample = SAMPLES[name]
    assert isinstance(sample, SocialCard)
    files = files_of(sample)
    return dict(files[social.CARD_FILE]), dict(files[social.HOLDER_FILE])


def test_a_long_name_goes_on_in_its_extension_even_amid_a_character() -> None:
    name = "阿卜杜热依木·示例別克示例示𠮷例"
    encoded = name.encode("gb18030")
    assert len(encoded) > 30
    with pytest.raises(UnicodeDecodeError):
        encoded[:29].decode("gb18030")
    told = {social.NAME: encoded[:29], social.NAME_MORE: encoded[29:].ljust(20, b"\0")}
    assert social.name_of(told) == name


def test_a_name_that_is_no_gb18030_is_no_name() -> None:
    card, holder = records("social_zhang")
    holder[social.NAME] = "张小满".encode("gb18030")[:-1]
    assert social.decode(card, holder) is None


@pytest.mark.parametrize("tag", [social.NUMBER, social.NAME, social.BIRTH])
def test_without_name_number_or_birth_there_is_no_card(tag: int) -> None:
    card, holder = records("social_zhang")
    for wrong in (b"", b"\xff" * 8):
        assert social.decode(card, holder | {tag: wrong}) is None or tag == social.NUMBER


@pytest.mark.parametrize("expires", ["FFFFFFFF", "00000000", "20341399", "2034"])
def test_an_expiry_that_is_no_day_is_none(expires: str) -> None:
    card, holder = records("social_zhang")
    decoded = social.decode(card | {social.EXPIRES: of(expires)}, holder)
    assert decoded is not None
    assert decoded.valid_to is None


@pytest.mark.parametrize(
    ("sex", "told"), [(b"1", "男"), (b"2", "女"), (b"9", "未说明"), (b"", "未知")]
)
def test_sexes_are_gbt_2261(sex: bytes, told: str) -> None:
    card, holder = records("social_zhang")
    decoded = social.decode(card, holder | {social.SEX: sex})
    assert decoded is not None
    assert decoded.sex == told


def test_a_record_that_is_longer_than_its_bytes_is_damage() -> None:
    assert social.record(of("0902AABB")) == (9, of("AABB"))
    assert social.record(of("0902AABBCC")) == (9, of("AABB"))
    for damaged in ("", "09", "0903AABB"):
        assert social.record(of(damaged)) is None


# ---- Answers to reset ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("atr", "protocols", "contactless", "storage"),
    [
        ("3B6D00000081544A86864432DE55F7A6D3", (0,), False, False),
        ("3B80800101", (0, 1), True, False),
        ("3B8F8001804F0CA000000306030001000000006A", (0, 1), True, True),
        ("3B951381018073FF01000B", (1,), False, False),
    ],
)  # fmt: skip
def test_known_answers_to_reset(
    atr: str, protocols: tuple[int, ...], contactless: bool, storage: bool
) -> None:
    found = parse_atr(of(atr))
    assert found is not None
    assert (found.protocols, found.contactless) == (protocols, contactless)
    assert found.storage_card is storage


@pytest.mark.parametrize("atr", ["", "3B", "3C00", "3B80800100", "3B" * 40, "3B6D0000"])
def test_what_is_no_answer_to_reset_is_none(atr: str) -> None:
    assert parse_atr(of(atr)) is None


def test_a_storage_card_is_told_without_a_word_to_it() -> None:
    link = Scripted(t0=False)
    link.atr = of("3B8F8001804F0CA000000306030001000000006A")
    assert read_card(link, "", TODAY) is CardFault.WRONG_CARD
    assert link.sent == []


def test_a_reader_tells_the_radio_number_or_that_there_is_none() -> None:
    assert read_uid(Scripted(of("04A1B2C3D4E5F69000"), t0=False)) == of("04A1B2C3D4E5F6")
    assert read_uid(Scripted(of("6A81"), t0=False)) == b""
    assert read_uid(Scripted(of("90"), t0=False)) is LinkFault.BROKEN
