"""Basic Access Control: from the printed data page to session keys (ICAO 9303-11, 4.3).

A passport's chip answers only to someone who has seen its data page. The keys are only as strong
as the page is hard to guess; PACE, which is stronger, is not spoken here.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from drivers.chipcard.messaging import (
    MAC_SIZE,
    Keys,
    SecureMessaging,
    decrypt,
    encrypt,
    pad,
    retail_mac,
)

CHALLENGE_SIZE = 8
SEED_SIZE = 16
ANSWER_SIZE = 32 + MAC_SIZE


def access_keys(mrz_key: str) -> Keys:
    """`mrz_key`: number, birth and expiry, each with its check digit (`Mrz.key`)."""
    digest = hashlib.sha1(mrz_key.encode("ascii"), usedforsecurity=False).digest()
    return Keys.of(digest[:SEED_SIZE])


@dataclass(frozen=True, slots=True)
class Handshake:
    """The terminal's part. `challenge` and `seed` are fresh random bytes of its own."""

    keys: Keys
    challenge: bytes = field(repr=False)
    seed: bytes = field(repr=False)

    def request(self, of_card: bytes) -> bytes:
        """Data of EXTERNAL AUTHENTICATE; `of_card` is the challenge that the card has given."""
        return sealed(self.keys, self.challenge + of_card + self.seed)

    def session(self, of_card: bytes, answer: bytes) -> SecureMessaging | None:
        """None when the card has not proven that it knows the keys."""
        plain = opened(self.keys, answer)
        if plain is None or plain[:16] != of_card + self.challenge:
            return None
        return agreed(self.seed, plain[16:], of_card, self.challenge)


def sealed(keys: Keys, plain: bytes) -> bytes:
    cryptogram = encrypt(keys.encryption, plain)
    return cryptogram + retail_mac(keys.mac, pad(cryptogram))


def opened(keys: Keys, sealed_bytes: bytes) -> bytes | None:
    if len(sealed_bytes) != ANSWER_SIZE:
        return None
    cryptogram, mac = sealed_bytes[:-MAC_SIZE], sealed_bytes[-MAC_SIZE:]
    if not hmac.compare_digest(retail_mac(keys.mac, pad(cryptogram)), mac):
        return None
    return decrypt(keys.encryption, cryptogram)


def agreed(
    seed: bytes, card_seed: bytes, card_challenge: bytes, challenge: bytes
) -> SecureMessaging:
    """Both ends' session: keys of both seeds, a counter of both challenges."""
    mixed = bytes(one ^ other for one, other in zip(seed, card_seed, strict=True))
    return SecureMessaging(Keys.of(mixed), card_challenge[4:] + challenge[4:])
