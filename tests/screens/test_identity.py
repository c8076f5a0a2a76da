"""Pages that find out who somebody is: cards, consent, face, other ways, a witness, a ticket."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.model import FaceHint, Language, Rung, Text
from kiosk.view import FaceBody, Paper, State, Way, WaysBody

REASONS = ("refused", "tries", "no_camera", "no_model", "no_portrait", "chosen", "not_agreed")
WHY_NOT = ("no_camera", "no_model", "no_portrait", "not_registered", "offline", "no_helper",
           "no_printer", "own_card", "tries")  # fmt: skip
NAMES = ("face", "code", "pin", "helper", "desk")
CHALLENGES = {
    FaceHint.TURN_LEFT: "left",
    FaceHint.TURN_RIGHT: "right",
    FaceHint.NOD: "bottom",
    FaceHint.BLINK: "top",
}


# ---- Cards -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_the_card_page_says_whose_card_is_wanted(stage: Any, language: Language) -> None:
    said = set()
    for whose in ("applicant", "second", "guardian", "helper", "staff"):
        stage.show("card", language, whose=whose)
        assert stage.faults() == []
        said.add((stage.page()._title.raw, stage.page()._hint.raw))
    assert len(said) == 5


def test_those_who_work_here_read_that_it_is_recorded(portrait: Any) -> None:
    portrait.show("card", Language.EN, whose="applicant")
    assert any("erased" in text for text in portrait.said())
    for whose in ("helper", "staff"):
        portrait.show("card", Language.EN, whose=whose)
        assert any("recorded" in text for text in portrait.said())
        assert not any("erased" in text for text in portrait.said())


# ---- Consent ---------------------------------------------------------------------------------


def test_consent_tells_comparing_from_framing(portrait: Any) -> None:
    portrait.show("consent", Language.EN, matching=True)
    assert any("compares your face" in text for text in portrait.said())
    portrait.show("consent", Language.EN, matching=False)
    assert any("compares nothing" in text for text in portrait.said())
    assert not any("compares your face" in text for text in portrait.said())


@pytest.mark.parametrize("matching", [True, False])
def test_a_guardian_is_asked_about_the_child(stage: Any, matching: bool) -> None:
    for language in Language:
        stage.show("consent-child", language, matching=matching)
        assert stage.faults() == []
    said = stage.said()
    assert any("李*" in text and "您好" not in text for text in said)
    assert any("张*" in text for text in said)
    assert any("guardian" in text for text in said)


# ---- Face ------------------------------------------------------------------------------------


@pytest.mark.parametrize("hint", list(FaceHint))
def test_every_hint_fits_and_only_challenges_have_a_sign(stage: Any, hint: FaceHint) -> None:
    for language in Language:
        stage.show_body(State.FACE, FaceBody(hint, 12, 3, 3, matching=True), language)
        assert stage.faults() == []
    post = stage.page()._signpost
    assert post.place == CHALLENGES.get(hint, "")
    assert (post._sign.parent is post) == (hint in CHALLENGES)


def test_the_arrow_points_to_the_side_that_a_mirror_shows(stage: Any) -> None:
    """The person's own left is on the left of a mirror, and of the screen."""
    from screens.fonts import icon

    for hint, arrow in ((FaceHint.TURN_LEFT, "left"), (FaceHint.TURN_RIGHT, "right")):
        stage.show_body(State.FACE, FaceBody(hint), Language.ZH)
        post = stage.page()._signpost
        aside = post._sign.center_x - post._mirror.center_x
        assert (aside < -post.width / 4) if arrow == "left" else (aside > post.width / 4)
        assert post._arrow._icon.text == icon(f"arrow-{arrow}-bold")
        assert post._sign.x >= 0
        assert post._sign.right <= stage.app.look.width


def test_tries_are_counted_only_where_something_is_compared(portrait: Any) -> None:
    body = FaceBody(FaceHint.CLOSER, 20, 2, 3, matching=True)
    portrait.show_body(State.FACE, body, Language.EN)
    assert "Try 2 of 3" in portrait.said()
    portrait.show_body(State.FACE, FaceBody(FaceHint.CLOSER), Language.EN)
    assert not any(text.startswith("Try ") for text in portrait.said())


