"""The second factor: codes of 30 seconds (RFC 6238), and others for a lost phone."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import pyotp
import qrcode
from qrcode.image.svg import SvgPathImage
from sqlalchemy import Connection, delete, insert, update

from fleet.people import passwords, secret
from fleet.store.people_tables import people_accounts as accounts
from fleet.store.people_tables import people_recovery as recovery

ISSUER = "Kiosk fleet"
STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # steps that a phone's clock may be off
RECOVERY_CODES = 10
ENROL_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`held`: the secret, sealed, for the form that comes back; `qr`: an SVG as a data address."""

    text: str
    held: str
    qr: str


class Factors:
    """`key` seals the secrets; each is bound to its account's name."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def enrolment(self, account: str, now: float) -> Enrolment:
        made = pyotp.random_base32()
        held = secret.seal(self._key, f"{now + ENROL_SECONDS:.0f} {made}", f"enrol {account}")
        return _shown(account, made, held)

    def again(self, account: str, held: str, now: float) -> Enrolment | None:
        """The same once more, after a wrong code; None when its time is over."""
        made = self._held(account, held, now)
        return _shown(account, made, held) if made else None

    def _held(self, account: str, held: str, now: float) -> str:
        until, _, made = secret.opened(self._key, held, f"enrol {account}").partition(" ")
        return made if until and float(until) > now else ""

    def confirm(
        self, connection: Connection, account: str, held: str, code: str, now: float
    ) -> list[str]:
        """Keep the secret if `code` is of it; the new recovery codes, [] when it is not."""
        made = self._held(account, held, now)
        step = _step(made, code, now) if made else 0
        if not step:
            return []
        sealed = secret.seal(self._key, made, f"factor {account}")
        row = update(accounts).where(accounts.c.name == account)
        connection.execute(row.values(secret=sealed, step=step))
        return new_recovery(connection, account)

    def use(self, connection: Connection, account: str, kept: str, code: str, now: float) -> bool:
        """Each code once: another's step must be later than the last one's."""
        made = secret.opened(self._key, kept, f"factor {account}")
        step = _step(made, code, now) if made else 0
        row = update(accounts).where(accounts.c.name == account, accounts.c.step < step)
        return step > 0 and connection.execute(row.values(step=step)).rowcount == 1


def _shown(account: str, made: str, held: str) -> Enrolment:
    address = pyotp.TOTP(made).provisioning_uri(name=account, issuer_name=ISSUER)
    groups = " ".join(made[at : at + 4] for at in range(0, len(made), 4))
    return Enrolment(groups, held, _qr(address))


def _step(made: str, code: str, now: float) -> int:
    """The time step of which `code` is; 0 for none."""
    typed = "".join(code.split())
    current, found = int(now // STEP_SECONDS), 0
    for drift in DRIFT:
        if secret.same(pyotp.TOTP(made).generate_otp(current + drift), typed):
            found = current + drift
    return found


def new_recovery(connection: Connection, account: str) -> list[str]:
    """Instead of all earlier ones; shown once, kept as hashes."""
    codes = [passwords.fresh(10) for _ in range(RECOVERY_CODES)]
    connection.execute(delete(recovery).where(recovery.c.account == account))
    rows = [{"digest": _recovery(account, code), "account": account} for code in codes]
    connection.execute(insert(recovery), rows)
    return codes


def use_recovery(connection: Connection, account: str, code: str) -> bool:
    row = delete(recovery).where(recovery.c.digest == _recovery(account, code))
    return connection.execute(row).rowcount == 1


def remove(connection: Connection, account: str) -> None:
    connection.execute(delete(recovery).where(recovery.c.account == account))
    row = update(accounts).where(accounts.c.name == account)
    connection.execute(row.values(secret="", step=0))


def _recovery(account: str, code: str) -> str:
    return secret.digest(
        "recovery", account, code.strip().lower().replace("-", "").replace(" ", "")
    )


def _qr(address: str) -> str:
    file = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(file)
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()
