"""Messages off the broker: what is none is refused by one error, whatever is wrong with it."""

from __future__ import annotations

import base64

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk import wire

ACK = wire.Ack("j", 9, "t", [(1, 2)])


@pytest.mark.parametrize("message", [ACK, wire.HostState(True, 3, "t")])
def test_the_fleets_messages_arrive(message: wire.Answer) -> None:
    assert wire.decode_answer(wire.encode(message)) == message


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'{"type":"state"}',
        b'{"type":"ack","journal":"j","through":9,"time":"\xff"}',
        b'{"type":"ack","later":' + b"[" * 100_000,
        b'{"type":"ack","journal":"j","through":-1,"time":"t"}',
        b'{"type":"ack","journal":"j","through":9223372036854775808,"time":"t"}',
        b'{"type":"ack","journal":"j","through":9,"time":"t","missing":[[1,1%s]]}' % (b"0" * 20),
    ],
)
def test_what_no_fleet_says_is_refused(payload: bytes) -> None:
    """Larger numbers than a journal can count to, too: a database would refuse them later."""
    with pytest.raises(msgspec.DecodeError):
        wire.decode_answer(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"{",
        b'{"type":"ack"}',
        b'{"type":"health","later":' + b'{"a":' * 100_000,
        b'{"type":"\xff"}',
    ],
)
def test_what_no_terminal_says_is_refused(payload: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        wire.decode_incoming(payload)


REQUEST = wire.IdentityRequest("ab" * 32, 1.5, "445299199003072043", "135790")


def test_a_sealed_request_opens_for_its_key_and_purpose_alone() -> None:
    key, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    sealed = wire.seal_identity(public, wire.check_code("c1"), REQUEST)

    assert wire.unseal_identity(key, wire.check_code("c1"), sealed) == REQUEST
    assert wire.seal_identity(public, wire.check_code("c1"), REQUEST) != sealed
    for opener, purpose in (
        (other, wire.check_code("c1")),
        (key, wire.check_code("c2")),
        (key, wire.CHECK_PIN),
        (key, wire.SEND_CODE),
    ):
        with pytest.raises(InvalidTag):
            wire.unseal_identity(opener, purpose, sealed)
    with pytest.raises(InvalidTag):
        wire.unseal(key, sealed)


def test_every_altered_byte_of_a_sealed_request_is_noticed() -> None:
    key = X25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    good = base64.b64decode(wire.seal_identity(public, wire.CHECK_PIN, REQUEST))
    for at in range(len(good)):
        bad = base64.b64encode(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]).decode()
        with pytest.raises((InvalidTag, ValueError)):
            wire.unseal_identity(key, wire.CHECK_PIN, bad)


def test_an_answers_proof_is_of_its_request_and_every_byte() -> None:
    proofs = {wire.mac("n1", b"yes"), wire.mac("n2", b"yes"), wire.mac("n1", b"yes "), ""}
    assert len(proofs) == 4


def test_a_request_shows_nothing() -> None:
    assert repr(REQUEST) == str(REQUEST) == "IdentityRequest(...)"


def test_a_case_carries_its_parties() -> None:
    key = X25519PrivateKey.generate()
    second = wire.CaseParty("second", "李样本", "445299198808081128", proof="code")
    helper = wire.CaseParty("helper", "", "", staff="H-07")
    case = wire.CasePayload(
        "C1", "KT-0001", "T1", "1", "2026-01-02T03:04:05+08:00",
        wire.CaseApplicant("张小样", "11010519491231002X"), {}, "card", "face",
        [second, helper], "accept",
    )  # fmt: skip
    assert wire.unseal(key, wire.seal(key.public_key().public_bytes_raw(), case)) == case
