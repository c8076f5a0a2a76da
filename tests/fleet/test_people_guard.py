"""Who gets where: every page and action for every role, other sites, tokens, frames and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fleet.errors import StartError
from fleet.people import accounts, headers, rules, web
from fleet.people.guard import from_elsewhere
from fleet.people.office import People, PeopleTerms
from fleet.people.pages.people import Act
from fleet.people.roles import GRANTS, SCOPES, Permission, Role
from fleet.people.rules import Kind
from fleet.store.database import Store
from peoplework import NO_FACTOR, PASSWORD, Browser, Hands, House

SOCKET = "ws://127.0.0.1:18080/_nicegui_ws/socket.io/"
PAGES = {
    "/": Permission.VIEW,
    "/terminals/KT-0001": Permission.VIEW,
    "/api/v1/terminals": Permission.VIEW,
    "/metrics": Permission.METRICS,
    "/audit": Permission.AUDIT,
    "/people": Permission.ACCOUNTS,
    "/people/of/other": Permission.ACCOUNTS,
    "/people/tokens": Permission.TOKENS,
}
ACTIONS = {
    "/people": Permission.ACCOUNTS,
    **{f"/people/of/other/{act}": Permission.ACCOUNTS for act in Act},
    "/people/tokens": Permission.TOKENS,
    "/people/tokens/0123456789abcdef/revoke": Permission.TOKENS,
    "/audit/check": Permission.AUDIT,
    "/audit/export": Permission.AUDIT,
    "/api/v1/commands": Permission.COMMANDS,
    "/api/v1/unheard-of": Permission.ACCOUNTS,
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    yield House(store, tmp_path)
    store.close()


def signed_in(house: House, role: Role, name: str = "") -> Browser:
    house.add(name or role.value, role)
    browser = house.browser()
    assert browser.sign_in(name or role.value).status_code == 303
    return browser


@pytest.mark.parametrize("role", list(Role))
def test_every_page_and_action_for_a_role(house: House, role: Role) -> None:
    house.add("other")
    browser = signed_in(house, role)
    for path, needs in PAGES.items():
        status = browser.get(path).status_code
        assert status == (200 if needs in GRANTS[role] else 403), path
    for path, needs in ACTIONS.items():
        browser.get("/account")  # a page with its web session's word
        status = browser.send(path, role="administrator").status_code
        assert (status != 403) == (needs in GRANTS[role]), path
    if role is not Role.ADMINISTRATOR:
        with house.store.read() as connection:
            assert [one.role for one in accounts.every(connection) if one.name == "other"] == [
                Role.VIEWER
            ]
        assert ("other", "http.post") not in [(who, act) for who, act, _, _ in house.acts()]
        assert (role, "http.get", "/people", "refused") in house.acts()


@pytest.mark.parametrize("path", [*PAGES, *ACTIONS])
def test_nobody_gets_anywhere_without_a_session(house: House, path: str) -> None:
    browser = house.browser()
    for status in (browser.get(path).status_code, browser.send(path, role="x").status_code):
        assert status in (303, 401)
    assert house.reached == []


def test_what_terminals_and_probes_ask_is_open(house: House) -> None:
    browser = house.browser()
    assert browser.get("/healthz").status_code == 200
    assert browser.send("/api/v1/gateway/x").status_code == 200
    assert browser.get("/metrics").status_code == 401
    assert house.browser("127.0.0.1").get("/metrics").status_code == 200
    assert house.browser("127.0.0.1").get("/").status_code == 303


def test_what_no_rule_names_is_an_administrators(house: House) -> None:
    assert rules.rule("POST", "/never/heard/of").needs is Permission.ACCOUNTS
    assert rules.rule("DELETE", "/api/v1/terminals").needs is Permission.ACCOUNTS
    assert rules.rule("GET", "/peoples").needs is Permission.VIEW
    assert rules.rule("GET", "/people/of/x").needs is Permission.ACCOUNTS
    assert rules.rule("POST", "/sign-inside").kind is None
    assert rules.rule("GET", "/api/v1/gatewayx").kind is None
    assert rules.rule("POST", "/preferences").kind is None
    assert {one.path for one in rules.RULES if one.kind is Kind.OPEN} >= {"/healthz", "/sign-in"}


def test_nobody_raises_or_closes_their_own_account_nor_the_last_one(house: House) -> None:
    boss = signed_in(house, Role.ADMINISTRATOR, "boss")
    with house.store.write() as connection:
        accounts.change(connection, "admin", disabled=True)
    boss.get("/people/of/boss")
    for act in ("disable", "role"):
        assert boss.send(f"/people/of/boss/{act}", role="viewer").status_code == 422
    house.add("second", Role.ADMINISTRATOR)
    boss.get("/people/of/second")
    assert boss.send("/people/of/second/disable").status_code == 303
    with house.store.write() as connection:
        assert accounts.disable(connection, "boss", yes=True) is accounts.AccountFault.LAST
        assert accounts.set_role(connection, "boss", Role.VIEWER) is accounts.AccountFault.LAST
    boss.get("/people/of/second")
    assert boss.send("/people/of/second/role", role="emperor").status_code == 422


@pytest.mark.parametrize(
    ("said", "elsewhere"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://127.0.0.1:18080", "host": "127.0.0.1:18080"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({}, False),
    ],
)
def test_another_site_may_not_act(house: House, said: dict[str, str], elsewhere: bool) -> None:
    assert from_elsewhere(said) is elsewhere
    browser = signed_in(house, Role.ADMINISTRATOR)
    given = {name: value for name, value in said.items() if name != "host"}
    status = browser.http.post("/api/v1/commands", headers=given).status_code
    assert (status == 403) == elsewhere
    browser.get("/people")
    browser.http.headers.update(given)
    browser.send("/people", name="planted", role="administrator", display="")
    with house.store.read() as connection:
        planted = accounts.find(connection, "planted")
    assert (planted is None) == elsewhere


def test_a_form_needs_the_word_of_its_own_session(house: House) -> None:
    browser, other = signed_in(house, Role.ADMINISTRATOR), house.browser()
    other.sign_in("administrator")
    word = re.search(r'name="csrf" value="(\w+)"', other.get("/people").text)
    assert word
    for csrf in ("", "x", word[1]):
        answer = browser.http.post("/people", data={"name": "x1", "role": "viewer", "csrf": csrf})
        assert answer.status_code == 403
    assert browser.http.post("/people", content=b"\xff\xfe").status_code == 400
    assert browser.http.post("/people", content=b"a=" + b"x" * 20_000).status_code == 413


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "evil",
     "/a\r\nSet-Cookie: x=1", "/\t/evil.example", ""],
)  # fmt: skip
def test_the_sign_in_leads_to_no_other_site(house: House, asked: str) -> None:
    assert web.onward(asked) == "/"
    house.add("li.wei")
    assert house.browser().sign_in("li.wei", next=asked).headers["location"] == "/"


def test_names_are_text_and_never_markup(house: House) -> None:
    evil = '<img src=x onerror="alert(1)">{{7*7}}\'"'
    boss = signed_in(house, Role.ADMINISTRATOR)
    boss.get("/people")
    boss.send("/people", name="mallory", role="viewer", display=evil)
    with house.store.read() as connection:
        account = accounts.find(connection, "mallory")
    assert account
    assert account.display == evil
    house.people.audit.note(_who(house), evil, evil, evil[:30])
    mallory = house.browser()
    mallory.http.headers["user-agent"] = evil
    mallory.sign_in(evil, evil)
    boss.get("/people/of/mallory")
    boss.send("/people/of/mallory/reset")
    for path in ("/people", "/people/of/mallory", "/audit", "/audit?who=" + evil, "/account"):
        text = boss.get(path).text
        assert "<img src=x" not in text
        assert "{{7*7}}" in text or path == "/account"
    boss.get("/people")
    assert "<img src=x" not in boss.send("/people", name=evil, role="viewer", display=evil).text
    assert "<img" not in house.browser().get("/sign-in?next=" + '/"><img src=x').text


def _who(house: House) -> object:
    from fleet.people.roles import Way, Who

    return Who("boss", "administrator", frozenset(), Way.CONSOLE)


def test_pages_say_that_they_are_in_no_frame_and_load_nothing_from_outside(house: House) -> None:
    browser = signed_in(house, Role.ADMINISTRATOR)
    for path in ("/", "/sign-in", "/people", "/audit", "/nowhere", "/healthz"):
        told = browser.get(path).headers
        assert told["x-frame-options"] == "DENY"
        assert told["x-content-type-options"] == "nosniff"
        assert told["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "object-src 'none'" in told["content-security-policy"] or path != "/"
    plain = browser.get("/people").headers["content-security-policy"]
    assert plain == headers.PLAIN
    assert "script" not in plain
    assert "<script" not in browser.page.text
    assert "style=" not in browser.page.text
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', browser.page.text):
        assert re.match(r"/(?!/)|#|data:", address), address
    style = browser.get("/sign-in/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert ".body--auto" in style.text


def test_a_token_does_what_its_scopes_say_and_no_more(house: House) -> None:
    boss = signed_in(house, Role.ADMINISTRATOR)
    boss.get("/people/tokens")
    answer = boss.send("/people/tokens", name="Grafana", scopes="metrics", days="30")
    made = re.search(r"kf_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", answer.text)
    assert made
    assert made[0] not in boss.get("/people/tokens").text, "shown once"
    with house.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM people_tokens").all()
    assert made[0].split("_", 2)[2] not in str(kept)

    def ask(method: str, path: str, token: str = made[0]) -> int:
        other = house.browser()
        given = {"Authorization": f"Bearer {token}"}
        return other.http.request(method, path, headers=given).status_code

    assert ask("GET", "/metrics") == 200
    assert ask("GET", "/api/v1/terminals") == 403
    assert ask("POST", "/api/v1/commands") == 403
    assert [ask("GET", path) for path in ("/", "/people", "/audit")] == [303, 303, 303]
    assert ask("GET", "/metrics", made[0][:-1] + "x") == 401
    assert ask("GET", "/metrics", "") == 401
    house.now += 31 * 86_400
    assert ask("GET", "/metrics") == 401, "expired"
    house.now -= 31 * 86_400
    boss.get("/people/tokens")
    boss.send(f"/people/tokens/{made[0][3:19]}/revoke")
    assert ask("GET", "/metrics") == 401
    assert ("administrator", "token.revoke", made[0][3:19], "done") in house.acts()


def test_a_token_comes_before_a_cookie_and_is_never_made_more_by_it(house: House) -> None:
    boss = signed_in(house, Role.ADMINISTRATOR)
    given = {"Authorization": "Bearer nonsense"}
    assert boss.http.get("/api/v1/terminals", headers=given).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"name": "<b>"}, {"scopes": "accounts"}, {"scopes": ""}, {"days": "0"}, {"days": "367"},
     {"days": "-1"}, {"days": "١"}],
)  # fmt: skip
def test_a_token_that_cannot_be_is_not_made(house: House, wrong: dict[str, str]) -> None:
    boss = signed_in(house, Role.ADMINISTRATOR)
    boss.get("/people/tokens")
    wanted = {"name": "Grafana", "scopes": "view", "days": "30", **wrong}
    assert boss.send("/people/tokens", **wanted).status_code == 422
    assert Permission.APPROVE not in SCOPES, "a program is nobody's second person"


def test_where_nobody_signs_in_only_this_machine_gets_in(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    house = House(store, tmp_path, replace(NO_FACTOR, open_console=True))
    here = house.browser("127.0.0.1")
    assert here.get("/").json() == {"who": "demonstration"}
    assert here.get("/people").status_code == 200
    assert here.send("/people", name="li.wei", role="viewer", display="").status_code == 200
    assert here.http.get("/", headers={"host": "evil.example"}).status_code == 303, "rebound"
    assert house.browser("192.0.2.1").get("/").status_code == 303
    elsewhere = {"origin": "https://evil.example"}
    assert here.http.post("/api/v1/commands", headers=elsewhere).status_code == 403
    assert here.get("/account").status_code == 200
    with store.read() as connection:
        assert accounts.find(connection, "admin") is None, "nobody would have seen its password"
    store.close()


@pytest.mark.parametrize(
    "terms",
    [
        PeopleTerms(open_console=True, loopback=False),
        PeopleTerms(open_console=True, address="https://console.example.cn"),
    ],
)
def test_an_open_console_elsewhere_does_not_start(tmp_path: Path, terms: PeopleTerms) -> None:
    store = Store(f"sqlite:///{tmp_path}/fleet.db")
    with pytest.raises(StartError, match="open_console"):
        People(store, tmp_path, terms, hashing=Hands())
    store.close()


def test_a_socket_needs_a_session_and_our_own_page(house: House) -> None:
    from starlette.websockets import WebSocket, WebSocketDisconnect

    reached: list[str] = []

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        while True:
            reached.append(await socket.receive_text())
            await socket.send_text(reached[-1])

    house.app.router.add_websocket_route("/_nicegui_ws/socket.io/", talk)
    ours = {"origin": "http://127.0.0.1:18080", "host": "127.0.0.1:18080"}
    browser = signed_in(house, Role.VIEWER)
    for said in ({}, {"origin": "https://evil.example", "host": "127.0.0.1:18080"}):
        with (
            pytest.raises(WebSocketDisconnect),
            browser.http.websocket_connect(SOCKET, headers=said) as socket,
        ):
            socket.receive_text()
    nobody = house.browser()
    with (
        pytest.raises(WebSocketDisconnect),
        nobody.http.websocket_connect(SOCKET, headers=ours) as socket,
    ):
        socket.receive_text()
    heard = []

    def until_it_ends() -> None:
        with browser.http.websocket_connect(SOCKET, headers=ours) as socket:
            socket.send_text("one")
            heard.append(socket.receive_text())
            browser.get("/account")
            browser.send("/account/sessions")
            socket.send_text('42["event",{}]')
            heard.append(socket.receive_text())

    with pytest.raises(WebSocketDisconnect):
        until_it_ends()
    assert heard == reached == ["one"], "a page that was open ends with the session"


def test_passwords_are_said_to_nobody(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    boss = signed_in(house, Role.ADMINISTRATOR)
    boss.get("/people")
    made = re.search(
        r'id="secret">([^<]+)<', boss.send("/people", name="new", role="viewer", display="").text
    )
    assert made
    house.browser().sign_in("new", made[1])
    told = "".join(capfd.readouterr())
    with house.store.read() as connection:
        told += "\n".join(connection.connection.iterdump())  # type: ignore[attr-defined]
    assert made[1] not in told
    assert PASSWORD not in told
