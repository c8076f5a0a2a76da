"""A walk through the whole console, against terminals that live: every act that people can do,
then every page, in both languages, light and dark, narrow and wide.

KIOSK_LONG=1 looks at each page in all eight ways; otherwise each in one of them, in turn. Pictures
of the pages are left in KIOSK_PICTURES, or with the test.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import walkchecks
import walkwork
from fleet.console.nav import NAV
from walkacts import give, propose, sent, sure
from walkchecks import LOOKS, Look
from walkwork import EMPTY, LAST, Town

LONG = bool(os.environ.get("KIOSK_LONG"))
ENGLISH = Look("en-US")
BESIDE = (
    "/terminals/{station}", "/commands/new", "/commands/{order}", "/rollouts/new",
    "/rollouts/drift", "/rollouts/{rollout}", "/alarms/{alarm}", "/cases/{case}",
    "/work-orders/{work}", "/account",
    "/account/password", "/account/factor", "/people/of/wang.fang", walkchecks.LOST,
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with walkwork.town(tmp_path_factory.mktemp("walk")) as made:
        yield made


@pytest.fixture(scope="module")
def li(browser: Browser, town: Town) -> Iterator[Page]:
    with walkchecks.looking(browser, town.url, ENGLISH, "li.wei") as page:
        yield page


@pytest.fixture(scope="module")
def zhao(browser: Browser, town: Town) -> Iterator[Page]:
    with walkchecks.looking(browser, town.url, ENGLISH, "zhao.min") as page:
        yield page


@pytest.mark.timeout(300)
def test_a_command_is_seen_accepted_running_and_done(town: Town, li: Page) -> None:
    name = town.name(1)
    town.crowd.hold()
    give(li, town, "Identify", f"terminal={name}")
    expect(sent(li, name)).to_contain_text("accepted")
    town.crowd.step(3)
    expect(sent(li, name)).to_contain_text("running")
    town.crowd.go_on()
    expect(sent(li, name)).to_contain_text("done")
    expect(li.locator(".k-title .k-pill")).to_contain_text("Ended")


@pytest.mark.timeout(300)
def test_a_filter_hits_many_and_each_tells_how_it_went(town: Town, li: Page) -> None:
    ids = f"{town.name(1)} {town.name(EMPTY)} {town.name(LAST)}"
    give(li, town, "Test print", Ids_of_terminals=ids)
    expect(sent(li, town.name(1))).to_contain_text("done")
    expect(sent(li, town.name(EMPTY))).to_contain_text("failed")
    expect(sent(li, town.name(LAST))).to_contain_text("failed")
    give(li, town, "Report now", Part_of_the_site="服务点")
    for number in range(1, walkwork.STATIONS + 1):
        expect(sent(li, town.name(number))).to_contain_text("done")


@pytest.mark.timeout(300)
def test_what_a_command_brings_can_be_had(town: Town, li: Page) -> None:
    name = town.name(1)
    give(li, town, "Screen picture", f"terminal={name}")
    picture = sent(li, name).locator("img")
    expect(picture).to_be_visible()
    li.wait_for_function("() => document.querySelector('tbody img').naturalWidth === 270")
    give(li, town, "Collect logs", f"terminal={name}")
    with li.expect_download() as coming:
        sent(li, name).get_by_role("link", name="Download the logs").click()
    assert "about.json" in zipfile.ZipFile(coming.value.path()).namelist()


@pytest.mark.timeout(300)
def test_what_is_dangerous_needs_another_person(town: Town, li: Page, zhao: Page) -> None:
    name = town.name(3)
    words = {
        "Message_on_the_screen,_Chinese": "今日检修",
        "Message_on_the_screen,_English": "Repair",
    }
    give(li, town, "Out of service", f"terminal={name}", Reason="new printer", **words)
    expect(li.get_by_text("You asked for it: another person")).to_be_visible()
    zhao.goto(li.url)
    sure(zhao, "Approve")
    expect(sent(zhao, name)).to_contain_text("done")
    zhao.goto(f"{town.url}/terminals/{name}")
    expect(zhao.locator(".k-sentence")).to_contain_text("out of service", ignore_case=True)
    give(zhao, town, "Back in service", f"terminal={name}")
    expect(sent(zhao, name)).to_contain_text("done")


@pytest.mark.timeout(300)
def test_a_restart_is_told_of_and_begins_a_new_start(town: Town, li: Page) -> None:
    name, line = town.name(4), town.crowd.lines[3]
    boot = line.station.boot
    give(li, town, "Restart", f"terminal={name}")
    expect(sent(li, name)).to_contain_text("done")
    assert line.station.boot == boot + 1


@pytest.mark.timeout(300)
def test_an_alarm_is_taken_over_noted_and_silenced(town: Town, li: Page) -> None:
    li.goto(f"{town.url}/alarms")
    li.get_by_role("link", name=re.compile("out of paper")).first.click()
    history = li.locator("section[aria-label=History]")
    for act, told in (("Take over", "Took it over"), ("4 h", "Silenced for 4 h")):
        li.get_by_role("button", name=act, exact=True).click()
        expect(history).to_contain_text(told)
    li.get_by_label("Note: the cause, what was done").fill("paper is on its way")
    li.get_by_role("button", name="Add the note").click()
    expect(history).to_contain_text("paper is on its way")
    li.get_by_role("button", name="End the silence").click()
    expect(history).to_contain_text("Ended the silence")
    li.get_by_role("button", name="Hand back").click()
    expect(history).to_contain_text("Handed it back")


@pytest.mark.timeout(300)
def test_a_rollout_is_made_approved_paused_and_taken_back(town: Town, li: Page, zhao: Page) -> None:
    propose(li, town, "0.2.0", town.name(1))
    expect(li.get_by_text("You proposed it: another person")).to_be_visible()
    zhao.goto(li.url)
    sure(zhao, "Approve")
    expect(sent(zhao, town.name(1))).to_contain_text("well")
    sure(zhao, "Pause")
    expect(li.locator(".k-title .k-pill")).to_contain_text("Paused")
    sure(li, "Resume")
    expect(zhao.locator(".k-title .k-pill")).to_contain_text("Under way")
    zhao.get_by_role("button", name="Stop and go back", exact=True).click()
    zhao.get_by_label("Reason").fill("only a try")
    zhao.get_by_role("button", name="Yes: Stop and go back").click()
    expect(zhao.locator(".k-title .k-pill")).to_contain_text("Went back")
    expect(sent(zhao, town.name(1))).to_contain_text("back")
    assert town.crowd.lines[0].station.state(online=True).software == "0.1.0"


@pytest.mark.timeout(300)
def test_a_rollout_that_breaks_its_canary_stops_and_goes_back_by_itself(
    town: Town, li: Page, zhao: Page
) -> None:
    propose(li, town, "0.3.0", town.name(LAST))
    zhao.goto(li.url)
    sure(zhao, "Approve")
    expect(li.locator(".k-title .k-pill")).to_contain_text("Went back")
    expect(li.locator(".k-page")).to_contain_text("1 of 1 terminals failed: did not come up well")


@pytest.mark.timeout(300)
def test_views_are_kept_and_figures_can_be_taken_away(town: Town, li: Page) -> None:
    li.goto(f"{town.url}/?q={town.name(1)}")
    li.locator("summary", has_text="My views").click()
    li.get_by_label("Name of the view").fill("the first one")
    li.get_by_role("button", name="Save this view").click()
    expect(li.get_by_role("link", name="the first one")).to_be_visible()
    round_, figures = (taken(li, town, path, "CSV") for path in ("/supplies", "/reports"))
    assert town.name(EMPTY) in round_.decode("utf-8-sig")
    tables = zipfile.ZipFile(io.BytesIO(figures))
    assert {len(tables.read(name).splitlines()) > 1 for name in tables.namelist()} == {True}
    assert taken(li, town, "/reports", "PDF").startswith(b"%PDF")
    li.goto(f"{town.url}/audit")
    with li.expect_download() as coming:
        li.get_by_role("button", name=re.compile("CSV")).click()
    assert "order.give" in Path(coming.value.path()).read_text("utf-8-sig")


def taken(page: Page, town: Town, path: str, link: str) -> bytes:
    """The file behind a page's link."""
    page.goto(f"{town.url}{path}")
    with page.expect_download() as coming:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(coming.value.path()).read_bytes()


