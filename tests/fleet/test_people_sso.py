"""Single sign-on against a provider that really signs, and everything that it may lie about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fleet.people import accounts
from fleet.people.oidc import ERRAND_SECONDS, SsoTerms
from fleet.people.roles import Role
from fleet.store.database import Store
from peoplework import NO_FACTOR, Browser, House
from signonwork import CLIENT, SECRET, Provider, provider

ROLES = {"fleet-admins": Role.ADMINISTRATOR, "it": Role.OPERATOR}
LI = {"sub": "42", "preferred_username": "Li.Wei@example.cn", "name": "李薇", "groups": ["it"]}


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with provider() as made:
        yield made


@pytest.fixture
def sso(served: Provider) -> Provider:
    served.claims, served.lie, served.sign, served.refuses = dict(LI), {}, "RS256", False
    return served


@pytest.fixture
def house(tmp_path: Path, sso: Provider) -> Iterator[House]:
    file = tmp_path / "secret"
    file.touch(0o600)
    file.write_text(SECRET + "\n")
    terms = SsoTerms(
        sso.issuer, CLIENT, "http://127.0.0.1:18080/sign-in/callback", roles=ROLES, secret_file=file
    )
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    made = House(store, tmp_path, replace(NO_FACTOR, sso=terms))
    sso.clock = lambda: made.now
    yield made
    store.close()


def there(browser: Browser, path: str = "/sign-in/sso?next=%2Fterminals%2FKT-0001") -> str:
    """To the provider and back: the address that the browser then asks for."""
    away = browser.get(path)
    assert away.status_code == 303
    at_provider = httpx.get(away.headers["location"], trust_env=False)
    return at_provider.headers["location"].removeprefix("http://127.0.0.1:18080")


def account(house: House, name: str) -> Any:
    with house.store.read() as connection:
        return accounts.find(connection, name)


def test_somebody_comes_in_with_the_role_of_a_claim(house: House, sso: Provider) -> None:
    browser = house.browser()
    assert "/sign-in/sso" in browser.get("/sign-in").text
    answer = browser.get(there(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/terminals/KT-0001")
    assert browser.follow().json() == {"who": "li.wei@sso"}
    known = account(house, "li.wei@sso")
    assert (known.role, known.display, known.password) == (Role.OPERATOR, "李薇", "")
    sso.claims["groups"] = ["it", "fleet-admins", "others"]
    again = house.browser()
    again.get(there(again))
    assert account(house, "li.wei@sso").role is Role.ADMINISTRATOR
    assert browser.get("/people").status_code == 200
    assert browser.get("/account/password").status_code == 303, "there is none to change"
    assert house.browser().sign_in("li.wei@sso", "").status_code == 401
    assert ("sso", "account.role", "li.wei@sso", "done") in house.acts()


LIES: dict[str, dict[str, Any]] = {
    "for another client": {"aud": "other"},
    "for two, and made for the other": {"aud": [CLIENT, "other"], "azp": "other"},
    "of another issuer": {"iss": "http://127.0.0.1:1"},
    "with another nonce": {"nonce": "replayed"},
    "without a nonce": {"nonce": None},
    "too old": {"exp": 1_700_000_000},
    "without an end": {"exp": None},
    "of nobody": {"sub": None},
    "without a role": {"groups": ["others"]},
    "with a role in another claim": {"groups": None, "roles": ["fleet-admins"]},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_lies_lets_nobody_in(house: House, sso: Provider, lie: str) -> None:
    sso.lie = LIES[lie]
    refused(house)


@pytest.mark.parametrize("sign", ["none", "HS256", "other"])
def test_a_token_that_the_provider_did_not_sign(house: House, sso: Provider, sign: str) -> None:
    sso.sign = sign
    refused(house)


def refused(house: House) -> None:
    browser = house.browser()
    answer = browser.get(there(browser))
    assert answer.status_code == 403
    assert browser.get("/").status_code == 303
    assert account(house, "li.wei@sso") is None
    assert ("", "sso", "?", "refused") in house.acts()


def test_an_errand_is_of_one_browser_once_and_for_minutes(house: House) -> None:
    browser, thief = house.browser(), house.browser()
    back = there(browser)
    assert thief.get(back).status_code == 403, "somebody else's errand, planted or stolen"
    other = house.browser()
    other_back = there(other)
    other.http.cookies.set("fleet_sso", "", domain="127.0.0.1", path="/sign-in")
    assert other.get(other_back).status_code == 403
    assert browser.get(back).status_code == 303
    browser.http.cookies.set("fleet_sso", back.rpartition("=")[2], domain="127.0.0.1")
    assert browser.get(back).status_code == 403, "each is good once"
    late = house.browser()
    back = there(late)
    house.now += ERRAND_SECONDS + 1
    assert late.get(back).status_code == 403


def test_a_closed_account_stays_closed(house: House) -> None:
    browser = house.browser()
    browser.get(there(browser))
    with house.store.write() as connection:
        accounts.change(connection, "li.wei@sso", disabled=True)
    again = house.browser()
    assert again.get(there(again)).status_code == 403


def test_a_provider_that_refuses_or_is_away(house: House, sso: Provider) -> None:
    browser = house.browser()
    sso.refuses = True
    assert browser.get(there(browser)).status_code == 403
    assert house.people.sso
    house.people.sso._said = {}
    house.people.sso._terms = replace(house.people.sso._terms, issuer="http://127.0.0.1:9")
    assert house.browser().get("/sign-in/sso").status_code == 403


def test_somebody_with_a_name_of_ours_gets_another(house: House, sso: Provider) -> None:
    sso.claims["preferred_username"] = "admin"
    browser = house.browser()
    browser.get(there(browser))
    assert account(house, "admin@sso").role is Role.OPERATOR
    sso.claims["sub"] = "43"
    other = house.browser()
    other.get(there(other))
    with house.store.read() as connection:
        names = [one.name for one in accounts.every(connection)]
    assert len(names) == 3
    assert names[:2] == ["admin", "admin@sso"]


def test_next_leads_nowhere_else_after_single_sign_on(house: House) -> None:
    browser = house.browser()
    answer = browser.get(there(browser, "/sign-in/sso?next=//evil.example"))
    assert answer.headers["location"] == "/"
