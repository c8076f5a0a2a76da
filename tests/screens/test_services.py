"""A catalogue of many items: shelves, one shelf, and the field to search in."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import heap
from kiosk.events import FacetChosen, Searched, ServiceChosen, ShelfOpened
from kiosk.model import Language, Text
from kiosk.services.item import LifeEvent, Theme, UseLevel
from kiosk.services.load import load_catalogue
from kiosk.services.search_kinds import Facet
from kiosk.session.updates import browsing
from kiosk.session.visit import Browse
from kiosk.view import ServicesBody, ServiceTile, ShelfTile, State

ROOT = Path(__file__).parents[2]
CANARY = "qx7391846205"


def tiles(count: int) -> tuple[ServiceTile, ...]:
    office = Text("示例县残疾人联合会", "Sample County Disabled Persons' Federation")
    return tuple(
        ServiceTile(f"N{n}", Text(f"第{n}项服务", f"Service {n}"), office, "car", "instant")
        for n in range(count)
    )


SHELF = ShelfTile("theme", "tax", 60)
OPEN = ServicesBody(tiles(60), searchable=True, total=900, shelf=SHELF, found=60)
FOUND = replace(OPEN, shelf=None, words="y")


def seen(stage: Any, part: str) -> list[str]:
    """What can be pressed now, without the name of the part."""
    return [one.removeprefix(part) for one in stage.app.targets() if one.startswith(part)]


def show(stage: Any, body: ServicesBody, language: Language = Language.ZH) -> None:
    stage.show_body(State.SERVICES, body, language)
    assert stage.faults() == []


def open_search(stage: Any) -> None:
    stage.show("attract", Language.ZH)
    stage.show("services-shelves", Language.ZH)
    stage.press("search")
    show(stage, replace(FOUND, words=" "))
    stage.posted.clear()


# ---- Shelves ---------------------------------------------------------------------------------


def test_a_small_catalogue_has_no_shelves_and_no_search(stage: Any) -> None:
    stage.show("services", Language.ZH)
    assert seen(stage, "search") == seen(stage, "facet:") == seen(stage, "shelf:") == []


def test_all_shelves_can_be_opened_and_are_of_four_kinds(stage: Any) -> None:
    stage.show("services-shelves", Language.ZH)
    assert seen(stage, "shelf:") == [str(theme) for theme in Theme]
    stage.press("shelf:tax")
    assert seen(stage, "facet:") == [str(facet) for facet in Facet]
    stage.press("facet:department")
    assert stage.posted == [ShelfOpened("tax"), FacetChosen("department")]


def test_the_most_wanted_are_chosen_at_once(stage: Any) -> None:
    stage.show("services-shelves", Language.ZH)
    assert len(seen(stage, "service:")) >= 4
    stage.press("service:T1")
    assert stage.posted == [ServiceChosen("T1")]


def test_departments_are_all_there_over_several_pages(stage: Any) -> None:
    for language in Language:
        stage.show("services-shelves-department", language)
        found = set(seen(stage, "shelf:"))
        while "page_down" in stage.app.targets():
            stage.press("page_down")
            assert stage.faults() == []
            found |= set(seen(stage, "shelf:"))
        assert len(found) == 12
        stage.show("services-shelves", language)


def test_every_shelf_has_a_sign_that_the_font_has(stage: Any) -> None:
    from screens.fonts import icon_names
    from screens.shelves import ICONS, OFFICE

    kinds = {Facet.THEME: Theme, Facet.LIFE_EVENT: LifeEvent, Facet.LEVEL: UseLevel}
    for facet, keys in kinds.items():
        assert set(ICONS[facet]) == set(keys)
        assert len(set(ICONS[facet].values())) == len(keys), "no two alike"
        assert set(ICONS[facet].values()) <= set(icon_names())
        assert all(f"{facet}.{key}" in stage.app.look.words for key in keys)
    assert OFFICE in icon_names()
    assert all(f"facet.{facet}" in stage.app.look.words for facet in Facet)


# ---- One shelf -------------------------------------------------------------------------------


def test_a_shelf_shows_each_item_once_with_few_widgets(stage: Any) -> None:
    from screens.tiles import Tile

    stage.show("services-shelves", Language.ZH)
    show(stage, OPEN)
    found = seen(stage, "service:")
    while "page_down" in stage.app.targets():
        stage.press("page_down")
        found += seen(stage, "service:")
    assert found == [f"N{n}" for n in range(60)]
    gc.collect()
    screen = stage.app.frame.screens[State.SERVICES]
    pool = screen._shelf._pages._cells
    assert len(pool) <= 9
    assert all(isinstance(cell, Tile) for cell in pool)


def test_a_shelf_stays_on_its_page_over_a_guide_and_begins_anew_later(stage: Any) -> None:
    stage.show("services-shelves", Language.ZH)
    show(stage, OPEN)
    stage.press("page_down")
    second = seen(stage, "service:")
    assert "N0" not in second
    stage.show("guide", Language.ZH)
    show(stage, OPEN)
    assert seen(stage, "service:") == second
    stage.show("attract", Language.ZH)
    stage.show("services-shelves", Language.ZH)
    show(stage, OPEN)
    assert "N0" in seen(stage, "service:")


def test_it_says_that_there_are_more_than_it_shows(stage: Any) -> None:
    show(stage, replace(OPEN, found=1812), Language.EN)
    assert "First 60 of 1,812 services" in stage.said()


@pytest.mark.parametrize("language", list(Language))
def test_every_item_of_the_county_fits(stage: Any, language: Language) -> None:
    """On its shelf, among what was found, and among the most wanted; free and not to be had."""
    items = load_catalogue(ROOT / "config/catalogue").items
    made = [
        ServiceTile(item.task_code, Text(item.task_name.zh, item.task_name.en),
                    Text(item.dept_name.zh, item.dept_name.en), item.icon, str(item.kind), 20)
        for item in items
    ]  # fmt: skip
    lost = tuple(replace(tile, why_not="why_not.no_certificate_printer") for tile in made)
    for some, bodies in ((tuple(made), (OPEN, FOUND)), (lost, (FOUND,))):
        for body in bodies:
            stage.show("services", language)
            show(stage, replace(body, tiles=some), language)
            while "page_down" in stage.app.targets():
                stage.press("page_down")
                assert stage.faults() == []
    by_length = sorted(made, key=lambda tile: -len(tile.name.into(language)))
    for start in (0, 4):  # the longest
        stage.show("services-shelves", language, tiles=tuple(by_length[start : start + 8]))
        assert stage.faults() == []


# ---- Search ----------------------------------------------------------------------------------


def test_the_field_opens_with_keys_and_back_leads_to_all_shelves(stage: Any) -> None:
    stage.show("services-shelves", Language.ZH)
    stage.press("search")
    asked = stage.posted.pop()
    assert asked == Searched(" ")
    visit: Any = type("Visit", (), {"browse": Browse("level"), "browsed": False})()
    browsing.searched(None, visit, asked)  # type: ignore[arg-type]
    assert visit.browse.narrow, "the session sees that the field is open"
    browsing.went_back(visit)
    assert (visit.browse, visit.browsed) == (Browse("level"), False)
    show(stage, replace(FOUND, words=" "))
    assert {"key:y", "key:erase", "keyboard"} <= set(stage.app.targets())


def test_each_key_asks(stage: Any) -> None:
    open_search(stage)
    for words in ("y", "yb"):
        stage.type(words[-1])
        assert words in stage.said()
        show(stage, replace(FOUND, words=words))
    stage.type(["erase"])
    show(stage, FOUND)
    stage.press("clear")
    assert [event.words for event in stage.posted] == ["y", "yb", "y", " "]


def key(stage: Any, name: str) -> None:
    """Pressed as quickly as the gate may have it."""
    stage.app.targets()[f"key:{name}"].act()


def test_what_is_typed_before_the_answer_is_asked_after_it(stage: Any) -> None:
    from screens.step import frames

    open_search(stage)
    for name in "yib":
        key(stage, name)
    assert [event.words for event in stage.posted] == ["y"], "the gate is shut"
    show(stage, replace(FOUND, words="y"))
    frames(2)
    assert [event.words for event in stage.posted] == ["y", "yib"]
    assert "yib" in stage.said()
    show(stage, replace(FOUND, words="yib"))
    frames(3)
    assert len(stage.posted) == 2, "answered, so it is not asked again"


def test_a_session_that_sees_other_words_is_not_asked_for_ever(stage: Any) -> None:
    from screens.step import frames

    open_search(stage)
    key(stage, "y")
    for _ in range(5):
        show(stage, replace(FOUND, words="other"))
        frames(3)
    assert [event.words for event in stage.posted] == ["y", "y"]
    assert "other" in stage.said()


def test_only_lines_that_changed_are_written(stage: Any, monkeypatch: Any) -> None:
    from screens.tiles import Line

    open_search(stage)
    written = []
    fill = Line.fill

    def count(line: Any, tile: Any, screen: Any) -> None:
        written.append(tile.task_code)
        fill(line, tile, screen)

    monkeypatch.setattr(Line, "fill", count)
    some = tiles(3)
    show(stage, replace(FOUND, tiles=some, found=3))
    written.clear()
    new = replace(some[0], task_code="new")
    show(stage, replace(FOUND, words="yb", tiles=(new, *some[1:]), found=3))
    assert written == ["new"]
    assert seen(stage, "service:")[0] in ("new", "N1", "N2")
    show(stage, replace(FOUND, words="yba", tiles=some[1:], found=2))
    assert written == ["new"]
    assert sorted(seen(stage, "service:")) == ["N1", "N2"]


def test_lines_stand_in_the_order_they_were_found(stage: Any) -> None:
    open_search(stage)
    some = tiles(3)
    show(stage, replace(FOUND, tiles=some, found=3))
    show(stage, replace(FOUND, words="yb", tiles=some[::-1], found=3))
    targets = stage.app.targets()
    places = [(-targets[f"service:N{n}"].y, targets[f"service:N{n}"].x) for n in (2, 1, 0)]
    assert places == sorted(places)


def test_without_keys_more_is_seen(stage: Any) -> None:
    open_search(stage)
    before = len(seen(stage, "service:"))
    stage.press("keyboard")
    assert stage.faults() == []
    assert len(seen(stage, "service:")) > before
    assert seen(stage, "key:") == []
    stage.press("search")
    assert seen(stage, "key:")
    assert stage.posted == []


def test_nothing_found_says_what_to_do(stage: Any) -> None:
    open_search(stage)
    for language in Language:
        show(stage, replace(FOUND, words="zzz", tiles=(), found=0), language)
        assert any("12345" in text for text in stage.said())


def test_what_cannot_be_had_says_why_and_takes_no_touch(stage: Any) -> None:
    lost = replace(tiles(1)[0], why_not="why_not.offline")
    show(stage, replace(FOUND, tiles=(lost,), found=1))
    assert stage.app.look.words.say("why_not.offline", Language.ZH) in stage.said()
    assert seen(stage, "service:") == []


def test_what_was_looked_for_is_gone_with_the_visit(stage: Any) -> None:
    from kivy.core.text import LabelBase
    from kivy.uix.label import Label

    found = replace(tiles(1)[0], name=Text(CANARY, CANARY))

    def holders() -> list[str]:
        widgets = heap.alive(Label, LabelBase)
        return [w.text for w in widgets if CANARY in f"{w.text}{getattr(w, 'raw', '')}"]

    open_search(stage)
    show(stage, replace(FOUND, words=CANARY, tiles=(found,), found=1))
    assert len(holders()) > 1, "the page shows it, or the test proves nothing"
    show(stage, replace(FOUND, words="y"))  # the line that showed it is not in the window now
    stage.show("attract", Language.ZH)
    assert holders() == []
    screen = stage.app.frame.screens[State.SERVICES]
    assert screen._search.draft.text == ""
    assert screen._search._hits._items == ()


@pytest.mark.parametrize("language", list(Language))
def test_the_idle_page_says_what_cannot_be_had_why_and_where_else(
    stage: Any, language: Language
) -> None:
    stage.show("attract-limited", language)
    assert stage.faults() == []
    said = " ".join(stage.said())
    here = {Language.ZH: "养老待遇资格认证", Language.EN: "Confirm pension eligibility"}
    why = {Language.ZH: "需要联网，暂不能办：惠农补贴查询",
           Language.EN: "Not now: this needs the network: Farm subsidy statement"}  # fmt: skip
    where = {Language.ZH: "河东镇便民服务中心，出门向东，步行八分钟，开放至17:30",
             Language.EN: "Hedong Town Service Point, eight minutes on foot"}  # fmt: skip
    for one in (here, why, where):
        assert one[language] in said
    stage.show("attract", language)
    assert where[language] not in " ".join(stage.said())


def test_so_does_a_terminal_out_of_service(stage: Any) -> None:
    stage.show("out-of-service", Language.EN)
    assert "open until 17:30" in " ".join(stage.said())
    stage.show("out-of-service-hold", Language.EN)
    assert "Next terminal" not in " ".join(stage.said())
