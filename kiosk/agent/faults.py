"""Why there is no link, in words that name a remedy. Nothing here makes a check weaker."""

from __future__ import annotations

import socket
import ssl
from enum import StrEnum


class LinkFault(StrEnum):
    UNREACHABLE = "unreachable"
    NO_TRUST = "no_trust"  # the fleet's root is not here yet
    NO_CERTIFICATE = "no_certificate"  # not enrolled yet
    CLOCK_BEHIND = "clock_behind"  # this clock is before a time that is known to be past
    NOT_YET_VALID = "not_yet_valid"  # the broker's certificate
    EXPIRED = "expired"  # the broker's certificate, or this clock is ahead
    WRONG_NAME = "wrong_name"  # somebody else's certificate
    UNTRUSTED = "untrusted"  # not of this fleet's root
    NO_TLS = "no_tls"  # something else answers at that port
    OWN_REVOKED = "own_revoked"
    OWN_EXPIRED = "own_expired"
    NOT_ACCEPTED = "not_accepted"  # our certificate, for another reason
    REFUSED = "refused"  # by the broker, after TLS


DISOWNED = (LinkFault.OWN_REVOKED, LinkFault.OWN_EXPIRED, LinkFault.NOT_ACCEPTED)
_VERIFIED = {  # OpenSSL's X509_V_ERR_*
    9: LinkFault.NOT_YET_VALID,
    10: LinkFault.EXPIRED,
    62: LinkFault.WRONG_NAME,
    64: LinkFault.WRONG_NAME,
}
_ALERTS = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": LinkFault.NO_CERTIFICATE,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": LinkFault.OWN_REVOKED,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": LinkFault.OWN_EXPIRED,
    "WRONG_VERSION_NUMBER": LinkFault.NO_TLS,
    "TLSV1_ALERT_PROTOCOL_VERSION": LinkFault.NO_TLS,
}


def fault_of(error: OSError, now: float, known: float) -> LinkFault:
    """`now`: this clock; `known`: the latest time that is known to be past (epoch seconds)."""
    if isinstance(error, ssl.SSLCertVerificationError):
        found = _VERIFIED.get(error.verify_code, LinkFault.UNTRUSTED)
        behind = found is LinkFault.NOT_YET_VALID and now < known
        return LinkFault.CLOCK_BEHIND if behind else found
    if isinstance(error, ssl.SSLError) and error.reason:
        if error.reason in _ALERTS:
            return _ALERTS[error.reason]
        if "ALERT" in error.reason:
            return LinkFault.NOT_ACCEPTED
    return LinkFault.UNREACHABLE


def refusal(address: tuple[str, int], context: ssl.SSLContext, seconds: float) -> OSError | None:
    """Why a broker ends connections at once: in TLS 1.3 it says so only after the handshake.

    None: it does not.
    """
    try:
        with (
            socket.create_connection(address, seconds) as plain,
            context.wrap_socket(plain, server_hostname=address[0]) as secure,
        ):
            secure.recv(1)
    except TimeoutError:
        return None
    except OSError as error:
        return error
    return None
