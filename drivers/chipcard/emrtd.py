"""Passports and other travel documents with a chip (ICAO 9303): access, files, and what they say.

Proven: the chip knows the keys that its printed page gives, the files are whole and (by EF.SOD) as
they were signed; and by whom, when the issuing states' certificates are at hand. Not proven: that
the chip is not a copy, that its signer was not revoked, and that the bearer is the holder.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from cryptography import x509

from drivers.chipcard import lds, mrz, tlv
from drivers.chipcard.apdu import OK, CardStopError, Channel, Response
from drivers.chipcard.bac import CHALLENGE_SIZE, SEED_SIZE, Handshake, access_keys
from drivers.chipcard.messaging import SecureMessaging
from drivers.chipcard.trust import Doubt, check
from kiosk.model import CardFault, CardType, IdCard

APPLICATION = bytes.fromhex("A0000002471001")
_GET_CHALLENGE = bytes.fromhex("00840000")
_AUTHENTICATE = bytes.fromhex("00820000")
_SELECT_FILE = bytes.fromhex("00A4020C")
_READ = bytes.fromhex("00B0")
_CHUNK = 231  # bytes: what fits into 256 when it is sealed
_HEAD = 8  # bytes: tag and length of any file
_END_OF_FILE = 0x6282
_SEXES = {"M": "男", "F": "女"}
_NAMED, _ISSUED, _PORTRAIT, _MRZ = 11, 12, 2, 1
_ALWAYS_REFUSED = (Doubt.MALFORMED, Doubt.ALTERED, Doubt.BAD_SIGNATURE)


def read(
    channel: Channel, access: str, today: date, issuers: Sequence[x509.Certificate] | None
) -> IdCard:
    """The application is selected. One of `issuers` must vouch for the signer, unless None.

    Raises `CardStopError`.
    """
    printed = mrz.parse(access)
    if printed is None:
        raise CardStopError(CardFault.ACCESS_NEEDED)
    files = Files(channel, _authenticate(channel, printed.key))
    listed = lds.groups_of(files.read(lds.COM))
    if listed is None or _MRZ not in listed:
        raise CardStopError(CardFault.UNREADABLE)
    wanted = [group for group in (_MRZ, _PORTRAIT, _NAMED, _ISSUED) if group in listed]
    groups = {group: content for group in wanted if (content := files.read(lds.file_of(group)))}
    doubt = check(files.read(lds.SOD), groups, issuers or ())
    if doubt in _ALWAYS_REFUSED or (doubt and issuers is not None):
        raise CardStopError(CardFault.REFUSED)
    return _card(groups, printed, today)


class Files:
    """Reads files of the selected application through secure messaging."""

    def __init__(self, channel: Channel, session: SecureMessaging) -> None:
        self._channel = channel
        self._session = session

    def read(self, file: int) -> bytes:
        """Empty for a file of more than `lds.MAX_FILE`: a passport is read without its portrait.

        Raises `CardStopError`: `UNREADABLE` for a file that is absent or damaged.
        """
        self._send(_SELECT_FILE, file.to_bytes(2, "big"))
        content = self._send(_READ + bytes(2), b"", _HEAD)
        size = tlv.whole_size(content)
        if size is None:
            raise CardStopError(CardFault.UNREADABLE)
        if size > lds.MAX_FILE:
            return b""
        while len(content) < size:
            ask = min(_CHUNK, size - len(content))
            part = self._send(_READ + len(content).to_bytes(2, "big"), b"", ask)
            if not part:
                raise CardStopError(CardFault.UNREADABLE)
            content += part
        return content[:size]

    def _send(self, header: bytes, data: bytes = b"", expected: int | None = None) -> bytes:
        protected = self._session.protect(header, data, expected)
        head, size, body = protected[:4], protected[4], protected[5:]
        answer = self._channel.send(head, body[:size], 256)
        opened: Response | None = self._session.unprotect(answer.data)
        if opened is None or opened.status not in (OK, _END_OF_FILE):
            raise CardStopError(CardFault.UNREADABLE)
        return opened.data


def _authenticate(channel: Channel, key: str) -> SecureMessaging:
    given = channel.send(_GET_CHALLENGE, b"", CHALLENGE_SIZE)
    if given.status != OK or len(given.data) != CHALLENGE_SIZE:
        raise CardStopError(CardFault.UNREADABLE)
    own = secrets.token_bytes(CHALLENGE_SIZE), secrets.token_bytes(SEED_SIZE)
    handshake = Handshake(access_keys(key), *own)
    answer = channel.send(_AUTHENTICATE, handshake.request(given.data), 40)
    if answer.status != OK:  # the page that was shown is another passport's
        raise CardStopError(CardFault.REFUSED)
    session = handshake.session(given.data, answer.data)
    if session is None:
        raise CardStopError(CardFault.REFUSED)
    return session


def _card(groups: dict[int, bytes], printed: mrz.Mrz, today: date) -> IdCard:
    told = mrz.parse(lds.mrz_of(groups.get(_MRZ, b"")) or "")
    if told is None:
        raise CardStopError(CardFault.UNREADABLE)
    if told.key != printed.key:
        raise CardStopError(CardFault.REFUSED)
    birth, expiry = mrz.birth_date(told.birth, today), mrz.expiry_date(told.expiry)
    if birth is None or expiry is None:  # allowed to be unknown, but not enough to act on
        raise CardStopError(CardFault.WRONG_CARD)
    latin = " ".join(filter(None, (told.surname, told.given)))
    return IdCard(
        card_type=CardType.PASSPORT,
        name=lds.full_name_of(groups.get(_NAMED, b"")) or latin,
        name_en=latin,
        number=told.number,
        sex=_SEXES.get(told.sex, "未说明"),
        birth=birth,
        valid_from=lds.issued_of(groups.get(_ISSUED, b"")) or date.min,
        valid_to=expiry,
        nationality=told.nationality,
        issuer=told.issuer,
        photo=lds.portrait_of(groups.get(_PORTRAIT, b"")),
    )


def load_issuers(files: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Certificates of issuing states (CSCA), PEM or DER; what is none is left out."""
    found: list[x509.Certificate] = []
    for content in files:
        pem = b"-----BEGIN" in content
        try:
            found += (
                x509.load_pem_x509_certificates(content)
                if pem
                else [x509.load_der_x509_certificate(content)]
            )
        except (ValueError, x509.InvalidVersion):
            continue
    return tuple(found)
