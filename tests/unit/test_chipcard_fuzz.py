"""Whatever bytes come from a card: nothing raises, hangs or grows."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.chipcard import atr, lds, mrz, social, tlv
from drivers.chipcard.apdu import LinkFault
from drivers.chipcard.authority import Authority
from drivers.chipcard.emulation import CONTACTLESS_ATR, T0, EmulatedCard, Foreign
from drivers.chipcard.emulation_passport import PassportEmulation, groups_of
from drivers.chipcard.emulation_social import SocialEmulation
from drivers.chipcard.messaging import Keys, SecureMessaging
from drivers.chipcard.reading import read_card
from drivers.chipcard.samples import SAMPLES, OtherCard, Passport, SocialCard
from drivers.chipcard.trust import Doubt, check
from kiosk.model import CardFault, IdCard

TODAY = date(2026, 11, 21)
MANY = settings(max_examples=200, deadline=None)
FEWER = settings(max_examples=60, deadline=None)
BYTES = st.binary(max_size=600)
TAGGED = st.recursive(
    st.binary(max_size=20),
    lambda inner: st.builds(
        lambda parts: b"".join(tlv.build(tag, value) for tag, value in parts),
        st.lists(
            st.tuples(
                st.sampled_from([0x02, 0x5C, 0x5F1F, 0x5F2E, 0x60, 0x61, 0x75, 0x7F60, 0x7F61]),
                inner,
            ),
            max_size=4,
        ),
    ),
    max_leaves=6,
)


@cache
def authority() -> Authority:
    return Authority("UT")


@cache
def signed() -> tuple[bytes, dict[int, bytes]]:
    sample = SAMPLES["passport_eriksson"]
    assert isinstance(sample, Passport)
    groups = groups_of(sample)
    return authority().sign(groups), groups


@MANY
@given(BYTES | TAGGED)
def test_tlv(data: bytes) -> None:
    objects = tlv.parse(data)
    assert objects is None or sum(len(one.value) for one in objects) <= len(data)
    found = tlv.find(data, 0x60, 0x5C)
    assert found is None or found in data
    size = tlv.whole_size(data)
    assert size is None or 2 <= size <= tlv.MAX_LENGTH + 7


@MANY
@given(st.integers(1, 0x7FFF).map(lambda number: 0x5F00 | number & 0x7F), BYTES)
def test_what_is_built_is_parsed(tag: int, value: bytes) -> None:
    built = tlv.build(tag, value)
    assert tlv.parse(built) == ((tag, value),)
    assert tlv.whole_size(built) == len(built)


@MANY
@given(st.binary(max_size=40) | st.builds(lambda rest: b"\x3b" + rest, st.binary(max_size=34)))
def test_answers_to_reset(data: bytes) -> None:
    found = atr.parse(data)
    assert found is None or len(found.historical) <= 15


@MANY
@given(st.text(max_size=120) | st.text("<0123456789ABC", min_size=72, max_size=90))
def test_printed_pages(text: str) -> None:
    found = mrz.parse(text)
    if found:
        mrz.birth_date(found.birth, TODAY)
        mrz.expiry_date(found.expiry)


@MANY
@given(BYTES | TAGGED | st.builds(lambda b: tlv.build(0x75, b), TAGGED))
def test_files_of_passports(data: bytes) -> None:
    assert len(lds.portrait_of(data)) <= len(data)
    assert len(lds.full_name_of(data)) <= len(data)
    lds.mrz_of(data)
    lds.groups_of(data)
    lds.issued_of(data)


@MANY
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_face_records(head: bytes, tail: bytes) -> None:
    record = b"FAC\x00010\x00" + head + b"\xff\xd8\xff" + tail
    dg2 = tlv.build(0x75, tlv.build(0x7F61, tlv.build(0x7F60, tlv.build(0x5F2E, record))))
    assert len(lds.portrait_of(dg2)) <= len(record)


@MANY
@given(BYTES | TAGGED)
def test_protected_answers(body: bytes) -> None:
    session = SecureMessaging(Keys(bytes(range(16)), bytes(range(16, 32))), bytes(8))
    assert session.unprotect(body) is None


@MANY
@given(st.dictionaries(st.integers(0, 255), st.binary(max_size=60), max_size=12), BYTES)
def test_social_records(records: dict[int, bytes], data: bytes) -> None:
    card = social.decode(records, records)
    assert card is None or card.name
    one = social.record(data)
    assert one is None or len(one[1]) <= 255


@FEWER
@given(BYTES | TAGGED | st.builds(lambda inner: tlv.build(0x77, inner), BYTES))
def test_security_objects(data: bytes) -> None:
    assert check(data, {1: b""}, ()) is Doubt.MALFORMED


@MANY
@given(st.data())
def test_a_signed_object_with_a_changed_byte(data: st.DataObject) -> None:
    """Some bytes do not count (a certificate's own signature, without an issuer to check it)."""
    sod, groups = signed()
    place = data.draw(st.integers(0, len(sod) - 1))
    value = data.draw(st.integers(0, 255))
    changed = sod[:place] + bytes([value]) + sod[place + 1 :]
    doubt = check(changed, groups, [authority().certificate])
    assert doubt is None or isinstance(doubt, Doubt)


class Noise:
    """A card that answers as it likes, or as a good one would, by turns."""

    def __init__(
        self, card: EmulatedCard, t0: bool, answers: list[bytes | LinkFault | None]
    ) -> None:
        self.atr = card.atr
        self.t0 = t0
        self._card = card
        self._answers = answers
        self.count = 0

    def transmit(self, command: bytes) -> bytes | LinkFault:
        sound = self._card.answer(command)
        noise = self._answers[self.count] if self.count < len(self._answers) else None
        self.count += 1
        return sound if noise is None else noise


def emulated(name: str) -> tuple[EmulatedCard, bool]:
    sample = SAMPLES[name]
    if isinstance(sample, Passport):
        return PassportEmulation(sample, lambda _groups: signed()[0]), False
    if isinstance(sample, SocialCard):
        return T0(SocialEmulation(sample)), True
    return Foreign(sample), True


@FEWER
@given(
    st.sampled_from(["social_zhang", "passport_eriksson", "bank"]),
    st.lists(
        st.none()
        | st.none()
        | st.sampled_from(list(LinkFault))
        | st.binary(max_size=300)
        | st.binary(max_size=30).map(lambda data: data + b"\x90\x00")
        | st.binary(max_size=5).map(lambda data: data + b"\x61\x10"),
        max_size=40,
    ),
)
def test_a_whole_read_of_a_card_gone_mad(
    name: str, answers: list[bytes | LinkFault | None]
) -> None:
    card, t0 = emulated(name)
    link = Noise(card, t0, answers)
    sample = SAMPLES[name]
    access = "\n".join(sample.mrz) if isinstance(sample, Passport) else ""
    told = read_card(link, access, TODAY)
    assert isinstance(told, IdCard | CardFault | LinkFault)
    assert link.count < 2000


@FEWER
@given(st.sampled_from(["social_zhang", "passport_eriksson", "bank"]), st.lists(BYTES, max_size=8))
def test_emulated_cards_answer_anything(name: str, commands: list[bytes]) -> None:
    card, _ = emulated(name)
    for command in commands:
        assert len(card.answer(command)) >= 2


def test_the_samples_that_are_fuzzed_are_of_each_kind() -> None:
    assert isinstance(SAMPLES["bank"], OtherCard)
    assert emulated("passport_eriksson")[0].atr == CONTACTLESS_ATR
