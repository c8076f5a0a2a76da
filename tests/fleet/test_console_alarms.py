"""The pages of alarms and dead letters in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from alarmwork import SHIPPED
from consolework import GOOD, JAMMED, NO_RECEIPT_PAPER, Fleet, start
from kiosk import wire

CHANNEL = """
[[channel]]
name = "duty"
kind = "mail"
to = ["duty@example.invalid"]
[[channel]]
name = "chief"
kind = "webhook"
url = "http://127.0.0.1:9/"
key_file = "no-such.key"
level = 1
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """The shipped rules, in a hurry."""
    folder = tmp_path_factory.mktemp("alarms")
    rules = re.sub(r"^after = \d+", "after = 0", SHIPPED.read_text("utf-8"), flags=re.MULTILINE)
    path = folder / "alarms.toml"
    path.write_text(CHANNEL + rules.replace("share = 0.5", "share = 1"), "utf-8")
    yield from start(folder, path)


def show(page: Page, fleet: Fleet, path: str, locale: str = "zh-CN") -> None:
    host = {"url": fleet.url}
    page.context.add_cookies([{"name": "console_language", "value": locale, **host}])
    page.goto(f"{fleet.url}{path}")


def test_without_anything_wrong_there_is_nothing_to_see(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0100").report(site="县政务大厅")
    show(page, fleet, "/alarms")
    expect(page.get_by_text("所有规则都没有触发。")).to_be_visible()
    show(page, fleet, "/letters", "en-US")
    expect(page.get_by_text("Every message was taken.")).to_be_visible()
    show(page, fleet, "/alarms/999999")
    expect(page.get_by_text("没有 999999 号告警")).to_be_visible()


def test_a_site_is_one_row_that_somebody_takes_over(fleet: Fleet, page: Page) -> None:
    for number in range(3):
        terminal = fleet.terminal(f"KT-010{number}")
        terminal.report([*GOOD[:2], NO_RECEIPT_PAPER, GOOD[3]], site="东乡便民站",
                        services={"A": "", "B": "device.receipt.out"})  # fmt: skip
    show(page, fleet, "/alarms")
    row = page.locator("section[aria-label=告警] tbody tr", has_text="东乡便民站")
    expect(row).to_contain_text("东乡便民站：3 台终端缺纸、缺粉或卡纸")
    expect(row).to_contain_text("KT-0102")
    expect(row).to_contain_text("无人处理")
    row.get_by_role("button", name="我来处理").click()
    expect(page.get_by_role("status")).to_have_text("已记录")
    expect(row).to_contain_text("demonstration")
    page.locator(".k-count", has_text="我在处理").click()
    expect(row).to_be_visible()
    page.locator(".k-count", has_text="无人处理").click()
    expect(row).to_have_count(0)


def test_one_alarm_is_silenced_noted_escalated_and_told_of(fleet: Fleet, page: Page) -> None:
    fleet.terminal("KT-0110").report([*GOOD[:3], JAMMED], site="<b>西乡</b>站")
    show(page, fleet, "/alarms", "en-US")
    link = page.get_by_role("link", name="<b>西乡</b>站: a device is faulty at 1 terminal")
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", name="<b>西乡</b>站: a device is faulty")).to_be_visible()
    expect(page.get_by_text("Send somebody for the fault that its page names")).to_be_visible()
    page.get_by_role("button", name="4 h").click()
    expect(page.get_by_role("button", name="End the silence")).to_be_visible()
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_role("status")).to_have_text("Write a note first.")
    page.get_by_label("Note: the cause, what was done").fill("toner ordered")
    page.get_by_role("button", name="Add the note").click()
    history = page.locator("section[aria-label=History]")
    expect(history).to_contain_text("toner ordered")
    page.get_by_role("button", name="Escalate now").click()
    expect(history).to_contain_text("Escalated to level 1")
    messages = page.locator("section[aria-label=Messages]")
    expect(messages).to_contain_text("no_key")
    assert page.get_by_role("button", name="Resolve").count() == 0


def test_what_only_a_person_can_judge_is_resolved_with_a_note(fleet: Fleet, page: Page) -> None:
    terminal = fleet.terminal("KT-0120")
    terminal.report(site="南乡站")
    record = terminal.write("kiosk.boot.event")
    terminal.tell(record)
    terminal.prev = "0" * 64
    terminal.tell(terminal.write("kiosk.boot.event"))
    show(page, fleet, "/alarms")
    page.get_by_role("link", name="KT-0120：流水或身份可疑").click()
    expect(page.locator("section[aria-label=涉及的终端]")).to_contain_text("流水哈希链断裂 #2")
    page.get_by_label("备注：原因、做了什么").fill("更换了硬盘")
    page.get_by_role("button", name="以此备注结束").click()
    history = page.locator("section[aria-label=经过]")
    expect(history).to_contain_text("更换了硬盘")
    show(page, fleet, "/alarms?show=over")
    expect(page.get_by_role("link", name="KT-0120：流水或身份可疑")).to_be_visible()


def test_a_terminals_page_says_it_in_a_sentence_and_names_its_alarms(
    fleet: Fleet, page: Page
) -> None:
    fleet.terminal("KT-0130").report(
        [*GOOD[:2], NO_RECEIPT_PAPER, GOOD[3]], {"A": "", "B": "device.receipt.out", "C": ""},
        site="北乡站",
    )  # fmt: skip
    show(page, fleet, "/terminals/KT-0130", "en-US")
    said = page.locator(".k-sentence")
    expect(said).to_have_text(
        re.compile(r"Connected, heard .*, 1 of 3 items unavailable: receipt paper out\.")
    )
    own = page.locator("section[aria-label='Its alarms']")
    expect(own).to_contain_text("北乡站: 1 terminal out of paper or toner")
    show(page, fleet, "/terminals/KT-0130")
    expect(said).to_have_text(re.compile("已连接，.*有消息，3 个事项中有 1 个办不了：凭条纸用完。"))


def test_a_dead_letter_shows_nothing_that_could_be_somebodys(fleet: Fleet, page: Page) -> None:
    number = "11010519491231002X"
    fleet.terminal("KT-0140").report()
    for topic, payload in (
        ("kiosk/v1/sample/KT-0140/health", f'{{"name": "{number}"'),
        ("kiosk/v1/sample/KT-0140/state",
         wire.encode(wire.State("KT-0999", True, 1, 1, "now")).decode()),
    ):  # fmt: skip
        fleet.send_raw(topic, payload)
    show(page, fleet, "/letters")
    rows = page.locator("section[aria-label=死信] tbody tr")
    unreadable = rows.filter(has_text="无法读懂")
    expect(unreadable).to_contain_text("KT-0140")
    expect(unreadable).to_contain_text("不显示")
    assert number not in page.content()
    other = rows.filter(has_text="冒用其他终端")
    other.get_by_text("查看内容").click()
    expect(other.locator("pre")).to_contain_text('"KT-0999"')
    page.get_by_role("button", name=re.compile("^无法读懂")).click()
    expect(rows).to_have_count(1)