# ---- Ways ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_every_way_every_reason_and_every_obstacle_fits(stage: Any, language: Language) -> None:
    for number, reason in enumerate(REASONS):
        obstacles = [WHY_NOT[(number + i) % len(WHY_NOT)] for i in range(5)]
        ways = tuple(Way(n, f"why_not.{o}") for n, o in zip(NAMES, obstacles, strict=True))
        for shown in (tuple(map(Way, NAMES)), ways):
            stage.show_body(State.WAYS, WaysBody(shown, reason, "欧阳**"), language)
            assert stage.faults() == [], reason


def test_the_desk_stands_last_and_an_obstacle_can_be_read_but_not_pressed(stage: Any) -> None:
    stage.show("ways", Language.ZH)
    rows = stage.page()._list.children[::-1]
    assert [row.action for row in rows][-1] == "way:desk"
    assert rows[-1].y == min(row.y for row in rows)
    offered = {action for action in stage.app.targets() if action.startswith("way:")}
    assert offered == {"way:code", "way:pin", "way:desk"}
    assert {"现在没有工作人员", "次数已用完"} <= set(stage.said())
    assert "leave" in stage.app.targets()


# ---- A helper's word, and a ticket -----------------------------------------------------------


def test_a_witness_sees_only_what_is_masked_and_nothing_stays(stage: Any) -> None:
    stage.show("witness", Language.ZH)
    assert {"张*", "1101**********1221", "王海生，请您核对"} <= set(stage.said())
    screen = stage.page()
    stage.show("attract", Language.ZH)
    assert [label.raw for label in (screen._asked, *screen._values)] == [""] * 4


@pytest.mark.parametrize("language", list(Language))
def test_a_long_service_leaves_room_for_the_witness(stage: Any, language: Language) -> None:
    long = Text(
        "城乡居民基本养老保险个人账户待遇领取资格认证与缴费明细查询",
        "Certificate of contributions to the basic pension for urban and rural residents",
    )
    stage.show("witness", language, item=long)
    assert stage.faults() == []
    stage.show("ticket", language, item=long)
    assert stage.faults() == []


def test_the_number_is_the_largest_thing_on_the_page(stage: Any) -> None:
    from screens.widgets.text import Label

    stage.show("ticket", Language.ZH)
    labels = [w for w in stage.page().walk(restrict=True) if isinstance(w, Label) and w.text]
    assert max(labels, key=lambda label: label.font_size).text == "K012"


def test_a_ticket_is_taken_when_it_is_out(portrait: Any) -> None:
    portrait.show("ticket", Language.EN)
    assert "ticket_done" not in portrait.app.targets()
    portrait.show("ticket-ready", Language.EN)
    assert "ticket_done" in portrait.app.targets()


@pytest.mark.parametrize("rung", [Rung.QUEUED, Rung.SENT, Rung.UNCONFIRMED])
def test_a_ticket_that_did_not_come_out_is_to_be_remembered(portrait: Any, rung: Rung) -> None:
    paper = Paper("ticket", rung, "paper.trouble.no_paper")
    portrait.show("ticket", Language.EN, paper=paper, done=True)
    assert "Please remember this number" in portrait.said()
    portrait.press("ticket_done")
    assert len(portrait.posted) == 1


# ---- What goes on all the same ---------------------------------------------------------------


@pytest.mark.parametrize("count", range(7))
def test_what_an_expired_card_still_gives_is_named(stage: Any, count: int) -> None:
    from screens.samples import TILES

    names = tuple(tile.name for tile in TILES[:count])
    for language in Language:
        stage.show("problem-expired", language, still=names)
        assert stage.faults() == []
    said = stage.said()
    assert sum(name.en in said for name in names) == min(count, 4)
    assert any("more" in text for text in said) == (count > 4)


def test_who_is_known_and_who_helps_is_told_and_forgotten(stage: Any) -> None:
    stage.show("services-helper", Language.ZH)
    said = stage.said()
    assert any("王*" in text for text in said)
    assert any("张*" in text for text in said)
    screen = stage.page()
    stage.show("services", Language.ZH)
    assert not any("*" in text for text in stage.said())
    stage.show("services-helper", Language.ZH)
    stage.show("attract", Language.ZH)
    assert screen._helper._label.raw == screen._known._label.raw == ""


def test_a_helper_sees_what_can_be_done_here(stage: Any) -> None:
    stage.show("services-helper", Language.EN)
    badges = [tile._badge._label.raw for tile in stage.page()._all._tiles[:3]]
    assert badges == ["At once", "Accepted here", "Handed on"]
