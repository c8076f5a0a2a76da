"""What was cut off goes on from the beginning of its sentence, as long as it is still true."""

from __future__ import annotations

import asyncio
import gc

from kiosk.model import About, Speaking, Spoken, Utterance
from roomwork import Room, room

PAGE, FOCUS = About.PAGE, About.FOCUS
SECRET = "CANARY-4711"


async def cut_in(here: Room, text: str, *said: str, about: About = PAGE) -> None:
    """`text` is said, and cut by a key in the last of these sentences."""
    here.mouth.quick = False
    here.say(text, about=about)
    for number, sentence in enumerate(said):
        if number:
            here.mouth.end()
        await here.says(sentence)
    here.hush()
    here.mouth.quick = True


async def test_it_goes_on_from_the_beginning_of_the_sentence_that_was_cut() -> None:
    async with room() as here:
        await cut_in(here, "One. Two point 2.5, two. Three.", "One.", "Two point 2.5, two.")
        here.go_on()
        await here.says("Two point 2.5, two.", "Three.")
        here.go_on()
        await here.says("nothing")


async def test_it_can_be_cut_and_go_on_again_and_again() -> None:
    async with room() as here:
        await cut_in(here, "One. Two. Three.", "One.")
        here.mouth.quick = False
        here.go_on()
        await here.says("One.")
        here.mouth.end()
        await here.says("Two.")
        here.hush()
        here.mouth.quick = True
        here.go_on()
        await here.says("Two.", "Three.")


async def test_words_of_the_program_between_are_not_what_goes_on() -> None:
    async with room() as here:
        await cut_in(here, "一。二。三。", "一。", "二。")
        await cut_in(here, "Help. 1, page.", "Help.", about=About.PROGRAM)
        here.go_on()
        await here.says("二。", "三。")


async def test_what_cuts_it_need_be_no_key() -> None:
    """The headphones were pulled out, which is said at once."""
    async with room() as here:
        here.mouth.quick = False
        here.say("One. Two.", about=PAGE)
        await here.says("One.")
        here.mouth.quick = True
        here.say("The headphones are out.")
        await here.says("The headphones are out.")
        here.go_on()
        await here.says("One.", "Two.")


async def test_the_focus_is_said_first_and_only_where_it_is_now() -> None:
    async with room() as here:
        await cut_in(here, "Page. Its text.", "Page.", "Its text.")
        await cut_in(here, "Apply. 1 of 5.", "Apply.", about=FOCUS)
        await cut_in(here, "Leave. 2 of 5.", "Leave.", "2 of 5.", about=FOCUS)
        here.go_on()
        await here.says("2 of 5.", "Its text.")
        await cut_in(here, "Page. Its text.", "Page.", "Its text.")
        await cut_in(here, "Apply. 1 of 5.", "Apply.", about=FOCUS)
        here.say("Leave. 2 of 5.", about=FOCUS)
        await here.says("Leave.", "2 of 5.")
        here.go_on()
        await here.says("Its text.")


async def test_a_page_that_is_read_anew_leaves_nothing() -> None:
    async with room() as here:
        await cut_in(here, "Page. Its text.", "Page.")
        await cut_in(here, "Apply. 1 of 5.", "Apply.", about=FOCUS)
        here.say("Page. Its text.", about=PAGE)
        await here.says("Page.", "Its text.")
        here.go_on()
        await here.says("nothing")


async def test_what_is_new_on_a_page_leaves_its_rest_and_goes_on_behind_it() -> None:
    async with room() as here:
        await cut_in(here, "Page. Its text.", "Page.")
        await cut_in(here, "Yes, not selected. 1 of 5.", "Yes, not selected.", about=FOCUS)
        here.mouth.quick = False
        here.say("Yes, selected.", about=PAGE, urgent=False)
        await here.says("Yes, selected.")
        here.hush()
        here.mouth.quick = True
        here.go_on()
        await here.says("Page.", "Its text.", "Yes, selected.")


async def test_news_that_waited_goes_on_as_well() -> None:
    async with room() as here:
        here.mouth.quick = False
        here.say("Page. Its text.", about=PAGE)
        await here.says("Page.")
        here.say("An error.", about=PAGE, urgent=False)
        here.say("Another error.", about=PAGE, urgent=False)
        here.hush()
        here.mouth.quick = True
        here.go_on()
        await here.says("Page.", "Its text.", "Another error.")


async def test_of_a_page_that_is_left_nothing_goes_on() -> None:
    """Whether it was cut before the next page came, or only then."""
    async with room() as here:
        await cut_in(here, "Page. Its text.", "Page.")
        here.forget()
        here.go_on()
        await here.says("nothing")
        here.mouth.quick = False
        here.say("Page. Its text.", about=PAGE)
        await here.says("Page.")
        here.say("News.", about=PAGE, urgent=False)
        here.forget()
        here.mouth.end()
        await here.says("Its text.")
        here.hush()
        here.mouth.quick = True
        here.go_on()
        await here.says("nothing")


async def test_private_sentences_stay_private() -> None:
    async with room() as here:
        here.mouth.plugged = True
        here.mouth.quick = False
        here.say("Name. Number. Day.", private=True, about=PAGE)
        await here.says("Name.")
        here.mouth.end()
        await here.says("Number.")
        here.hush()
        here.mouth.quick, here.mouth.plugged = True, False
        here.go_on()
        await here.says("private")
        here.go_on()
        await here.says("nothing")


async def test_what_somebody_else_interrupts_does_not_speak_over_it() -> None:
    async with room() as here:
        here.mouth.quick = False
        here.say("One. Two.", about=PAGE)
        await here.says("One.")
        here.mouth.end(Spoken.INTERRUPTED)
        here.mouth.quick = True
        await asyncio.sleep(0.05)
        assert not here.mouth.begun
        here.go_on()
        await here.says("One.", "Two.")


async def test_what_failed_is_over() -> None:
    async with room() as here:
        here.mouth.quick = False
        here.say("One. Two.", about=PAGE)
        await here.says("One.")
        here.mouth.end(Spoken.FAILED)
        await asyncio.sleep(0.05)
        here.mouth.quick = True
        here.go_on()
        await here.says("nothing")


async def test_nothing_is_in_memory_after_the_visit() -> None:
    async with room() as here:
        here.mouth.plugged = True
        for about in (PAGE, FOCUS):
            await cut_in(here, f"{SECRET}. {SECRET}.", f"{SECRET}.", about=about)
        here.mouth.quick = False
        here.go_on()
        await here.says(f"{SECRET}.")
        here.say(f"News of {SECRET}.", about=PAGE, urgent=False)
        await asyncio.sleep(0.05)
        assert len(kept()) > 2
        here.forget(urgent=True)
        await asyncio.sleep(0.05)
        assert not kept()


def kept() -> list[object]:
    """Whatever is still there of what was to be said."""
    gc.collect()
    said = [one for one in gc.get_objects() if isinstance(one, Utterance | Speaking)]
    return [one for one in said if SECRET in text_of(one)]


def text_of(said: Utterance | Speaking) -> str:
    parts = said.parts if isinstance(said, Speaking) else (said,)
    return "".join(part.text for part in parts)
