"""Views that wait to be drawn: none is older than one before it, and no page is left out."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from kiosk.model import Language, Text
from kiosk.view import OutOfServiceBody, QuestionBody, RatingBody, State, ThanksBody, View
from screens.upcoming import Upcoming, page_of

FIRST = View(State.OUT_OF_SERVICE, Language.ZH, OutOfServiceBody("starting", Text("", ""), ""))
ASKED = Text("问", "Ask")


def view(serial: int, page: int = 0) -> View:
    """Of one of four pages."""
    if page < 2:
        body = QuestionBody(f"field{page}", "text", ASKED, ASKED, 1, 2)
        return View(State.QUESTION, Language.ZH, body, serial=serial)
    if page == 2:
        return View(State.RATING, Language.ZH, RatingBody(30), serial=serial)
    return View(State.THANKS, Language.ZH, ThanksBody(), serial=serial)


def drained(upcoming: Upcoming) -> list[View]:
    views = []
    while upcoming:
        assert upcoming.first() is not None
        taken = upcoming.take()
        assert taken is not None
        views.append(taken)
    return views


def test_it_begins_with_the_page_that_needs_nothing() -> None:
    upcoming = Upcoming(FIRST)
    assert drained(upcoming) == [FIRST]
    assert upcoming.first() is None
    assert upcoming.take() is None


def test_two_questions_are_two_pages() -> None:
    assert page_of(view(1, 0)) != page_of(view(1, 1))
    assert page_of(view(1, 0)) == page_of(view(2, 0))


def test_what_comes_late_is_not_shown() -> None:
    upcoming = Upcoming(FIRST)
    newest = view(7)
    assert upcoming.put(newest)
    assert not upcoming.put(view(6, 3))
    assert drained(upcoming) == [FIRST, newest]


@given(st.lists(st.integers(0, 3), max_size=30))
def test_every_page_has_its_turn_with_its_newest_view(pages: list[int]) -> None:
    upcoming = Upcoming(FIRST)
    for serial, page in enumerate(pages, 1):
        assert upcoming.put(view(serial, page))
    wanted = [
        (serial, page)
        for serial, page in enumerate(pages, 1)
        if serial == len(pages) or pages[serial] != page
    ]
    shown = [one.serial for one in drained(upcoming)[1:]]
    assert shown == [serial for serial, _ in wanted]


def test_threads_that_put_at_once_leave_the_newest_as_the_last() -> None:
    upcoming = Upcoming(FIRST)
    drained(upcoming)

    def deliver(start: int) -> None:
        for serial in range(start, 400, 4):
            upcoming.put(view(serial, serial // 7 % 4))

    threads = [threading.Thread(target=deliver, args=(start,)) for start in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    serials = [one.serial for one in drained(upcoming)]
    assert serials == sorted(serials)
    assert serials[-1] == 399