# ---- Every page ----------------------------------------------------------------------------------


def pages(town: Town, page: Page) -> list[str]:
    """Addresses of all, with something to see on each."""
    found = {"station": town.name(EMPTY)}
    lists = (("order", "/commands"), ("rollout", "/rollouts"), ("alarm", "/alarms"),
             ("case", "/cases"), ("work", "/work-orders"))  # fmt: skip
    for name, path in lists:
        page.goto(f"{town.url}{path}")
        link = page.locator(f"main a[href^='{path}/']:not([href$=new]):not([href$=drift])").first
        found[name] = str(link.get_attribute("href")).rpartition("/")[2]
    return [link.path for link in NAV] + [path.format(**found) for path in BESIDE]


@pytest.mark.timeout(1500 if LONG else 300)
def test_every_page_is_whole_however_it_is_looked_at(
    town: Town, browser: Browser, li: Page, tmp_path: Path
) -> None:
    out = Path(os.environ.get("KIOSK_PICTURES", tmp_path))
    out.mkdir(exist_ok=True, parents=True)
    wrong: list[str] = []
    every = list(enumerate(pages(town, li)))
    for turn, look in enumerate(LOOKS):
        mine = [path for at, path in every if LONG or at % len(LOOKS) == turn]
        with walkchecks.looking(browser, town.url, look) as page:
            page.goto(f"{town.url}/sign-in")
            wrong += walkchecks.check(page, look, out, "sign-in")
            walkchecks.sign_in(page, town.url, "li.wei")
            for path in mine:
                page.goto(f"{town.url}{path}")
                name = path.strip("/").replace("/", "-") or "overview"
                wrong += walkchecks.check(page, look, out, name)
    assert not wrong, "\n".join(wrong)
