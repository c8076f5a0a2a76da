"""`python -m fleet pki`: certificates by hand. It may run beside a fleet manager: what it revokes
counts within a second."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fleet.certificates import files
from fleet.errors import FleetError, PkiError
from fleet.pki.authority import Authority, Terms, found
from fleet.pki.book import Entry
from fleet.pki.names import Role, common_name

PASSPHRASE = "FLEET_PKI_PASSPHRASE"  # noqa: S105 (the name of a variable)
OWN = {"operator": Role.OPERATOR, "observer": Role.OBSERVER}


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fleet pki", description="Certificates of the link")
    parser.add_argument("--settings", type=Path, default=Path("config/fleet.toml"))
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    first = acts.add_parser("init", help="make root and issuer (once); the fleet does it, too")
    first.add_argument("--passphrase", action="store_true",
                       help=f"lock the root's key: asked for, or ${PASSPHRASE}")  # fmt: skip
    issue = acts.add_parser("issue", help="a certificate for a terminal's own request")
    issue.add_argument("terminal", help="its id; or operator, observer (with --with-key)")
    how = issue.add_mutually_exclusive_group(required=True)
    how.add_argument("--request", type=Path, help="the request (PEM) that the terminal made")
    how.add_argument("--with-key", action="store_true", help="make a key, too: demonstrations")
    issue.add_argument("--out", type=Path, required=True, help="where the PEM goes")
    invite = acts.add_parser("invite", help="a code, good once, for a terminal's first certificate")
    invite.add_argument("terminal")
    invite.add_argument("--hours", type=float, default=24)
    revoke = acts.add_parser("revoke", help="end every certificate of a terminal, now")
    revoke.add_argument("terminal")
    acts.add_parser("server", help="a new key and certificate for broker and gateway")
    acts.add_parser("rotate", help="renew broker's, gateway's and fleet's own, and the list")
    acts.add_parser("list", help="what was issued, and how long it is good")
    return parser.parse_args(argv)


def run(asked: argparse.Namespace, folder: Path, tenant: str, terms: Terms) -> int:
    """0, or 2 with the reason on stderr."""
    try:
        if asked.act == "init":
            found(folder, tenant, terms, _passphrase(twice=True) if asked.passphrase else b"")
        authority = Authority(folder, tenant, terms)
        ACTS[asked.act](authority, asked)
    except (FleetError, OSError) as error:
        print(f"fleet pki: {error}", file=sys.stderr)
        return 2
    return 0


def _init(authority: Authority, _asked: argparse.Namespace) -> None:
    authority.write_server()
    authority.write_fleet()
    authority.write_lists()
    root = authority.folder / "root"
    print(f"root      {root}/root.pem")
    print(f"root key  {root}/root.key: take it away from this machine")


def _issue(authority: Authority, asked: argparse.Namespace) -> None:
    if asked.request is not None:
        given = authority.issue_request(asked.terminal, asked.request.read_text("utf-8"))
    elif asked.terminal in OWN:
        given = authority.issue_with_key(OWN[asked.terminal])
    else:
        given = authority.issue_with_key(Role.TERMINAL, asked.terminal)
    files.write(asked.out, given)
    print(asked.out)


def _invite(authority: Authority, asked: argparse.Namespace) -> None:
    print(authority.invite(asked.terminal, asked.hours))


def _revoke(authority: Authority, asked: argparse.Namespace) -> None:
    own = OWN.get(asked.terminal)
    name = common_name(own or Role.TERMINAL, authority.tenant, asked.terminal)
    ended = authority.revoke(name)
    if not ended:
        raise PkiError(f"{name} has no certificate that is good")
    print(f"{name}: {ended} ended")


def _server(authority: Authority, _asked: argparse.Namespace) -> None:
    authority.write_server()


def _rotate(authority: Authority, _asked: argparse.Namespace) -> None:
    authority.write_server()
    authority.write_fleet()
    authority.write_lists()


def _list(authority: Authority, _asked: argparse.Namespace) -> None:
    now = authority.clock()
    for one in authority.book.entries():
        print(f"{one.name:32}  {one.role:9} {_until(one, now):28} {one.serial[-16:]}")


def _until(entry: Entry, now: float) -> str:
    if entry.revoked is not None:
        return f"revoked {_day(entry.revoked)}"
    left = int((entry.not_after - now) // 86400)
    return f"until {_day(entry.not_after)} ({left} days)" if left >= 0 else "over"


def _day(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).date().isoformat()


def _passphrase(*, twice: bool) -> bytes:
    given = os.environ.get(PASSPHRASE) or getpass.getpass("Passphrase of the root's key: ")
    if twice and PASSPHRASE not in os.environ and getpass.getpass("Again: ") != given:
        raise PkiError("these were two different passphrases")
    if not given:
        raise PkiError("an empty passphrase locks nothing")
    return given.encode()


ACTS: dict[str, Callable[[Authority, argparse.Namespace], None]] = {
    "init": _init,
    "issue": _issue,
    "invite": _invite,
    "revoke": _revoke,
    "server": _server,
    "rotate": _rotate,
    "list": _list,
}
