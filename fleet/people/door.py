"""The way in: name and password, then the second factor. Every refusal looks and lasts the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from fleet.people import accounts, factor, locks, sessions
from fleet.people.accounts import Account
from fleet.people.audit import Audit
from fleet.people.factor import Factors
from fleet.people.passwords import PasswordFault, Passwords, weakness
from fleet.people.roles import GRANTS, Way, Who
from fleet.people.sessions import Limits, Session, Stage
from fleet.store.database import Store


class DoorFault(StrEnum):
    WRONG = "wrong"  # name, password or code; or the account waits, or is closed: nobody learns
    ADDRESS = "address"  # too many tries from where somebody is


@dataclass(frozen=True, slots=True)
class Answer:
    """`cookie`: what the browser shall hold from now on, '' after a `fault`. `wait`: seconds."""

    cookie: str = ""
    stage: Stage = Stage.FULL
    fault: DoorFault | PasswordFault | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Caller:
    address: str
    browser: str = ""


class Door:
    def __init__(
        self,
        store: Store,
        audit: Audit,
        passwords: Passwords,
        factors: Factors,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._audit = audit
        self._passwords = passwords
        self._factors = factors
        self._limits = limits
        self._clock = clock

    def sign_in(self, name: str, password: str, caller: Caller) -> Answer:
        name = name.strip().lower()[:64]
        with self._store.write() as connection:
            turn = locks.reserve(connection, name, caller.address, self._clock())
            account = accounts.find(connection, name)
        if turn.wait:
            return Answer(fault=DoorFault.ADDRESS, wait=turn.wait)
        open_ = turn.granted and account is not None and not account.disabled
        held = self._passwords.holds(account.password if account and open_ else "", password)
        if account is None or not held:
            return self._refuse(account, caller, turn, "sign_in")
        if self._passwords.outdated(account.password):
            self._keep(account.name, password)
        stage = sessions.next_stage(account, self._limits, code_given=False)
        return self._let_in(account, stage, caller, forgive=stage is not Stage.CODE)

    def _keep(self, name: str, password: str) -> None:
        """With today's parameters."""
        kept = self._passwords.keep(password)
        with self._store.write() as connection:
            accounts.change(connection, name, password=kept)

    def code(self, session: Session, code: str, caller: Caller) -> Answer:
        """Of the phone, or one for a lost phone. `session`: one that waits for it."""
        now = self._clock()
        with self._store.write() as connection:
            turn = locks.reserve(connection, session.account, caller.address, now)
            account = accounts.find(connection, session.account)
            if turn.wait:
                return Answer(fault=DoorFault.ADDRESS, wait=turn.wait)
            good = turn.granted and account is not None and session.stage is Stage.CODE
            good = (
                good
                and account is not None
                and (
                    self._factors.use(connection, account.name, account.secret, code, now)
                    or factor.use_recovery(connection, account.name, code)
                )
            )
            if turn.closes and not good:
                sessions.end(connection, session.digest, session.account)
        if account is None or not good:
            return self._refuse(account, caller, turn, "second_factor")
        return self.onward(session, account, caller)

    def onward(self, session: Session, account: Account, caller: Caller) -> Answer:
        """After a step is done: another session, for what is next."""
        with self._store.write() as connection:
            account = accounts.find(connection, session.account) or account
            sessions.end(connection, session.digest, session.account)
        stage = sessions.next_stage(account, self._limits, code_given=True)
        return self._let_in(account, stage, caller, forgive=True)

    def welcome(self, account: Account, caller: Caller) -> Answer:
        """Somebody whom single sign-on has sent."""
        return self._let_in(account, Stage.FULL, caller, forgive=False)

    def change_password(self, session: Session, old: str, new: str, caller: Caller) -> Answer:
        """Ends every other session. `old` is asked for although somebody is signed in."""
        with self._store.write() as connection:
            turn = locks.reserve(connection, session.account, caller.address, self._clock())
            account = accounts.find(connection, session.account)
        if turn.wait:
            return Answer(fault=DoorFault.ADDRESS, wait=turn.wait)
        held = self._passwords.holds(account.password if account and turn.granted else "", old)
        if account is None or not held:
            return self._refuse(account, caller, turn, "password")
        fault = PasswordFault.SAME if old == new else weakness(new, account.name)
        kept = "" if fault else self._passwords.keep(new)
        with self._store.write() as connection:
            locks.forgive(connection, account.name, caller.address)
            if fault:
                return Answer(fault=fault)
            accounts.change(connection, account.name, password=kept, must_change=False)
            sessions.end_all(connection, account.name, but=session.digest)
            self._audit.append(connection, self._who(account, caller), "password", account.name)
            account = accounts.find(connection, account.name) or account
        return self.onward(session, account, caller)

    def _let_in(self, account: Account, stage: Stage, caller: Caller, *, forgive: bool) -> Answer:
        now = self._clock()
        with self._store.write() as connection:
            if forgive:
                locks.forgive(connection, account.name, caller.address)
            if stage is Stage.FULL:
                accounts.change(connection, account.name, signed_in_at=now)
                self._audit.append(connection, self._who(account, caller), "sign_in", account.name)
            cookie = sessions.begin(
                connection, account.name, stage, self._limits, now,
                address=caller.address, browser=caller.browser,
            )  # fmt: skip
        self._audit.mark()
        return Answer(cookie, stage)

    def _refuse(
        self, account: Account | None, caller: Caller, turn: locks.Turn, act: str
    ) -> Answer:
        """A name that nobody has is not kept: people type passwords there by mistake."""
        who = Who("", "", frozenset(), Way.CONSOLE, caller.address)
        outcome = "locked" if turn.closes or not turn.granted else "refused"
        self._audit.note(who, act, account.name if account else "?", outcome)
        return Answer(fault=DoorFault.WRONG)

    @staticmethod
    def _who(account: Account, caller: Caller) -> Who:
        return Who(account.name, account.role, GRANTS[account.role], Way.CONSOLE, caller.address)
