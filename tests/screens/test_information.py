"""What is made public on the screen: whole, in pages that are turned, and pressable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

import fakes
from kiosk.events import (
    ArticleChosen,
    ArticleServicesWanted,
    InformationOpened,
    ServiceChosen,
    ShelfOpened,
    SlipWanted,
)
from kiosk.model import Language
from kiosk.services.information import Decision, Kind
from kiosk.view import ArticleBody, State
from screens.samples import bodies


def flat(text: str) -> str:
    return "".join(text.split())


def laid_out(widget: Any) -> list[Any]:
    """The labels of the page that is shown, which cover neither each other nor the buttons."""
    labels = [one for one in widget.children if hasattr(one, "raw")]
    lowest = widget.bar.top if widget.bar.parent is widget else widget.y
    assert all(one.y >= lowest - 1 and one.top <= widget.top + 1 for one in labels)
    for one, two in combinations(labels, 2):
        beside = one.right <= two.x + 1 or two.right <= one.x + 1
        assert beside or one.y >= two.top - 2 or two.y >= one.top - 2, (one.raw, two.raw)
    return labels


def leaves(stage: Any) -> Iterator[list[str]]:
    """What each page of the article says, while it is shown, from its first to its last."""
    while True:
        labels = laid_out(stage.page()._leaves)
        yield [one.raw for one in sorted(labels, key=lambda one: (-one.top, one.x))]
        if "leaf_down" not in stage.app.targets():
            return
        stage.press("leaf_down")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", ["article-policy", "article-list", "article-place"])
def test_every_line_stands_on_one_page_and_pages_are_counted(
    stage: Any, name: str, language: Language
) -> None:
    stage.show("attract", language)
    body = stage.show(name, language).body
    pages = []
    for number, page in enumerate(leaves(stage), start=1):
        assert stage.faults() == []
        count = stage.page()._leaves.count
        assert stage.app.look.words.say("article.page", language, page=number, count=count) in (
            stage.said()
        )
        pages.append(page)
    assert len(pages) == count > 1
    said = flat("".join(line for page in pages for line in page))
    wanted = [text.into(language) for one in body.blocks for text in (one.text, one.value)]
    for text in wanted:
        assert flat(text) in said
    assert all(len(page) > 1 for page in pages)


def test_a_heading_never_ends_a_page(stage: Any) -> None:
    stage.show("attract", Language.ZH)
    body = stage.show("article-policy", Language.ZH).body
    heads = {one.text.zh for one in body.blocks if one.kind == "head"}
    for page in leaves(stage):
        assert page[-1] not in heads


def test_a_short_article_has_no_pages_to_turn(stage: Any) -> None:
    stage.show("article-bare", Language.ZH)
    assert not {"leaf_down", "leaf_up"} & set(stage.app.targets())


def test_another_article_begins_at_its_first_page(stage: Any) -> None:
    stage.show("attract", Language.ZH)
    stage.show("article-list", Language.ZH)
    stage.press("leaf_down")
    assert stage.page()._leaves.page == 1
    stage.show("article-list", Language.EN)  # the same, in another language
    assert stage.page()._leaves.page == 1
    stage.show("article-policy", Language.ZH)
    assert stage.page()._leaves.page == 0


def test_every_way_can_be_pressed(stage: Any) -> None:
    stage.show("attract", Language.ZH)
    stage.press("around_information")
    assert stage.posted.pop() == InformationOpened()
    stage.show("services-shelves", Language.ZH)
    stage.press("around_information")
    assert stage.posted.pop() == InformationOpened()
    stage.show("information", Language.ZH)
    stage.press("information:list")
    assert stage.posted.pop() == ShelfOpened("list")
    stage.show("information-lists", Language.ZH)
    stage.press("article:a1")
    assert stage.posted.pop() == ArticleChosen("a1")
    stage.show("article-policy", Language.ZH)
    stage.press("article_slip")
    assert stage.posted.pop() == SlipWanted()
    stage.press("article_services")
    assert stage.posted.pop() == ServiceChosen("T4")
    stage.show("article-place", Language.ZH)
    stage.press("article_services")
    assert stage.posted.pop() == ArticleServicesWanted()
    stage.show("article-choosing", Language.ZH)
    stage.press("service:T2")
    assert stage.posted.pop() == ServiceChosen("T2")


def test_a_touch_on_the_idle_page_s_button_opens_no_list_of_services(stage: Any) -> None:
    stage.show("attract", Language.ZH)
    stage.press("around_information")
    assert stage.posted == [InformationOpened()]


def test_what_cannot_be_had_now_is_not_offered(stage: Any) -> None:
    body = bodies()["article-policy"][1]
    assert isinstance(body, ArticleBody)
    lost = tuple(replace(tile, why_not="why_not.offline") for tile in body.services)
    stage.show("article-policy", Language.ZH, services=lost, slip=False)
    assert not {"article_services", "article_slip"} & set(stage.app.targets())


def test_every_kind_and_mark_has_words_and_an_icon(stage: Any) -> None:
    from screens.information import ICONS

    assert set(ICONS) == {str(kind) for kind in Kind}
    words = stage.app.look.words
    keys = [f"information.{kind}{part}" for kind in Kind for part in ("", ".lead")]
    keys += [f"information.mark.{mark}" for mark in (*Decision, "here")]
    assert all(key in words for key in keys)


def pages() -> Iterator[tuple[State, Any]]:
    """The shipped pages as the session shows them, with all shelves."""
    from kiosk.session import views_information
    from kiosk.session.errand import Around, Purpose, Reading
    from kiosk.session.visit import Visit

    terminal, visit = stocked(), Visit(Language.ZH, None)  # type: ignore[arg-type]
    known = terminal.catalogue.information
    for reading in (Reading(), *map(Reading, Kind), *(Reading("x", name) for name in known)):
        visit.around = Around(Purpose.READ, reading=reading)
        state = State.ARTICLE if reading.article else State.INFORMATION
        yield state, views_information.BODIES[state](terminal, visit)


def stocked() -> Any:
    """As little of a terminal as an article asks for."""
    from types import SimpleNamespace

    from kiosk.session.condition import Condition

    class Bare(SimpleNamespace):
        def why_not(self, *_: object) -> str:
            return ""

    place = SimpleNamespace(terminal="KT-0001")
    return Bare(place=place, catalogue=fakes.shipped(), condition=Condition())


def test_the_shipped_pages_fit(stage: Any) -> None:
    for language in Language:
        for state, body in pages():
            stage.show_body(state, body, language)
            assert stage.faults() == [], (language, getattr(body, "name", body))
            if isinstance(body, ArticleBody):
                laid_out(stage.page()._leaves)
