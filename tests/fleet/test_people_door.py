"""Signing in: passwords, waits, sessions, the second factor; and what must never work."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from fleet.people import accounts, locks, passwords, sessions
from fleet.people.passwords import PasswordFault, Passwords, weakness
from fleet.people.roles import Role
from fleet.people.sessions import Limits
from fleet.store.database import Store
from peoplework import NO_FACTOR, PASSWORD, QUICK, House, code


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_the_right_password_opens_and_a_cookie_keeps_it_open(house: House) -> None:
    house.add("li.wei", Role.OPERATOR)
    browser = house.browser()
    assert browser.get("/").headers["location"] == "/sign-in"
    asked = browser.get("/terminals/KT-0001?tab=1")
    assert asked.headers["location"] == "/sign-in?next=%2Fterminals%2FKT-0001%3Ftab%3D1"
    browser.follow()
    answer = browser.send("/sign-in", name=" Li.Wei ", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/terminals/KT-0001?tab=1")
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "secure" not in said.replace("samesite", "")
    assert browser.follow().json() == {"who": "li.wei"}
    assert ("li.wei", "sign_in", "li.wei", "done") in house.acts()
    with house.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT digest FROM people_sessions").scalar()
    assert kept
    assert browser.cookie not in kept


def test_behind_tls_the_cookie_is_of_this_host_alone(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path, replace(NO_FACTOR, address="https://console.example.cn"))
    house.add("li.wei")
    said = house.browser().sign_in("li.wei").headers["set-cookie"]
    assert said.startswith("__Host-fleet_session=")
    assert "; Secure" in said
    assert "; Path=/" in said
    answer = house.browser().get("/sign-in")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_nobody_learns_which_names_there_are(house: House) -> None:
    """The same words, the same status, the same work, whatever was wrong."""
    house.add("li.wei")
    house.add("closed")
    with house.store.write() as connection:
        accounts.change(connection, "closed", disabled=True)
    answers = []
    for name, password in (("li.wei", "wrong"), ("nobody", "wrong"), ("closed", PASSWORD)):
        before = house.hands.looked
        answer = house.browser(f"192.0.2.{len(answers)}").sign_in(name, password)
        assert house.hands.looked == before + 1
        answers.append((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 401
    assert ("", "sign_in", "?", "refused") in house.acts(), "what was typed is not kept"


def test_an_unknown_name_takes_as_long_as_a_known_one(house: House) -> None:
    """By work, not by watch: the hash is computed with the same parameters."""
    slow = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    assert slow.holds("", "anything") is False
    kept = slow.keep(PASSWORD)
    assert PasswordHasher().check_needs_rehash(kept)
    assert QUICK.check_needs_rehash(slow._nobodys) is False


def test_wrong_tries_are_followed_by_waits_that_grow(house: House) -> None:
    house.add("li.wei")
    browsers = [house.browser(f"198.51.100.{number}") for number in range(9)]
    for browser in browsers[:5]:
        assert browser.sign_in("li.wei", "wrong").status_code == 401
    assert house.browser().sign_in("li.wei").status_code == 401, "it has to wait now"
    house.now += 31
    assert house.browser("203.0.113.1").sign_in("li.wei", "wrong").status_code == 401
    house.now += 31
    assert house.browser("203.0.113.2").sign_in("li.wei").status_code == 401, "60 seconds now"
    house.now += 30
    assert house.browser("203.0.113.3").sign_in("li.wei").status_code == 303
    assert [locks.ACCOUNT.wait(tries) for tries in (4, 5, 6, 7, 40)] == [0, 30, 60, 120, 900]
    assert ("", "sign_in", "li.wei", "locked") in house.acts()


def test_one_address_cannot_try_all_names(house: House) -> None:
    browser = house.browser()
    for number in range(20):
        assert browser.sign_in(f"name{number}", "wrong").status_code == 401
    looked = house.hands.looked
    answer = browser.sign_in("name99", "wrong")
    assert answer.status_code == 429
    assert house.hands.looked == looked, "a wait costs no work"
    assert house.browser("198.51.100.1").sign_in("name1", "wrong").status_code == 401
    house.now += locks.FORGET_SECONDS + 1
    assert browser.sign_in("name1", "wrong").status_code == 401


def test_tries_at_once_are_counted_like_tries_in_a_row(house: House) -> None:
    """A try is counted before the password is looked at."""
    house.add("li.wei")
    now = house.now
    with house.store.write() as connection:
        turns = [
            locks.reserve(connection, "li.wei", f"192.0.2.{number}", now) for number in range(12)
        ]
    assert [turn.granted for turn in turns].count(True) == locks.ACCOUNT.free


def test_a_planted_cookie_is_worth_nothing_and_each_step_has_another(house: House) -> None:
    house.add("li.wei")
    browser = house.browser()
    browser.http.cookies.set("fleet_session", "planted", domain="127.0.0.1")
    browser.sign_in("li.wei")
    planted = house.browser()
    planted.http.cookies.set("fleet_session", "planted", domain="127.0.0.1")
    assert planted.get("/").status_code == 303


def test_a_stolen_cookie_ends_with_the_sign_out(house: House) -> None:
    house.add("li.wei")
    browser, thief = house.browser(), house.browser("203.0.113.9")
    browser.sign_in("li.wei")
    thief.http.cookies.set("fleet_session", browser.cookie, domain="127.0.0.1")
    assert thief.get("/").status_code == 200
    browser.get("/account")
    assert browser.send("/sign-out").headers["location"] == "/sign-in?out=1"
    assert thief.get("/").status_code == 303
    assert thief.get("/api/v1/terminals").status_code == 401
    assert browser.send("/sign-out").headers["location"] == "/sign-in?out=1", "pressed twice"


def test_signing_out_everywhere_ends_the_others_as_well(house: House) -> None:
    house.add("li.wei")
    one, other = house.browser(), house.browser("203.0.113.9")
    for browser in (one, other):
        browser.sign_in("li.wei")
    assert "203.0.113.9" in one.get("/account").text
    one.send("/account/sessions")
    assert [one.get("/").status_code, other.get("/").status_code] == [303, 303]


def test_a_session_ends_when_nobody_is_there_and_at_its_limit(house: House) -> None:
    house.add("li.wei")
    browser = house.browser()
    browser.sign_in("li.wei")
    limits = Limits()
    for _ in range(4):
        house.now += limits.idle - 60
        assert browser.get("/").status_code == 200
    house.now += limits.idle + 1
    assert browser.get("/").status_code == 303
    browser.sign_in("li.wei")
    began = house.now
    while house.now < began + limits.whole - limits.idle:
        house.now += limits.idle - 60
        browser.get("/")
    house.now = began + limits.whole + 1
    assert browser.get("/").status_code == 303


def test_a_closed_account_or_another_role_counts_at_once(house: House) -> None:
    house.add("boss", Role.ADMINISTRATOR)
    house.add("li.wei", Role.ADMINISTRATOR)
    boss, browser = house.browser(), house.browser()
    boss.sign_in("boss")
    browser.sign_in("li.wei")
    assert browser.get("/people").status_code == 200
    boss.get("/people/of/li.wei")
    boss.send("/people/of/li.wei/role", role="viewer")
    assert browser.get("/people").status_code == 303, "and has to sign in again"
    browser.sign_in("li.wei")
    assert browser.get("/people").status_code == 403
    boss.get("/people/of/li.wei")
    boss.send("/people/of/li.wei/disable")
    assert browser.get("/").status_code == 303


def test_a_new_password_must_be_good_and_ends_other_sessions(house: House) -> None:
    house.add("li.wei")
    browser, other = house.browser(), house.browser()
    browser.sign_in("li.wei")
    other.sign_in("li.wei")
    browser.get("/account/password")
    for new, again in (("kurz", "kurz"), ("Password2024!", "Password2024!"), (PASSWORD, PASSWORD),
                       ("neun rote Drachen", "andere")):  # fmt: skip
        answer = browser.send("/account/password", old=PASSWORD, new=new, again=again)
        assert answer.status_code == 422, new
    assert browser.send(
        "/account/password", old="wrong", new="neun rote Drachen", again="neun rote Drachen"
    ).status_code == 422  # fmt: skip
    stolen = browser.cookie
    browser.send(
        "/account/password", old=PASSWORD, new="neun rote Drachen", again="neun rote Drachen"
    )
    assert browser.get("/").status_code == 200
    assert browser.cookie != stolen
    assert other.get("/").status_code == 303
    assert house.browser().sign_in("li.wei").status_code == 401
    assert house.browser().sign_in("li.wei", "neun rote Drachen").status_code == 303


def test_other_parameters_of_the_hash_are_taken_up_at_the_next_sign_in(house: House) -> None:
    house.add("li.wei")

    def kept() -> str:
        with house.store.read() as connection:
            account = accounts.find(connection, "li.wei")
        assert account
        return account.password

    before = kept()
    house.hands._hasher = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    assert house.browser().sign_in("li.wei").status_code == 303
    assert "t=1" in before
    assert "t=2" in kept()
    assert house.browser().sign_in("li.wei").status_code == 303


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("elf zeichen", PasswordFault.TOO_SHORT),
        ("x" * 129, PasswordFault.TOO_LONG),
        ("aaaaaaaaaaaaaa", PasswordFault.COMMON),
        ("123456789012", PasswordFault.COMMON),
        ("839201746529", PasswordFault.COMMON),
        ("qwertyuiop12", PasswordFault.COMMON),
        ("P@ssw0rd2024!", PasswordFault.COMMON),
        ("Administrator1", PasswordFault.COMMON),
        ("woaini" * 20, PasswordFault.COMMON),
        ("correcthorsebatterystaple", PasswordFault.COMMON),
        ("Li.Wei-2024-2024", PasswordFault.LIKE_NAME),
        ("vierzehn Kraniche 8", None),
        ("春眠不觉晓处处闻啼鸟夜来", None),
    ],
)
def test_what_is_easily_guessed_is_refused(password: str, fault: PasswordFault | None) -> None:
    assert weakness(password, "li.wei") == fault


def test_a_made_password_is_good_enough() -> None:
    assert weakness(passwords.fresh(), "li.wei") is None


def test_a_first_administrator_with_a_password_that_must_be_changed(
    store: Store, tmp_path: Path
) -> None:
    house = House(store, tmp_path, replace(NO_FACTOR, limits=Limits()))
    assert house.people.first() == "", "the start has made one already"
    browser = house.browser()
    assert browser.sign_in("admin", "admin").status_code == 401
    with store.write() as connection:
        accounts.change(connection, "admin", password=house.hands.keep("erstes Wort 2"))
    browser.sign_in("admin", "erstes Wort 2")
    assert browser.page.headers["location"] == "/account/password?next=%2F"
    assert browser.get("/").headers["location"] == "/account/password", "nothing else yet"
    assert browser.get("/people").status_code == 303
    assert browser.get("/api/v1/terminals").status_code == 401
    browser.get("/account/password")
    browser.send("/account/password", old="erstes Wort 2", new=PASSWORD, again=PASSWORD)
    assert browser.page.headers["location"].startswith("/account/factor"), "the role needs two"
    assert browser.get("/people").headers["location"] == "/account/factor"
    shown = browser.get("/account/factor").text
    secret = re.search(r'k-mono">([A-Z2-7 ]+)<', shown)
    assert secret
    assert browser.send("/account/factor", code="000000").status_code == 422
    assert secret[1] in browser.page.text, "the same once more"
    done = browser.send("/account/factor", code=code(secret[1], house.now))
    assert len(re.findall(r"<li><code", done.text)) == 10
    assert browser.get("/people").status_code == 200
    acts = [act for _, act, _, _ in house.acts()]
    assert acts.count("account.add") == 1
    assert "password" in acts
    assert "factor" in acts


@pytest.fixture
def second(house: House) -> tuple[House, str, list[str]]:
    """`li.wei` with a second factor: its secret and the recovery codes."""
    house.add("li.wei")
    browser = house.browser()
    browser.sign_in("li.wei")
    secret = re.search(r'k-mono">([A-Z2-7 ]+)<', browser.get("/account/factor").text)
    assert secret
    done = browser.send("/account/factor", code=code(secret[1], house.now))
    codes = re.findall(r'<li><code class="k-mono">([^<]+)<', done.text)
    house.now += 60
    return house, secret[1], codes


def test_a_code_is_asked_for_and_good_once(second: tuple[House, str, list[str]]) -> None:
    house, secret, _ = second
    browser = house.browser()
    assert browser.sign_in("li.wei").headers["location"] == "/sign-in/code?next=%2F"
    before = browser.cookie
    assert browser.get("/").headers["location"] == "/sign-in/code"
    browser.get("/sign-in/code")
    assert browser.send("/sign-in/code", code="123 456").status_code == 401
    right = code(secret, house.now)
    assert browser.send("/sign-in/code", code=f"{right[:3]} {right[3:]}").status_code == 303
    assert browser.cookie != before
    assert browser.get("/").status_code == 200
    other = house.browser()
    other.sign_in("li.wei")
    other.get("/sign-in/code")
    assert other.send("/sign-in/code", code=right).status_code == 401, "a replay"
    older = code(secret, house.now - 30)
    assert other.send("/sign-in/code", code=older).status_code == 401, "older than the last"
    house.now += 30
    assert other.send("/sign-in/code", code=code(secret, house.now)).status_code == 303


def test_codes_cannot_be_tried_for_long(second: tuple[House, str, list[str]]) -> None:
    house, _, _ = second
    browser = house.browser()
    browser.sign_in("li.wei")
    browser.get("/sign-in/code")
    tries = 0
    while browser.send("/sign-in/code", code="000000").status_code == 401:
        tries += 1
    assert tries <= locks.ACCOUNT.free
    assert browser.page.headers["location"] == "/sign-in", "the password is asked for again"
    assert house.browser("203.0.113.2").sign_in("li.wei").status_code == 401


def test_a_recovery_code_stands_in_for_the_phone_once(
    second: tuple[House, str, list[str]],
) -> None:
    house, _, codes = second
    for expected in (303, 401):
        browser = house.browser()
        browser.sign_in("li.wei")
        browser.get("/sign-in/code")
        answer = browser.send("/sign-in/code", code=codes[0].upper().replace("-", " "))
        assert answer.status_code == expected
    with house.store.read() as connection:
        assert accounts.recovery_left(connection, "li.wei") == 9


def test_the_database_alone_gives_away_no_second_factor(
    second: tuple[House, str, list[str]],
) -> None:
    house, secret, codes = second
    with house.store.read() as connection:
        dump = "\n".join(connection.connection.iterdump())  # type: ignore[attr-defined]
    assert secret.replace(" ", "") not in dump
    assert not [one for one in codes if one in dump or one.replace("-", "") in dump]
    assert PASSWORD not in dump


def test_a_part_of_a_session_does_not_last(second: tuple[House, str, list[str]]) -> None:
    house, secret, _ = second
    browser = house.browser()
    browser.sign_in("li.wei")
    browser.get("/sign-in/code")
    house.now += sessions.PART_SECONDS + 1
    answer = browser.send("/sign-in/code", code=code(secret, house.now))
    assert answer.status_code in (303, 403)
    assert browser.get("/").status_code == 303
