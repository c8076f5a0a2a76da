"""Supplies, sites, charts, views, versions, cases and ratings: in a browser, and by properties."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

import handlingwork as hw
from consolework import GOOD, NO_RECEIPT_PAPER, Fleet, start
from fleet.console.casebook import SHOW, CaseBook
from fleet.console.counts import FILTERS
from fleet.console.parts import Tone
from fleet.console.siteplan import HEIGHT, WIDTH, Site, draw, plan
from fleet.console.views import COLUMNS, SORTS, View, Views
from fleet.handling import book, desk
from fleet.handling.orders import OrderKind, OrderRules
from fleet.reports.period import Period
from fleet.reports.visits import tables
from fleet.reports.words import Words
from fleet.rollouts.pointers import Wish, wish
from fleet.sites import Place, Sites
from fleet.store import console_tables as own
from fleet.store.database import Store
from fleet.store.handling_tables import handling_ratings
from fleet.store.report_tables import serving_history
from fleet.store.tables import cases, moments
from kiosk import wire
from kiosk.services import calendar
from kiosk.services.calendar import CHINA, day_start

PASSWORD = "vierzehn Kraniche 8"
HALL, NASTY = "示例县政务大厅", '<img src=x onerror="window.bad=1">'


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    for made in start(tmp_path_factory.mktemp("more"), password=PASSWORD):
        made.terminal("KT-0001").report(site=HALL)
        made.terminal("KT-0002").report([*GOOD[:2], NO_RECEIPT_PAPER, GOOD[3]], site=HALL)
        made.terminal("KT-0003").report(site=NASTY)
        with closing(Store(f"sqlite:///{made.folder}/store/fleet.db")) as store:
            fill(store)
        yield made


def fill(store: Store) -> None:
    """Four weeks of ten slips a day, one fill that was seen, and a case with a bad rating."""
    now, today = time.time(), datetime.now(CHINA).date()
    days = [today - timedelta(days=one) for one in range(1, 29)]
    case_no = hw.CASE
    with store.write() as connection:
        connection.execute(own.supply_use.insert(), [
            {"terminal": name, "device": "receipt", "used": 280} for name in ("KT-0001", "KT-0002")
        ])  # fmt: skip
        connection.execute(own.supply_days.insert(), [
            {"terminal": name, "device": "receipt", "day": day_start(day), "used": 10, "visits": 9}
            for name in ("KT-0001", "KT-0002") for day in days
        ])  # fmt: skip
        told = (("out", 0), ("full", 0), ("low", 180), ("out", 200), ("full", 200))
        connection.execute(own.supply_levels.insert(), [
            {"terminal": "KT-0001", "journal": "j", "seq": at, "source": "paper", "level": level,
             "device": "receipt", "driver": "escpos_network", "used": used, "at": now - 9e5 + at}
            for at, (level, used) in enumerate(told)
        ])  # fmt: skip
        connection.execute(moments.insert(), [
            {"terminal": "KT-0001", "journal": "j", "seq": at, "kind": "session", "time": "",
             "received_at": day_start(today) - 3600 * at, "outcome": how, "role": "", "staff": "",
             "count": 0}
            for at, how in enumerate(("finished", "left", "finished", "finished"), 1)
        ])  # fmt: skip
        connection.execute(serving_history.insert(), [
            {"terminal": "KT-0001", "since": now - ago, "serving": word}
            for ago, word in ((30 * 86400, "yes"), (7200, "no"), (3600, "yes"))
        ])  # fmt: skip
        piece = wire.Piece("9.9.9", "new.zip", "0" * 64, 1)
        wish(connection, Wish("KT-0001", wire.PieceKind.SOFTWARE, piece), now)
        connection.execute(cases.insert().values(
            case_no=case_no, terminal="KT-0001", task_code="SAMPLE-CERT", kind="normal",
            sealed="", state="pending", received_at=hw.at("2026-03-02"),
        ))  # fmt: skip
        events = [hw.opened(task_code="SAMPLE-CERT"), hw.done("accept", "2026-03-02", "王芳")]
        book.add(connection, calendar.default(), now, {case_no: list(events)})
        wanted = desk.Request(OrderKind.BAD_REVIEW, "rating:1", case_no, "KT-0001")
        order = desk.open_order(
            connection, OrderRules.default(), calendar.default(), now - 9 * 86400, wanted
        )
        connection.execute(handling_ratings.insert().values(
            case_no=case_no, terminal="KT-0001", journal="j", seq=1, level=1, tags="", at=now,
            order_no=order.number,
        ))  # fmt: skip


@contextmanager
def signed_in(browser: Browser, fleet: Fleet, name: str, tongue: str = "zh-CN") -> Iterator[Page]:
    """At its end the browser has complained of nothing, and asked nobody else."""
    context = browser.new_context(locale=tongue, viewport={"width": 1440, "height": 900})
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: wrong.append(asked.url) if outside(asked.url) else None)
    page.goto(f"{fleet.url}/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".k-user summary")).to_have_text(name)
    yield page
    context.close()
    assert wrong == []


def outside(url: str) -> bool:
    return not url.startswith(("data:", "blob:")) and urlsplit(url).hostname != "127.0.0.1"


@pytest.fixture(scope="module")
def li(browser: Browser, fleet: Fleet) -> Iterator[Page]:
    with signed_in(browser, fleet, "li.wei") as page:
        yield page


def box(page: Page, name: str) -> Any:
    return page.locator(f"section[aria-label='{name}']")


def test_the_round_names_sites_supplies_and_visits(fleet: Fleet, li: Page) -> None:
    li.goto(f"{fleet.url}/supplies?show=week")
    stop = box(li, HALL)
    expect(stop).to_contain_text("凭条纸 × 1")
    row = stop.locator("tbody tr", has_text="KT-0002")
    expect(row).to_contain_text("已用完")
    expect(row.locator("td").last).to_have_text("63")
    expect(box(li, "还不能预测的耗材")).to_contain_text("用量记录不足 7 天")
    with li.expect_download() as waiting:
        li.get_by_role("link", name="CSV").click()
    text = waiting.value.path().read_text("utf-8-sig")
    assert text.splitlines()[1].startswith(f"{HALL},KT-0002,凭条纸,用完,")


def test_a_terminal_tells_when_its_paper_ends_what_it_is_to_have_and_how_it_was(
    fleet: Fleet, li: Page
) -> None:
    li.goto(f"{fleet.url}/terminals/KT-0001")
    expect(box(li, "耗材").locator(".k-ends")).to_contain_text("约剩 120 张")
    software = box(li, "版本").locator("tbody tr").first
    expect(software).to_contain_text("9.9.9")
    expect(software).to_contain_text("不一致")
    states = box(li, "两周内的服务状态").locator("tbody tr")
    expect(states).to_have_count(3)
    expect(states.nth(1)).to_contain_text("不能服务")
    expect(states.nth(1)).to_contain_text("1 小时")


def test_a_site_gets_its_place_and_its_mark_leads_to_its_terminals(fleet: Fleet, li: Page) -> None:
    li.goto(f"{fleet.url}/sites")
    expect(box(li, "地点示意图")).to_contain_text("还没有地点有坐标")
    for site, latitude in ((HALL, "30.25"), (NASTY, "30.31")):
        row = box(li, "地点列表").locator("tbody tr", has_text=site)
        row.get_by_role("button", name="填写位置").click()
        li.get_by_label("经度（东经为正）").fill("north")
        li.get_by_role("button", name="保存", exact=True).click()
        expect(li.get_by_text("纬度要在 -90 到 90 之间")).to_be_visible()
        li.get_by_label("纬度（北纬为正）").fill(latitude)
        li.get_by_label("经度（东经为正）").fill("120.15")
        li.get_by_role("button", name="保存", exact=True).click()
        expect(li.get_by_text("已保存")).to_be_visible()
    marks = li.locator(".k-plan svg a")
    expect(marks).to_have_count(2)
    assert li.evaluate("window.bad") is None
    mark = li.locator(f".k-plan svg a[aria-label^='{HALL}']")
    mark.focus()
    mark.press("Enter")
    expect(box(li, "终端").locator("tbody tr")).to_have_count(2)
    assert parse_qs(urlsplit(li.url).query) == {"q": [HALL]}


def test_charts_are_drawn_here_with_their_numbers_behind(fleet: Fleet, li: Page) -> None:
    day = datetime.now(CHINA).date() - timedelta(days=1)
    li.goto(f"{fleet.url}/reports/charts?first={day}&last={day}")
    chart = box(li, "人次（按时段）")
    expect(chart.get_by_role("img").locator("svg path").first).to_be_attached()
    chart.get_by_text("看数字").click()
    expect(chart.locator("tfoot th")).to_have_text(["合计", "4", "3", "1", "75.0%"])
    expect(box(li, "评价（按等级）").locator("tbody")).to_contain_text("1")


def test_views_are_kept_for_whoever_saved_them(fleet: Fleet, browser: Browser, li: Page) -> None:
    li.goto(f"{fleet.url}/?q=KT-0001&sort=id")
    li.locator("summary", has_text="列").click()
    li.locator(".k-menu").get_by_text("版本").click()
    expect(box(li, "终端").locator("thead")).to_contain_text("版本")
    assert "versions" in unquote(li.url)
    li.locator("summary", has_text="我的视图").click()
    li.get_by_label("视图名称").fill("大厅")
    li.get_by_role("button", name="保存当前视图").click()
    expect(li.get_by_role("link", name="大厅", exact=True)).to_be_visible()
    li.goto(fleet.url)
    li.locator("summary", has_text="我的视图").click()
    li.get_by_role("link", name="大厅", exact=True).click()
    expect(box(li, "终端").locator("tbody tr")).to_have_count(1)
    with signed_in(browser, fleet, "wang.fang") as other:
        other.locator("summary", has_text="我的视图").click()
        expect(other.get_by_text("还没有保存的视图")).to_be_visible()
        other.goto(f"{fleet.url}/sites")
        expect(box(other, "地点列表").locator("tbody tr")).to_have_count(2)
        expect(other.get_by_role("button", name="填写位置")).to_have_count(0)
    li.locator("summary", has_text="我的视图").click()
    li.get_by_role("button", name="删除视图 大厅").click()
    expect(li.get_by_text("还没有保存的视图")).to_be_visible()


def test_a_late_case_and_the_order_that_its_rating_opened(fleet: Fleet, li: Page) -> None:
    li.goto(f"{fleet.url}/cases?show=late")
    row = box(li, "办件").locator("tbody tr")
    expect(row).to_contain_text("黄牌")
    row.get_by_role("link", name=hw.CASE).click()
    expect(box(li, "步骤").locator("tbody tr").first).to_contain_text("已完成王芳")
    expect(box(li, "时限")).to_contain_text("个工作日")
    expect(box(li, "督办与提醒")).to_contain_text("红牌")
    li.goto(f"{fleet.url}/ratings")
    order = box(li, "工单").locator("tbody tr")
    expect(order).to_contain_text("超期未答复")
    number = order.locator("td").first.inner_text()
    expect(box(li, "最近的评价").locator("tbody tr")).to_contain_text(number)


# ---- Without a browser -------------------------------------------------------------------------


places = st.builds(
    Place, st.text("甲乙<&\"'ab", min_size=1, max_size=12), st.floats(-89, 89),
    st.floats(-179, 179),
)  # fmt: skip


@given(st.lists(places, min_size=1, max_size=12, unique_by=lambda place: place.site))
@settings(max_examples=60, deadline=None)
def test_every_place_is_within_the_plan_and_north_is_up(found: list[Place]) -> None:
    sites = [
        Site(one.site, at + 1, 0, list(Tone)[at % 4], "好", one) for at, one in enumerate(found)
    ]
    made = plan(sites)
    assert made is not None
    for mark in made.marks:
        assert mark.x - mark.radius >= 0
        assert mark.x + mark.radius <= WIDTH
        assert mark.y - mark.radius >= 0
        assert mark.y + mark.radius <= HEIGHT
    rows = sorted((mark.site.place.latitude, -mark.y) for mark in made.marks if mark.site.place)
    heights = [height for _, height in rows]
    assert all(a <= b + 1e-6 for a, b in pairwise(heights))
    drawn = draw(made, "图", "公里", "北")
    assert drawn.count("<a ") == len(found)
    assert not any(f"<{one.site}" in drawn for one in found if "<" in one.site)


def test_what_is_no_place_on_earth() -> None:
    assert Place("大厅", 30.0, 120.0).sound
    for wrong in (Place("", 1, 1), Place("a", 91, 0), Place("a", 0, 181), Place("a", math.nan, 0)):
        assert not wrong.sound


views = st.builds(
    View, st.text(max_size=20), st.sampled_from(["", *FILTERS]), st.sampled_from(list(SORTS)),
    st.sets(st.sampled_from(COLUMNS), min_size=1).map(
        lambda chosen: tuple(name for name in COLUMNS if name in chosen)
    ),
)  # fmt: skip


@given(views)
@settings(max_examples=60, deadline=None)
def test_a_view_is_an_address_and_back(view: View) -> None:
    said = {name: values[0] for name, values in parse_qs(view.query, strict_parsing=False).items()}
    assert View.read(said, FILTERS) == view


def test_a_view_with_nonsense_is_the_usual_one() -> None:
    said = {"sort": "'; DROP", "columns": "x,y", "show": "nothing"}
    assert View.read(said, FILTERS) == View()


@pytest.fixture
def store(each_url: str) -> Iterator[Store]:
    made = Store(each_url)
    yield made
    made.close()


def test_what_the_pages_read_is_the_same_in_both_databases(store: Store) -> None:
    fill(store)
    now, books = time.time(), CaseBook(store)
    [late] = books.page("late", "", 50, now)
    assert (late.case_no, late.cards, late.late) == (hw.CASE, ("warning", "yellow", "red"), True)
    assert {show: len(books.page(show, "KT-0001", 50, now)) for show in SHOW} == {
        "open": 1, "late": 1, "cards": 1, "correction": 0, "ended": 0, "all": 1,
    }  # fmt: skip
    assert books.page("all", "%", 50, now) == []
    story, said = books.story(hw.CASE, now), books.feedback(now)
    assert story is not None
    assert story.seen is not None
    assert story.orders == (said.orders[0].number,) == (said.latest[0].order_no,)
    assert (said.levels, said.unanswered, said.late) == (((1, 1),), 1, 1)
    views, sites = Views(store), Sites(store)
    assert views.save("li", " 大厅 ", "q=1", now)
    assert views.save("li", "大厅", "q=2", now)
    assert not views.save("li", " ", "q=2", now)
    assert (views.of("li"), views.of("wang")) == ([("大厅", "q=2")], [])
    views.remove("li", "大厅")
    assert views.of("li") == []
    sites.save(Place("大厅", 30.0, 120.0), "li", now)
    sites.save(Place("大厅", 31.0, 120.0, "路"), "li", now)
    assert sites.every() == {"大厅": Place("大厅", 31.0, 120.0, "路")}


def test_visits_by_day_and_hour_are_the_same_visits(store: Store) -> None:
    at = datetime(2026, 11, 20, 23, 59, tzinfo=CHINA).timestamp()
    with store.write() as connection:
        for number, (moment, how) in enumerate(
            ((at, "finished"), (at + 120, "left"), (at, "idle"))
        ):
            connection.execute(moments.insert().values(
                terminal="KT-1", journal="j", seq=number, kind="session", time="", outcome=how,
                received_at=moment, role="", staff="", count=0,
            ))  # fmt: skip
        period = Period(date(2026, 11, 20), date(2026, 11, 21))
        days, hours = tables(connection, period, Words("en"))
    assert days.rows == (("2026-11-20", 2, 1, 1, 0.5), ("2026-11-21", 1, 0, 1, 0.0))
    assert days.total == hours.total == ("Total", 3, 1, 2, 1 / 3)
    assert [row[:2] for row in hours.rows if row[1]] == [("00:00", 1), ("23:00", 2)]
