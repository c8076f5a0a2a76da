"""The console behind its sign-in, in a real browser: menu, roles, and pages whose session ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from consolework import Fleet, start

PASSWORD = "vierzehn Kraniche 8"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    yield from start(tmp_path_factory.mktemp("console"), password=PASSWORD)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    yield made
    made.close()


def sign_in(page: Page, fleet: Fleet, name: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_from_the_sign_in_to_the_page_that_was_asked_for_and_out(
    fleet: Fleet, context: BrowserContext
) -> None:
    fleet.terminal("KT-0001").report()
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{fleet.url}/terminals/KT-0001")
    expect(page).to_have_title("Sign in · Terminal fleet")
    sign_in(page, fleet, "li.wei")
    expect(page.get_by_role("heading", name="Journal ledger")).to_be_visible()
    assert page.url.endswith("/terminals/KT-0001")
    expect(page.get_by_role("link", name="Record of acts")).to_be_visible()
    assert page.get_by_role("link", name="Accounts").count() == 0
    assert faults == [], "the content policy lets the console work"
    other = context.new_page()
    other.goto(fleet.url)
    expect(other.get_by_role("heading", name="What to do now")).to_be_visible()
    page.locator(".k-user summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You have signed out.")
    expect(other).to_have_title("Sign in · Terminal fleet")


def test_nothing_overtakes_the_answer_of_signing_out(fleet: Fleet, context: BrowserContext) -> None:
    """The answer is held back until the open page has heard that its session is over, or can hear
    nothing any more."""
    page = context.new_page()
    page.goto(fleet.url)
    with page.expect_websocket() as opened:
        sign_in(page, fleet, "wang.fang")
    socket = opened.value

    def leads(frame: str | bytes) -> bool:
        return str(frame).startswith('42["open"')

    def hold(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        if not socket.is_closed():
            with suppress(Error):  # it closes now
                socket.wait_for_event("framereceived", leads, timeout=60_000)
        route.fulfill(response=answer)

    page.route("**/sign-out", hold)
    page.locator(".k-user summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You have signed out.")


def test_a_viewer_sees_neither_links_nor_pages_of_others(
    fleet: Fleet, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(fleet.url)
    sign_in(page, fleet, "wang.fang")
    expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
    for name in ("Accounts", "API tokens", "Record of acts"):
        assert page.get_by_role("link", name=name).count() == 0
    answer = page.goto(f"{fleet.url}/audit")
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("heading")).to_have_text("Your role does not allow this")
    page.get_by_role("link", name="Back to the first page").click()
    expect(page.get_by_role("heading", name="What to do now")).to_be_visible()


def test_ours_is_shown_in_no_frame(fleet: Fleet, context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    trap = tmp_path / "trap.html"
    trap.write_text(f'<iframe src="{fleet.url}/sign-in"></iframe>')
    with page.expect_event("console", lambda said: "frame" in said.text, timeout=30_000):
        page.goto(trap.as_uri())
    assert page.frames[1].locator("form").count() == 0
