"""Pages by ear and by key: what is said, what is kept private, where the focus goes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earwork import Ear
from kiosk import events
from kiosk.model import Key, Language, Voice

ROOT = Path(__file__).parents[2]
ZH, EN = Language.ZH, Language.EN


@pytest.fixture
def ear(portrait: Any) -> Iterator[Ear]:
    portrait.show("attract", EN)
    ear = Ear(portrait)
    yield ear
    ear.leave()


@pytest.fixture
def heard(ear: Ear) -> Ear:
    """Speech has begun."""
    ear.key(Key.HELP)
    return ear


def focused(ear: Ear) -> str:
    target = ear.stage.app.access.focus.target
    return target.action if target is not None else ""


def to(ear: Ear, action: str) -> str:
    """Down, until this is reached."""
    for _ in range(40):
        ear.stage.app.access.key(Key.DOWN)
        if focused(ear) == action:
            return ear.last
    raise AssertionError(f"{action} is never reached")


def test_who_uses_neither_keys_nor_speech_hears_nothing(ear: Ear) -> None:
    ear.page("services")
    ear.stage.press("service:T1")
    assert not ear.said
    assert not ear.stage.app.access.page.reading.stops


@pytest.mark.parametrize("begin", [Key.HELP, Key.ENTER, "headphones"])
def test_speech_begins_with_headphones_or_a_key(ear: Ear, begin: str) -> None:
    if begin == "headphones":
        ear.stage.app.access.plugged(True)
    else:
        ear.key(begin)
    assert ear.last.startswith("Touch the screen to begin")
    assert "需要中文" in ear.last
    assert not ear.stage.posted, "the key that wakes it does nothing else"


def test_a_page_says_its_title_its_texts_and_how_much_there_is_to_choose(heard: Ear) -> None:
    said = heard.page("question-choices", ZH)
    assert said.startswith("接下来您想要哪些帮助？")
    assert "可以选几项" in said
    assert "本页有" in said
    assert "免费职业技能培训，已选" in to(heard, "choice:training")
    assert "推荐工作，未选" in to(heard, "choice:referral")


def test_an_error_is_said_when_it_appears_and_once(heard: Ear) -> None:
    before = heard.page("question-phone", EN)
    heard.said.clear()
    after = heard.page("question-error", EN)
    assert "starts with 1" in after or "11 digits" in after
    assert after not in before
    heard.said.clear()
    heard.page("question-error", EN)
    assert not heard.last


def test_the_same_error_after_another_try_is_not_silence(heard: Ear) -> None:
    heard.page("question-error", EN)
    heard.said.clear()
    heard.key(Key.ENTER)
    heard.page("question-error", EN)
    assert "11 digits" in heard.last
    heard.said.clear()
    heard.page("question-error", EN)
    assert not heard.last, "nobody has tried anything since"


def test_the_end_of_a_session_is_counted_aloud_and_not_every_second(heard: Ear) -> None:
    opened = heard.page("still-there", seconds_left=40)
    assert "Are you still there" in opened
    assert "40 seconds left" in opened
    heard.said.clear()
    for left in range(39, 0, -1):
        heard.page("still-there", seconds_left=left)
    told = [part.text for one in heard.said for part in one.parts]
    assert told == [f"{left} seconds left. " for left in (30, 20, 10, 5)]
    assert not any(one.urgent for one in heard.said), "nobody is interrupted"


def test_who_listens_or_takes_large_type_needs_more_time(heard: Ear) -> None:
    from screens.theme import Appearance

    app = heard.stage.app
    assert app.unhurried()
    app.access._end()
    assert not app.unhurried()
    app._wardrobe.now = Appearance(text=130)
    try:
        assert app.unhurried()
    finally:
        app._wardrobe.now = app._usual


def test_who_is_asked_whether_they_are_there_answers_with_one_key(heard: Ear) -> None:
    assert "Press Enter" in heard.page("still-there")
    heard.key(Key.ENTER)
    assert [type(one) for one in heard.stage.posted] == [events.StillHere]


def test_private_words_need_headphones(heard: Ear) -> None:
    with_headphones = heard.page("check", ZH)
    assert "张秀兰" in with_headphones
    assert "139 0000 0000" in with_headphones
    for private in ("张秀兰", "139", "1101", "幸福村"):
        assert private not in heard.aloud
    heard.headphones = False
    assert "插上耳机" in heard.last
    assert "联系电话" in heard.last


def test_money_is_private_and_a_fee_that_is_public_is_not(heard: Ear) -> None:
    heard.page("payment")
    assert "10.00" in heard.last
    assert "10.00" not in heard.aloud


def test_of_a_pin_only_the_count_is_said(heard: Ear) -> None:
    heard.page("pin", EN)
    before = len(heard.said)
    for key in "13579":
        heard.key(key)
    assert "5 digits entered" in heard.last
    spoken = " ".join(p.text for one in heard.said[before:] for p in one.parts)
    assert not set("13579") & set(spoken.replace("5 digits", "").replace("1 digits", "")
                                  .replace("3 digits", "")), spoken  # fmt: skip


def test_a_number_is_typed_and_checked_by_ear(heard: Ear) -> None:
    heard.page("question-phone", value="")
    assert "number keys" in heard.last
    for key in "13900001234":
        heard.key(key)
    heard.key(Key.CLEAR, "7")
    assert "1 3 9 0 0 0 0 1 2 3 7" in to(heard, "continue")
    heard.headphones = False
    assert "1 3 9" not in heard.last
    heard.key(Key.ENTER)
    assert heard.stage.posted[-1].value == "13900001237"


def test_enter_goes_on_after_typing(heard: Ear) -> None:
    heard.page("question-phone", value="13900001234")
    heard.key(Key.ENTER)
    assert isinstance(heard.stage.posted[-1], events.Answered)


def test_cancel_goes_back_and_never_leaves(heard: Ear) -> None:
    heard.page("guide")
    heard.key(Key.CANCEL)
    assert [type(e) for e in heard.stage.posted] == [events.WentBack]
    heard.stage.posted.clear()
    heard.page("rating")
    heard.key(Key.CANCEL)
    assert not heard.stage.posted


def test_the_keys_can_be_tried_before_they_do_anything(heard: Ear) -> None:
    heard.page("guide")
    heard.key(Key.HELP, "3")
    assert "Try the keys" in heard.last
    for key in Key:
        if key is Key.HELP:
            continue
        said = heard.key(key)
        assert said.strip(), key
        assert "{" not in said, key
        assert not focused(heard), "nothing is pressed or moved to"
    assert not heard.stage.posted
    assert "Digit 7" in heard.key("7")
    assert "over" in heard.key(Key.HELP)
    heard.key(Key.DOWN)
    assert focused(heard)


def test_a_new_page_ends_the_trial_of_keys(heard: Ear) -> None:
    heard.page("guide")
    heard.key(Key.HELP, "3")
    heard.page("question-phone", value="")
    heard.key("1")
    assert heard.stage.page()._draft == "1"


def test_help_tells_the_keys_and_they_work(heard: Ear) -> None:
    heard.page("guide")
    heard.said.clear()
    assert "4, slower" in heard.key(Key.HELP)
    heard.key("6", "2")
    assert heard.said[-1].voice.rate > Voice().rate
    assert heard.said[-1].voice.volume > Voice().volume
    title = heard.key("1")
    assert heard.key(Key.HELP, "5") == title, "repeated"
    heard.key(Key.HELP, "9")
    assert heard.stage.posted == [events.LanguageChosen(ZH)]
    heard.key(Key.HELP, "0")
    heard.said.clear()
    heard.key(Key.DOWN)
    assert not heard.last


def test_after_the_page_was_read_again_digits_are_typed(heard: Ear) -> None:
    """And not taken for louder, slower, or no speech at all."""
    heard.page("question-phone", value="")
    heard.key(Key.HELP, "6", "1", *"13900")
    assert heard.stage.page()._draft == "13900"
    assert heard.stage.app.access.teller.on


def test_the_other_language_is_read_at_once(heard: Ear) -> None:
    heard.page("guide", EN)
    said = heard.page("guide", ZH)
    assert "本页有" in said


def test_nothing_of_one_visit_is_left_to_the_next(heard: Ear) -> None:
    heard.page("check")
    heard.key(Key.HELP, "6", Key.DOWN)
    heard.page("attract")
    access = heard.stage.app.access
    assert not access.teller.on
    assert not access.page.reading.texts
    assert focused(heard) == ""
    heard.said.clear()
    heard.page("services")
    assert not heard.said
    heard.key(Key.HELP)
    assert heard.said[-1].voice == Voice()


def test_the_ring_is_around_the_focus_and_goes_with_a_touch(ear: Ear) -> None:
    ear.page("guide")
    ear.key(Key.DOWN)
    target = ear.stage.app.access.focus.target
    frame, ring = ear.stage.app.access._rings._made
    assert frame is ear.stage.app.frame
    x, y, width, height = ring.at
    assert x < target.x < target.right < x + width
    assert y < target.y < target.top < y + height
    ear.stage.app.access.touched()
    assert ring.at is None


def test_a_digit_goes_to_that_choice(heard: Ear) -> None:
    heard.page("question-choice")
    heard.key("2")
    assert focused(heard) == "choice:elsewhere"
    assert "selected" in heard.key(Key.ENTER)


# ---- Two switches ------------------------------------------------------------------------------


def test_two_switches_reach_everything_row_by_row(ear: Ear) -> None:
    ear.page("question-phone", value="1")
    seen = set()
    for _ in range(12):
        ear.stage.app.access.key(Key.NEXT)
        seen.add(focused(ear))
        if focused(ear) == "key:4":
            break
    assert "key:1" in seen
    ring = ear.stage.app.access._rings._made[1].at
    assert ring[2] > 2 * ear.stage.app.targets()["key:4"].width, "the whole row"
    ear.key(Key.CHOOSE, Key.NEXT)
    assert focused(ear) == "key:5"
    ear.key(Key.CHOOSE)
    assert ear.stage.page()._draft == "15"


def test_one_switch_alone_lets_time_go_on(ear: Ear) -> None:
    ear.page("guide")
    switches = ear.stage.app.access._switches
    ear.key(Key.CHOOSE)
    assert switches.running
    first = focused(ear)
    switches._tick(0)
    assert focused(ear) != first
    while focused(ear) != "accept_guide":
        switches._tick(0)
    ear.key(Key.CHOOSE)
    assert [type(e) for e in ear.stage.posted] == [events.GuideAccepted]
    ear.page("card")
    switches._tick(0)
    assert focused(ear), "on the next page it goes on"
    for _ in range(100):
        switches._tick(0)
    assert not switches.running, "nobody is there any more"


@pytest.mark.parametrize(
    "theme", sorted((ROOT / "config/themes").glob("*.toml")), ids=lambda path: path.stem
)
def test_the_two_strokes_of_the_ring_stand_out_from_each_other(theme: Path) -> None:
    colours = tomllib.loads(theme.read_text("utf-8"))
    dark, light = sorted(luminance(colours[name]) for name in ("ink", "paper"))
    assert (light + 0.05) / (dark + 0.05) >= 9, "then one of them has 3:1 on any ground"


def luminance(colour: str) -> float:
    """Relative, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
