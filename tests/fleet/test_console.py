"""The console in a real browser, over a real store that the real ingest fills."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from consolework import GOOD, JAMMED, NO_RECEIPT_PAPER, Fleet, start


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    yield from start(tmp_path_factory.mktemp("console"))


@pytest.fixture
def empty_fleet(tmp_path: Path) -> Iterator[Fleet]:
    yield from start(tmp_path)


def line(page: Page, terminal: str) -> Any:
    """A terminal's row on the first page, on whichever of its pages it is."""
    page.get_by_label("终端编号或地点").fill(terminal)
    row = page.locator("section[aria-label=终端] tbody tr", has_text=terminal)
    expect(row).to_have_count(1)
    return row


def transactions(page: Page) -> Any:
    return page.locator("section[aria-label=最新办理] tbody tr")


def test_terminal_with_its_three_truths_devices_and_supplies(fleet: Fleet, page: Page) -> None:
    devices = [GOOD[0], GOOD[1], NO_RECEIPT_PAPER, GOOD[3]]
    fleet.terminal("KT-0001").report(
        devices, {"SAMPLE-CERT": "", "SAMPLE-QUERY": "why_not.offline"}
    )
    page.goto(fleet.url)
    row = line(page, "KT-0001")
    expect(row).to_contain_text("示例县政务服务中心")
    expect(row).to_contain_text("已连接")
    expect(row).to_contain_text(re.compile("刚刚有消息|秒前有消息"))
    expect(row).to_contain_text("1/2 个事项可办：需要网络")
    expect(row.locator(".k-device", has_text="凭条机")).to_contain_text("缺纸")
    expect(row.locator(".k-device", has_text="读卡器")).to_contain_text("正常")
    expect(row.locator(".k-supplies")).to_contain_text("凭条纸用完")
    todo = page.locator("section[aria-label=现在要做的事] li", has_text="KT-0001")
    expect(todo).to_contain_text("凭条纸：用完")
    expect(todo).to_contain_text("补充")


