"""Secure messaging with two-key 3DES and retail MAC (ICAO 9303-11, 9.8; ISO 9797-1 algorithm 3)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC

from drivers.chipcard import tlv
from drivers.chipcard.apdu import Response

CRYPTOGRAM, EXPECTED, STATUS, CHECKSUM = 0x87, 0x97, 0x99, 0x8E
MAC_SIZE = 8
_BLOCK = 8
_PADDED = b"\x01"  # padding indicator before a cryptogram: ISO 7816-4 padding


@dataclass(frozen=True, slots=True)
class Keys:
    """16 bytes each, from one seed (ICAO 9303-11, 9.7.1)."""

    encryption: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def of(cls, seed: bytes) -> Keys:
        return cls(_derive(seed, 1), _derive(seed, 2))


def encrypt(key: bytes, data: bytes) -> bytes:
    encryptor = Cipher(TripleDES(key + key[:8]), CBC(bytes(_BLOCK))).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(key: bytes, data: bytes) -> bytes:
    decryptor = Cipher(TripleDES(key + key[:8]), CBC(bytes(_BLOCK))).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def retail_mac(key: bytes, padded: bytes) -> bytes:
    """`padded`: at least one whole block. Only the last block gets all three keys."""
    first = Cipher(TripleDES(key[:8] * 3), CBC(bytes(_BLOCK))).encryptor()
    chained = (bytes(_BLOCK) + first.update(padded[:-_BLOCK]))[-_BLOCK:]
    last = Cipher(TripleDES(key + key[:8]), CBC(chained)).encryptor()
    return last.update(padded[-_BLOCK:])


def pad(data: bytes) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % _BLOCK)


def unpad(data: bytes) -> bytes | None:
    stripped = data.rstrip(b"\0")
    return stripped[:-1] if stripped.endswith(b"\x80") else None


class SecureMessaging:
    """One end of a protected session. `counter`: 8 bytes, grows before each MAC."""

    def __init__(self, keys: Keys, counter: bytes) -> None:
        self._keys = keys
        self._counter = int.from_bytes(counter, "big")

    def protect(self, header: bytes, data: bytes = b"", expected: int | None = None) -> bytes:
        """The whole protected command APDU."""
        masked = bytes([header[0] | 0x0C]) + header[1:]
        body = self.seal(data)
        if expected is not None:
            body += tlv.build(EXPECTED, bytes([expected & 0xFF]))
        body += tlv.build(CHECKSUM, self.mac(pad(masked) + body))
        return masked + bytes([len(body)]) + body + b"\x00"

    def unprotect(self, body: bytes) -> Response | None:
        """None when the answer is not what the card has sealed for this command."""
        objects = tlv.parse(body) or ()
        values = dict(objects)
        sealed = b"".join(tlv.build(*one) for one in objects if one.tag != CHECKSUM)
        known = all(tag in (CRYPTOGRAM, STATUS, CHECKSUM) for tag in values)
        mac = self.mac(sealed)
        if not known or len(values) != len(objects) or len(values.get(STATUS, b"")) != 2:
            return None
        if not hmac.compare_digest(mac, values.get(CHECKSUM, b"")):
            return None
        data = self.open(values[CRYPTOGRAM]) if CRYPTOGRAM in values else b""
        status = int.from_bytes(values[STATUS], "big")
        return None if data is None else Response(data, status)

    def mac(self, content: bytes) -> bytes:
        """Over the counter, which it moves on, and `content`, padded here."""
        self._counter = (self._counter + 1) % (1 << 64)
        return retail_mac(self._keys.mac, pad(self._counter.to_bytes(8, "big") + content))

    def seal(self, data: bytes) -> bytes:
        """The data object of a cryptogram; nothing for no data."""
        if not data:
            return b""
        return tlv.build(CRYPTOGRAM, _PADDED + encrypt(self._keys.encryption, pad(data)))

    def open(self, value: bytes) -> bytes | None:
        if value[:1] != _PADDED or len(value) % _BLOCK != 1 or len(value) < 1 + _BLOCK:
            return None
        return unpad(decrypt(self._keys.encryption, value[1:]))


def _derive(seed: bytes, purpose: int) -> bytes:
    digest = hashlib.sha1(seed + purpose.to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytes(_with_parity(byte) for byte in digest[:16])


def _with_parity(byte: int) -> int:
    return (byte & 0xFE) | (1 ^ (byte & 0xFE).bit_count() & 1)
