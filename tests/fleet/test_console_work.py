"""A complaint in the console: read, taken on, answered and closed by people who may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from consolework import Fleet, start
from fleet.handling import desk
from fleet.handling.answering import AnswerDesk, Wish, WorkAct
from fleet.handling.complaintbook import PURPOSE
from fleet.handling.orders import OrderKind, OrderRules
from fleet.store.database import Store
from fleet.store.people_tables import audit
from kiosk import wire
from kiosk.services import calendar
from steerwork import ZHAO

PASSWORD = "vierzehn Kraniche 8"
KEY = X25519PrivateKey.from_private_bytes(b"k" * 32)  # as the console's server has it
SAID = "等了两个小时没有人"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    for made in start(tmp_path_factory.mktemp("work"), password=PASSWORD):
        made.terminal("KT-0001").report()
        yield made


@contextmanager
def stored(fleet: Fleet) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{fleet.folder}/store/fleet.db")) as store:
        yield store


def complain(store: Store, serial: int, days_ago: float = 0) -> str:
    """A complaint's number."""
    now = time.time() - days_ago * 86_400
    told = {"id": f"complaint-{serial}", "text": SAID, "about": "delay", "phone": "13900000000"}
    request = wire.IdentityRequest("00", now, secret=msgspec.json.encode(told).decode())
    sealed = wire.seal_identity(KEY.public_key().public_bytes_raw(), PURPOSE, request)
    wanted = desk.Request(OrderKind.COMPLAINT, f"complaint-{serial}", "", "KT-0001", sealed)
    with store.write() as connection:
        days = calendar.default()
        return desk.open_order(connection, OrderRules.default(), days, now, wanted).number


@contextmanager
def signed_in(browser: Browser, fleet: Fleet, name: str, tongue: str = "zh-CN") -> Iterator[Page]:
    context = browser.new_context(locale=tongue, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{fleet.url}/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".k-user summary")).to_have_text(name)
    yield page
    context.close()


def box(page: Page, name: str) -> Locator:
    return page.locator(f"section[aria-label='{name}']")


def test_a_complaint_from_the_list_to_its_end(fleet: Fleet, browser: Browser) -> None:
    with stored(fleet) as store:
        number, late = complain(store, 1), complain(store, 2, days_ago=30)
    with signed_in(browser, fleet, "li.wei") as page:
        page.goto(f"{fleet.url}/work-orders")
        rows = box(page, "工单").locator("tbody tr")
        expect(rows).to_have_count(2)
        page.get_by_role("button", name="超期 1").click()
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(late)
        page.get_by_role("button", name="未答复 2").click()
        page.get_by_role("link", name=number).click()
        expect(box(page, "工单信息")).to_contain_text("个工作日")
        expect(page.locator(".k-page")).not_to_contain_text(SAID)
        page.get_by_role("button", name="查看内容").click()
        expect(box(page, "居民怎么说")).to_contain_text(SAID)
        expect(box(page, "居民怎么说")).to_contain_text("办理超时")
        page.get_by_role("button", name="我来承办").click()
        expect(box(page, "工单信息")).to_contain_text("li.wei")
        page.get_by_role("button", name="提交答复").click()
        expect(page.get_by_text("请先写下答复")).to_be_visible()
        page.get_by_label("答复，或给下一位的说明").fill("已电话致歉")
        page.get_by_role("button", name="提交答复").click()
        expect(page.locator(".k-title .k-pill")).to_contain_text("已答复")
        expect(box(page, "经过").locator("tbody tr").first).to_contain_text("有文字，已加密")
        page.get_by_role("button", name="关闭工单").click()
        expect(page.get_by_text("工单已关闭。")).to_be_visible()
        expect(page.get_by_role("button", name="我来承办")).to_have_count(0)
    with stored(fleet) as store, store.read() as connection:
        told = connection.execute(select(audit.c.act, audit.c.outcome).filter_by(target=number))
        assert [tuple(row) for row in told] == [
            ("work.read", "done"), ("work.accept", "done"), ("work.answer", "no_words"),
            ("work.answer", "done"), ("work.close", "done"),
        ]  # fmt: skip


def test_who_only_looks_can_neither_read_nor_act(fleet: Fleet, browser: Browser) -> None:
    with stored(fleet) as store:
        number = complain(store, 3)
        AnswerDesk(store, KEY).act(ZHAO, number, Wish(WorkAct.ACCEPT, 0, words="x"))
    with signed_in(browser, fleet, "wang.fang", "en-US") as page:
        page.goto(f"{fleet.url}/work-orders/{number}")
        expect(page.get_by_text("Your role may only look.")).to_be_visible()
        expect(box(page, "About it")).to_contain_text("zhao.min")
        expect(page.get_by_role("button", name="Read it")).to_have_count(0)
        expect(page.get_by_role("button", name="Answer with this")).to_have_count(0)
        page.goto(f"{fleet.url}/work-orders/TS-1")
        expect(page.get_by_text("There is no work order TS-1")).to_be_visible()
