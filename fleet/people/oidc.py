"""Single sign-on by OpenID Connect: code flow with PKCE, state and nonce; roles from a claim."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, insert, select

from fleet.certificates import files
from fleet.people import secret
from fleet.people.roles import Role
from fleet.store.database import Store
from fleet.store.people_tables import people_errands as errands

SECONDS = 10.0  # for each answer of the provider
ERRAND_SECONDS = 600.0
LEEWAY = 60  # between its clock and ours
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]  # never `none`, never a shared secret
RANKS = tuple(Role)  # of several that fit, the highest


class SsoFault(StrEnum):
    PROVIDER = "provider"  # it does not answer, or says no
    STATE = "state"  # not this browser's errand, or too late
    TOKEN = "token"  # noqa: S105 - what it says of the person is not signed, or not for us
    ROLE = "role"  # nobody with a role here


@dataclass(frozen=True, slots=True)
class SsoTerms:
    """`redirect`: our own address that the provider sends people back to. `roles`: value of
    `claim` -> role. `secret_file`: '' for a client without one."""

    issuer: str
    client: str
    redirect: str
    claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Person:
    subject: str
    name: str
    display: str
    role: Role
    onward: str


class SingleSignOn:
    """`http`: other than the usual in tests alone."""

    def __init__(
        self, terms: SsoTerms, store: Store, clock: Callable[[], float] = time.time
    ) -> None:
        self._terms = terms
        self._store = store
        self._clock = clock
        self._said: dict[str, Any] = {}

    def begin(self, onward: str) -> tuple[str, str] | SsoFault:
        """Where the browser goes, and what it must bring back in a cookie."""
        try:
            address = self._provider()["authorization_endpoint"]
        except (httpx.HTTPError, ValueError, KeyError):
            return SsoFault.PROVIDER
        state, nonce, verifier = secret.token(), secret.token(), secret.token()
        with self._client() as client:
            made, _ = client.create_authorization_url(
                address, state=state, nonce=nonce, code_verifier=verifier
            )
        now = self._clock()
        row = {
            "state": secret.digest("errand", state), "nonce": nonce, "verifier": verifier,
            "onward": onward, "ends_at": now + ERRAND_SECONDS,
        }  # fmt: skip
        with self._store.write() as connection:
            connection.execute(delete(errands).where(errands.c.ends_at < now))
            connection.execute(insert(errands).values(row))
        return str(made), state

    def finish(self, code: str, state: str, cookie: str) -> Person | SsoFault:
        """Who came back. Each errand is good once."""
        if not cookie or not secret.same(state, cookie):
            return SsoFault.STATE
        rule = errands.c.state == secret.digest("errand", state)
        with self._store.write() as connection:
            row = connection.execute(select(errands).where(rule)).first()
            connection.execute(delete(errands).where(rule))
        if row is None or row.ends_at < self._clock():
            return SsoFault.STATE
        try:
            said = self._provider()
            with self._client() as client:
                given = client.fetch_token(
                    said["token_endpoint"], code=code, code_verifier=row.verifier
                )
            claims = self._claims(str(given.get("id_token", "")), row.nonce, said)
        except (httpx.HTTPError, AuthlibBaseError, KeyError):
            return SsoFault.PROVIDER
        except (JoseError, ValueError):
            return SsoFault.TOKEN
        return self._person(claims, row.onward)

    def _person(self, claims: Mapping[str, Any], onward: str) -> Person | SsoFault:
        told = claims.get(self._terms.claim, [])
        values = {told} if isinstance(told, str) else {str(one) for one in told or []}
        roles = {role for value, role in self._terms.roles.items() if value in values}
        if not roles:
            return SsoFault.ROLE
        subject = f"{self._terms.issuer} {claims['sub']}"
        name = str(claims.get("preferred_username") or claims["sub"])
        display = str(claims.get("name") or name)
        return Person(subject, name, display, max(roles, key=RANKS.index), onward)

    def _claims(self, token: str, nonce: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Of the ID token, after every check of OpenID Connect Core 3.1.3.7."""
        with self._http() as http:
            answer = http.get(said["jwks_uri"])
        answer.raise_for_status()
        claims = jwt.decode(
            token, KeySet.import_key_set(answer.json()), algorithms=ALGORITHMS
        ).claims
        audience = claims.get("aud")
        several = isinstance(audience, list) and len(audience) > 1
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._terms.issuer},
            aud={"essential": True, "value": self._terms.client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
        if several and claims.get("azp") != self._terms.client:
            raise ValueError("the token was made for another client")
        return dict(claims)

    def _provider(self) -> dict[str, Any]:
        """What the provider says of itself; read once. Raises `httpx.HTTPError`, `ValueError`."""
        if not self._said:
            issuer = self._terms.issuer.rstrip("/")
            with self._http() as http:
                answer = http.get(f"{issuer}/.well-known/openid-configuration")
            answer.raise_for_status()
            said = answer.json()
            if said.get("issuer") != self._terms.issuer:
                raise ValueError("another issuer answers there")
            self._said = said
        return self._said

    def _http(self) -> httpx.Client:
        return httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False)

    def _client(self) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client  # slow, and only needed here

        file = self._terms.secret_file
        hidden = files.read_secret(file).decode().strip() if file else None
        return OAuth2Client(
            self._terms.client,
            hidden,
            scope="openid profile",
            redirect_uri=self._terms.redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if hidden else "none",
            timeout=SECONDS,
            trust_env=False,
        )
