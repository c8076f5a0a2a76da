"""Commands and rollouts in a browser: seen before, by two people, refused on an old page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from consolework import Fleet, now, start
from fleet.updates.repository import Repository
from kiosk import wire

PASSWORD = "vierzehn Kraniche 8"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("acts")
    for made in start(folder, password=PASSWORD):
        repository = Repository(folder / "work" / "updates", time.time)
        repository.begin(1, 1)
        (bundle := folder / "new.zip").write_bytes(b"new")
        repository.add(bundle, "new.zip", {"kind": "software", "version": "0.2.0"})
        for number in range(1, 5):
            one = made.terminal(f"KT-{number:04}")
            one.report(
                site="东镇" if number < 3 else "县城", screen="serving" if number == 2 else "idle"
            )
            made.send(one.id, "state", wire.State(one.id, True, 1, 1, now(), "0.1.0"))
        yield made


def arrive(browser: Browser, fleet: Fleet, name: str, tongue: str) -> Iterator[Page]:
    context = browser.new_context(locale=tongue, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{fleet.url}/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".k-user summary")).to_have_text(name)
    yield page
    context.close()


@pytest.fixture(scope="module")
def li(browser: Browser, fleet: Fleet) -> Iterator[Page]:
    yield from arrive(browser, fleet, "li.wei", "zh-CN")


@pytest.fixture(scope="module")
def zhao(browser: Browser, fleet: Fleet) -> Iterator[Page]:
    yield from arrive(browser, fleet, "zhao.min", "en-US")


def test_whom_it_hits_is_seen_before_it_is_given(fleet: Fleet, li: Page) -> None:
    li.goto(f"{fleet.url}/terminals/KT-0002")
    li.get_by_role("link", name="下达命令").click()
    check = li.locator("section[aria-label='3. 核对并下达']")
    give = check.locator("button")
    expect(give).to_be_disabled()
    li.get_by_role("button", name=re.compile("^测试打印")).click()
    expect(check).to_contain_text("其中 1 台正有群众办事，结束后执行")
    li.get_by_label("终端编号").fill("KT-0002 KT-9")
    expect(check).to_contain_text("没有这些终端：KT-9")
    li.get_by_label("终端编号").fill("")
    expect(check).to_contain_text("先选做什么、哪些终端")
    li.get_by_label("地点名称").fill("东")
    expect(check).to_contain_text("将影响 2 台终端")
    expect(check).to_contain_text("不需要审批")
    give.click()
    expect(li.get_by_role("heading", level=1)).to_have_text("测试打印 · 2 台终端")
    row = li.locator("section[aria-label=终端] tbody tr", has_text="KT-0002")
    expect(row).to_contain_text("待发送")
    li.get_by_role("button", name="撤销", exact=True).click()
    li.get_by_role("button", name="确定：撤销").click()
    expect(row).to_contain_text("已撤销")


def test_a_dangerous_command_needs_another_person(fleet: Fleet, li: Page, zhao: Page) -> None:
    li.goto(f"{fleet.url}/commands/new?terminal=KT-0003&operation=out_of_service")
    check = li.locator("section[aria-label='3. 核对并下达']")
    give = check.get_by_role("button", name="提交审批：暂停服务")
    give.click()
    expect(check.get_by_role("status")).to_have_text("请写明原因。")
    check.get_by_label("原因").fill("更换打印机")
    li.get_by_label("屏幕提示（中文）").fill("今日检修")
    li.get_by_label("屏幕提示（英文）").fill("Under repair")
    expect(check).to_contain_text("须由另一位有审批权限的人批准")
    give.click()
    expect(li.get_by_text("这是您下达的，须由另一位有审批权限的人批准。")).to_be_visible()
    expect(li.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    zhao.goto(li.url)
    expect(zhao.locator("section[aria-label='The command']")).to_contain_text("更换打印机")
    zhao.get_by_role("button", name="Approve", exact=True).click()
    zhao.get_by_role("button", name="Yes: Approve").click()
    expect(zhao.get_by_role("status")).to_have_text("Done")
    expect(li.locator(".k-title .k-pill")).to_contain_text("执行中")
    expect(li.locator("section[aria-label=经过]")).to_contain_text("zhao.min")


def test_a_rollout_by_two_people_and_an_old_page(fleet: Fleet, li: Page, zhao: Page) -> None:
    li.goto(f"{fleet.url}/rollouts/new")
    li.get_by_role("button", name="软件 0.2.0").click()
    li.get_by_label("试点终端编号").fill("KT-0001")
    check = li.locator("section[aria-label='4. 核对并提交']")
    expect(check.locator("li", has_text="试点")).to_contain_text("1 台终端")
    check.get_by_role("button", name="提交审批").click()
    expect(li.get_by_role("heading", level=1)).to_have_text("软件 0.2.0")
    expect(li.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    zhao.goto(li.url)
    zhao.get_by_role("button", name="Approve", exact=True).click()
    zhao.get_by_role("button", name="Yes: Approve").click()
    expect(zhao.locator(".k-title .k-pill")).to_contain_text("Under way")
    zhao.get_by_role("button", name="Stop and go back").click()
    li.get_by_role("button", name="暂停", exact=True).click()
    li.get_by_role("button", name="确定：暂停").click()
    expect(li.locator(".k-title .k-pill")).to_contain_text("已暂停")
    zhao.get_by_role("button", name="Yes: Stop and go back").click()
    expect(zhao.get_by_role("status")).to_contain_text("It has moved on since you saw it")
    expect(zhao.locator(".k-title .k-pill")).to_contain_text("Paused")
    zhao.goto(f"{fleet.url}/rollouts/drift")
    row = zhao.locator("tbody tr", has_text="KT-0001")
    expect(row).to_contain_text("not fetched yet")