def test_transactions_arrive_without_reload_the_newest_first(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0002")
    terminal.report()
    terminal.case("SX-EARLIER")
    page.goto(fleet.url)
    expect(transactions(page).filter(has_text="SX-EARLIER")).to_be_visible()
    page.evaluate("window.notReloaded = true")
    before = int(page.locator(".k-count", has_text="今日办件").locator("b").inner_text())
    terminal.case("SX-LATER", paper="unconfirmed", level=4)
    newest = transactions(page).first
    expect(newest).to_contain_text("SX-LATER")
    expect(newest).to_contain_text("出具参保证明")
    expect(newest).to_contain_text("凭条未确认")
    expect(newest.get_by_role("img", name="4 星")).to_be_visible()
    count = page.locator(".k-count", has_text="今日办件").locator("b")
    expect(count).to_have_text(str(before + 1))
    assert page.evaluate("window.notReloaded") is True


def test_change_of_a_terminal_keeps_the_keyboard_focus(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0003")
    terminal.report()
    page.goto(fleet.url)
    row = line(page, "KT-0003")
    expect(row.locator(".k-device", has_text="打印机")).to_contain_text("正常")
    row.get_by_role("link").focus()
    terminal.report([*GOOD[:3], JAMMED], screen="out_of_service")
    expect(row.locator(".k-device", has_text="打印机")).to_contain_text("卡纸")
    expect(row).to_contain_text("不能服务")
    expect(row.get_by_role("link")).to_be_focused()


def test_silent_and_disconnected_are_told_apart_from_online(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0010").report()
    fleet.terminal("KT-0011").report(ago=2 * 3600)
    fleet.terminal("KT-0012").report()
    fleet.terminal("KT-0012").disconnect()
    page.goto(fleet.url)
    expect(line(page, "KT-0010")).to_contain_text("2 个事项全部可办")
    silent = line(page, "KT-0011")
    expect(silent).to_contain_text("已连接")
    expect(silent).to_contain_text("已 2 小时没有消息")
    expect(silent).to_contain_text("不知道能否服务")
    expect(silent).to_contain_text("最后所知")
    gone = line(page, "KT-0012")
    expect(gone).to_contain_text("连接已断开")
    expect(gone).to_contain_text("不知道能否服务")


def test_keyboard_reaches_a_filter_and_enter_presses_it(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0020").report()
    fleet.terminal("KT-0021").report([*GOOD[:3], JAMMED])
    page.goto(fleet.url)
    page.get_by_label("终端编号或地点").fill("KT-002")
    rows = page.locator("section[aria-label=终端] tbody tr")
    expect(rows).to_have_count(2)
    page.locator("body").click(position={"x": 2, "y": 400})
    card = page.locator(".k-count", has_text="需要处理的终端")
    for _ in range(20):
        page.keyboard.press("Tab")
        if card.evaluate("element => element === document.activeElement"):
            break
    expect(card).to_be_focused()
    for _ in range(3):  # a busy machine may lose the page's line in this moment
        page.keyboard.press("Enter")
        with contextlib.suppress(AssertionError):
            expect(card).to_have_attribute("aria-pressed", "true", timeout=10_000)
            break
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("KT-0021")
    page.reload()
    expect(page.locator(".k-count", has_text="需要处理的终端")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_filter_of_unconfirmed_prints_keeps_only_those(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0025")
    terminal.report()
    terminal.case("SX-SURE")
    terminal.case("SX-UNSURE", paper="unconfirmed")
    page.goto(fleet.url)
    expect(transactions(page).filter(has_text="SX-SURE")).to_be_visible()
    page.locator(".k-count", has_text="打印未确认").click()
    expect(transactions(page).filter(has_text="SX-SURE")).to_have_count(0)
    expect(transactions(page).filter(has_text="SX-UNSURE")).to_be_visible()


def test_language_and_appearance_are_remembered(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0001").report()
    page.goto(f"{fleet.url}/?show=trouble")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-US")
    assert page.url.endswith("/?show=trouble")
    page.get_by_role("link", name="Dark").click()
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    page.goto(f"{fleet.url}/terminals/KT-0001")
    expect(page.get_by_role("heading", name="Journal ledger")).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="流水对账")).to_be_visible()


def test_appearance_follows_the_browser_until_chosen(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0001").report()
    page.emulate_media(color_scheme="dark")
    page.goto(fleet.url)
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_class(re.compile("body--light"))


def test_terminal_page_tells_faults_services_and_gaps(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0030")
    terminal.report([*GOOD[:3], JAMMED], {"SAMPLE-CERT": "why_not.no_certificate_printer"})
    terminal.case("SX-THIRTY")
    lost = [terminal.write("kiosk.session.started.event", language="zh_CN") for _ in range(3)]
    terminal.case("SX-AFTER-GAP")
    page.goto(f"{fleet.url}/terminals/KT-0030")
    device = page.locator("section[aria-label=设备] tr", has_text="证照打印机")
    expect(device).to_contain_text("卡纸")
    expect(device).to_contain_text("清理")
    service = page.locator("section[aria-label=事项] tr", has_text="出具参保证明")
    expect(service).to_contain_text("不可办")
    expect(service).to_contain_text("证照打印机不可用")
    ledger = page.locator("section[aria-label=流水对账]")
    expect(ledger).to_contain_text("第 1–2 条")
    expect(ledger).to_contain_text("缺 3–5")
    own = page.locator("section[aria-label=本机办理] tbody tr")
    expect(own).to_have_count(2)
    terminal.tell(*lost)
    expect(ledger).to_contain_text("没有缺口")
    expect(ledger).to_contain_text("第 1–7 条")


def test_maintenance_is_a_state_of_its_own(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0031")
    terminal.report(screen="maintenance")
    page.goto(fleet.url)
    row = line(page, "KT-0031")
    told = row.locator(".k-truth", has_text="维护中，暂不对外服务")
    expect(told).to_have_class(re.compile("k-warn"))
    todo = page.locator("section[aria-label=现在要做的事] li", has_text="KT-0031")
    expect(todo).to_contain_text("维护结束后恢复服务")
    page.goto(f"{fleet.url}/terminals/KT-0031")
    expect(page.locator("section[aria-label=标识]")).to_contain_text("屏幕维护中")
    page.get_by_role("link", name="English").click()
    expect(page.locator(".k-band")).to_contain_text("Under maintenance, closed to citizens")
    expect(page.locator("section[aria-label=Identity]")).to_contain_text("Under maintenance")
    terminal.report()
    expect(page.locator(".k-band")).to_contain_text("All 2 items available")


def test_what_people_did_is_told_in_words(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0032")
    terminal.report()
    page.goto(f"{fleet.url}/terminals/KT-0032")
    people = page.locator("section[aria-label=人员与核验]")
    expect(people).to_contain_text("还没有记录")
    terminal.note("staff", staff="H-07", role="helper", act="sign_in")
    terminal.note("identity.card", role="applicant", card_type="citizen", outcome="read")
    terminal.note("identity.face", role="applicant", outcome="not_matched", score=0.123, model="m")
    terminal.note("identity.witness", role="applicant", staff="H-07", agreed=True)
    terminal.case("SX-HELPED", staff="H-07")
    wiped = {"cards": 2, "answers": 3, "frames": 0}
    terminal.note("session", "outcome", reason="finished", wiped=wiped, seconds=60)
    terminal.note("maintenance", staff="A-01", on=True)
    rows = people.locator("tbody tr")
    expect(rows).to_have_count(7)
    for at, (who, what) in enumerate(
        (
            ("A-01", "维护开始"),
            ("", "办理结束，个人数据已清除（5项）"),
            ("H-07", "代群众提交办件"),
            ("H-07、申请人", "工作人员确认是本人"),
            ("申请人", "人脸与证件不一致"),
            ("申请人", "证件已读取"),
            ("H-07、代办员", "登录"),
        )
    ):
        expect(rows.nth(at).locator("td").nth(1)).to_have_text(who)
        expect(rows.nth(at).locator("td").nth(2)).to_contain_text(what)
    expect(rows.nth(4).locator(".k-pill")).to_have_class(re.compile("k-warn"))
    assert "0.123" not in page.content()
    own = page.locator("section[aria-label=本机办理] tbody tr", has_text="SX-HELPED")
    expect(own).to_contain_text("代办员 H-07")
    page.get_by_role("link", name="English").click()
    people = page.locator("section[aria-label='People and identification']")
    expect(people).to_contain_text("Visit finished; personal data wiped (5)")
    expect(people).to_contain_text("Face does not agree with the card")
    expect(page.locator("section[aria-label='Its transactions']")).to_contain_text("helper H-07")


def test_words_of_a_terminal_are_text_and_never_markup(fleet: Fleet, page: Page) -> None:
    site = '<img src=x onerror="window.struck=1">${alert(1)}{{7*7}}'
    fleet.terminal("KT-0040").report(site=site)
    page.goto(fleet.url)
    expect(line(page, "KT-0040")).to_contain_text(site)
    page.goto(f"{fleet.url}/terminals/KT-0040")
    expect(page.locator(".k-title")).to_contain_text(site)
    assert page.evaluate("window.struck") is None


def test_unknown_terminal_and_unknown_page_say_so_with_a_way_back(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0001").report()
    answer = page.goto(f"{fleet.url}/terminals/KT-9999")
    assert answer
    assert answer.status == 404
    expect(page.get_by_text("没有编号为 KT-9999 的终端")).to_be_visible()
    answer = page.goto(f"{fleet.url}/nowhere")
    assert answer
    assert answer.status == 404
    page.get_by_role("main").get_by_role("link", name="全部终端").click()
    expect(page.get_by_role("heading", name="现在要做的事")).to_be_visible()


def test_unknown_address_of_the_api_is_not_a_page(fleet: Fleet, page: Page) -> None:
    answer = page.request.get(f"{fleet.url}/api/v1/nothing")
    assert (answer.status, answer.json()) == (404, {"detail": "Not Found"})
    page.goto(fleet.url)


def test_preference_never_leads_to_another_site(fleet: Fleet, page: Page) -> None:
    page.goto(fleet.url)
    answer = page.request.get(
        f"{fleet.url}/preferences?theme=dark",
        headers={"referer": "https://elsewhere.example//evil.example/x"},
        max_redirects=0,
    )
    assert answer.status == 303
    assert answer.headers["location"] == "/evil.example/x"


def test_empty_fleet_tells_how_to_connect_then_a_terminal_appears(
    empty_fleet: Fleet, page: Page
) -> None:
    page.goto(empty_fleet.url)
    terminals = page.locator("section[aria-label=终端]")
    expect(terminals).to_contain_text("还没有终端上报")
    expect(terminals.get_by_text("kiosk run")).to_be_visible()
    expect(page.get_by_text("还没有办理记录")).to_be_visible()
    empty_fleet.terminal("KT-0001").report()
    expect(line(page, "KT-0001")).to_contain_text("2 个事项全部可办")
    expect(page.get_by_text("没有需要处理的事")).to_be_visible()
    assert list((empty_fleet.folder / "work").iterdir()) == []


def test_store_that_cannot_be_read_is_told_and_the_last_picture_stays(
    empty_fleet: Fleet, page: Page
) -> None:
    empty_fleet.terminal("KT-0001").report()
    page.goto(empty_fleet.url)
    expect(line(page, "KT-0001")).to_be_visible()
    database = sqlite3.connect(empty_fleet.folder / "store" / "fleet.db")
    database.execute("ALTER TABLE terminals RENAME TO away")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("管理台读不到数据库")
    expect(line(page, "KT-0001")).to_be_visible()
    database.execute("ALTER TABLE away RENAME TO terminals")
    database.close()
    expect(alert).to_be_hidden()
