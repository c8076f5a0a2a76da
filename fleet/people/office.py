"""Everything about the fleet's people, put together once; what the guard and the pages ask."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from fleet.errors import StartError
from fleet.people import accounts, passwords, secret, sessions, tokens
from fleet.people.audit import Audit, command_line
from fleet.people.door import Door
from fleet.people.factor import Factors
from fleet.people.oidc import SingleSignOn, SsoTerms
from fleet.people.passwords import Passwords
from fleet.people.roles import GRANTS, Role, Way, Who, demonstration
from fleet.people.sessions import Limits, Session, Stage
from fleet.store.database import Store

HEAD = "audit.head"  # in no backup: it would know of acts that the store of the backup does not
CACHE_SECONDS = 1.0  # a page asks for dozens of files at once
CACHE_MOST = 1000


@dataclass(frozen=True, slots=True)
class PeopleTerms:
    """`address`: where browsers reach the console, without the last slash. `loopback`: it listens
    for this machine alone. `open_console`: nobody signs in. `sso`: single sign-on, if any."""

    address: str = "http://127.0.0.1:18080"
    loopback: bool = True
    open_console: bool = False
    limits: Limits = field(default_factory=Limits)
    sso: SsoTerms | None = None

    @property
    def secure(self) -> bool:
        """May the cookie go over TLS alone?"""
        return self.address.startswith("https:") or not self.loopback


class People:
    """Raises `StartError` when the terms contradict each other."""

    def __init__(
        self,
        store: Store,
        var: Path,
        terms: PeopleTerms,
        *,
        hashing: Passwords | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if terms.open_console and (terms.secure or terms.sso):
            raise StartError(
                "people.open_console lets everybody in: it is for demonstrations, with http.host"
                " 127.0.0.1, without people.address and people.oidc"
            )
        held = secret.load(var)
        self.store, self.terms, self.clock = store, terms, clock
        self.passwords = hashing or Passwords()
        self.factors = Factors(held.seal)
        self.audit = Audit(store, held.audit, var / HEAD, clock)
        self.door = Door(store, self.audit, self.passwords, self.factors, terms.limits, clock=clock)
        self.sso = SingleSignOn(terms.sso, store, clock) if terms.sso else None
        self._forms = secret.token()
        self._cache: dict[str, tuple[float, Session | None]] = {}
        self._seen: dict[str, float] = {}

    def first(self) -> str:
        """The password of the first administrator, made just now; '' when there are accounts, or
        when nobody signs in."""
        with self.store.read() as connection:
            if self.terms.open_console or not accounts.none_yet(connection):
                return ""
        made = passwords.fresh()
        kept, who = self.passwords.keep(made), command_line("start")
        with self.store.write() as connection:
            if not accounts.none_yet(connection):
                return ""
            accounts.add(
                connection, accounts.FIRST, Role.ADMINISTRATOR, self.clock(), password=kept
            )
            self.audit.append(connection, who, "account.add", accounts.FIRST, role="administrator")
        self.audit.mark()
        return made

    def session(self, cookie: str) -> Session | None:
        """A good one, whatever it waits for. At most a second old, but for `forget`."""
        now = self.clock()
        until, known = self._cache.get(cookie, (0.0, None))
        if cookie and until <= now:
            with self.store.read() as connection:
                known = sessions.find(connection, cookie, self.terms.limits, now)
            if len(self._cache) > CACHE_MOST:
                self._cache.clear()
            self._cache[cookie] = (now + CACHE_SECONDS, known)
        return known

    def forget(self) -> None:
        """Something about sessions or accounts has changed."""
        self._cache.clear()

    def touch(self, session: Session) -> None:
        """Somebody is still there."""
        now = self.clock()
        if now - max(session.seen_at, self._seen.get(session.digest, 0.0)) < sessions.TOUCH_SECONDS:
            return
        self._seen = {one: at for one, at in self._seen.items() if at > now - 2 * CACHE_SECONDS}
        self._seen[session.digest] = now
        with self.store.write() as connection:
            sessions.touch(connection, session.digest, now)

    def word(self, cookie: str) -> str:
        """For the forms of one session; another after each start."""
        return secret.digest("form", self._forms, cookie)

    def of_session(self, session: Session | None, address: str) -> Who | None:
        """Somebody who is in; None while a step is still to be done."""
        if session is None or session.stage is not Stage.FULL:
            return None
        grants = GRANTS[session.role]
        return Who(
            session.account, session.role, grants, Way.CONSOLE, address, session=session.digest
        )

    def of_token(self, given: str, address: str) -> Who | None:
        now = self.clock()
        with self.store.read() as connection:
            token = tokens.find(connection, given, now)
        if token is None:
            return None
        if now - token.used_at > tokens.USED_SECONDS:
            with self.store.write() as connection:
                tokens.used(connection, token.id, now)
        return tokens.who(token, address)

    def of_place(self, address: str, host: str) -> Who | None:
        """Whoever sits at this machine, where nobody signs in. `host`: as the browser names it,
        so that a page from elsewhere whose name leads here is not let in."""
        named = host.rsplit(":", 1)[0].strip("[]")
        local = is_loopback(address) and named in ("127.0.0.1", "localhost", "::1")
        return demonstration(address) if self.terms.open_console and local else None


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def operator() -> Who:
    """Who gives a command on the fleet's own machine."""
    try:
        return command_line(getpass.getuser())
    except (OSError, KeyError):
        return command_line("unknown")
