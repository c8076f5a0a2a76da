"""Components and their states, each by a sample page on which it stands: for the gallery.

A state is `page pick`, or `page pick poke`. `pick`: the class of a widget, with `#2` the second of
its kind from the upper left on, or `:` and the action of what can be pressed. `poke`: what is done
first, see `screens.gallery_components`. So the gallery shows what the pages show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

COMPONENTS: Mapping[str, Mapping[str, str]] = {
    "header": {
        "usual": "services Header",
        "idle": "attract Header",
        "pressed": "services :language press",
        "focused": "services :language focus",
    },
    "footer": {
        "usual": "services Footer",
        "without a way back": "face Footer",
        "pressed": "services :back press",
        "focused": "services :back focus",
    },
    "journey": {
        "early": "consent Journey",
        "middle": "question-choice Journey",
        "late": "papers Journey",
    },
    "ways-around": {"usual": "attract Around"},
    "button": {
        "first": "consent :agree",
        "first, pressed": "consent :agree press",
        "first, focused": "consent :agree focus",
        "first, disabled": "code :confirm",
        "second": "consent :disagree",
        "second, pressed": "consent :disagree press",
        "second, focused": "consent :disagree focus",
        "second, disabled": "code :send_again",
        "plain": "hotline :back",
        "plain, disabled": "guide :page_up",
        "with icon": "question-people :add_person",
        "idle page": "attract :start",
    },
    "card": {
        "paper": "consent Card",
        "tinted": "lodged Card",
        "with a number": "ticket Card",
    },
    "tile": {
        "usual": "services :service:T1",
        "pressed": "services :service:T1 press",
        "focused": "services :service:T1 focus",
        "long text": "services :service:T3",
        "disabled": "services :service:T7 tap=page_down",
    },
    "line": {
        "usual": "services-shelves :service:T1",
        "pressed": "services-shelves :service:T1 press",
        "focused": "services-shelves :service:T1 focus",
        "disabled": "services-shelves-level :service:T7",
    },
    "shelf": {
        "usual": "services-shelves :shelf:social_security",
        "pressed": "services-shelves :shelf:social_security press",
        "focused": "services-shelves :shelf:social_security focus",
    },
    "tab": {
        "chosen": "services-shelves :facet:theme",
        "usual": "services-shelves :facet:level",
        "pressed": "services-shelves :facet:level press",
        "focused": "services-shelves :facet:level focus",
    },
    "row": {
        "usual": "cases Entry",
        "pressed": "cases Entry press",
        "focused": "cases Entry focus",
        "disabled": "cases-offline Entry",
        "of a case": "case-list Entry",
        "told": "appointment Told",
        "answer": "check _Answer",
        "person": "question-people _Person",
        "stage done": "submitting _Stage",
        "stage under way": "submitting _Stage#3",
        "stage to come": "submitting _Stage#4",
    },
    "way": {
        "usual": "ways :way:code",
        "pressed": "ways :way:code press",
        "focused": "ways :way:code focus",
        "disabled": "ways :way:face",
    },
    "material": {
        "done": "materials :material:id_card",
        "usual": "materials :material:birth",
        "pressed": "materials :material:birth press",
        "focused": "materials :material:birth focus",
    },
    "field": {
        "empty": "question-hanzi Field",
        "filled": "question-phone Field",
        "with unit": "question-money Field",
        "error": "question-hanzi-error Field",
        "long text": "question-address-long Field",
        "pressed": "question-phone :clear press",
        "focused": "question-phone :clear focus",
    },
    "date": {
        "filled": "question-date DateBoxes",
        "month": "question-month DateBoxes",
        "error": "question-date-error DateBoxes",
        "focused": "question-date :date:month focus",
    },
    "secret": {
        "filled": "pin Slots",
        "error": "pin-wrong Slots",
    },
    "search": {
        "empty": "services-shelves SearchBar",
        "pressed": "services-shelves SearchBar press",
        "focused": "services-shelves SearchBar focus",
        "typing": "services-search-open SearchBar",
        "filled": "services-search SearchBar",
    },
    "choice": {
        "usual": "question-choices-full :choice:insurance",
        "one of several": "complaint :choice:delay",
        "pressed": "complaint :choice:delay press",
        "focused": "complaint :choice:delay focus",
        "chosen": "question-choices-full :choice:referral",
        "two lines": "appointment-office ChoiceRow",
        "list": "question-choice Choices",
    },
    "notice": {
        "error": "question-choices-error Notice",
        "good": "services-known Notice",
        "accent": "services-helper Notice",
        "warning": "attract-staff Notice",
        "long text": "case-by-number Notice",
    },
    "badge": {"at once": "services Badge", "promise": "services Badge#4", "plain": "guide Badge"},
    "dialog": {"still there": "still-there Card", "appearance": "appear Card"},
    "appearance": {
        "chosen": "appear :appear:100",
        "usual": "appear :appear:130",
        "pressed": "appear :appear:130 press",
        "another theme": "appear :appear:contrast_dark",
    },
    "paper": {
        "waiting": "papers-paid PaperCard#3",
        "printing": "ticket PaperCard",
        "ready": "ticket-ready PaperCard",
        "error": "ticket-lost PaperCard",
    },
    "waiting": {
        "busy": "submitting Busy",
        "countdown": "face Ring",
        "large countdown": "still-there Ring",
        "loading": "code-sending Pause",
        "locked": "pin-locked Pause",
        "error": "code-failed Pause",
    },
    "keypad": {
        "digits": "question-phone Keypad",
        "with X": "question-identity Keypad",
        "with point": "question-money Keypad",
        "pressed": "question-phone :key:5 press",
        "focused": "question-phone :key:5 focus",
        "secret": "pin Pad",
        "disabled": "pin-checking Pad",
    },
    "keyboard": {
        "usual": "question-text Keyboard",
        "capitals": "case-number Keyboard type=shift",
        "pressed": "question-text :key:h press",
    },
    "pinyin": {
        "empty": "question-hanzi HanziKeyboard",
        "candidates": "question-person CandidateBar type=zhang",
    },
    "handwriting": {
        "empty": "question-address WritingField type=write",
        "written": "question-address HanziKeyboard write=小",
    },
    "camera": {
        "usual": "face Signpost",
        "turn": "face-turn_left Signpost",
        "looking": "scan-searching Plate",
        "captured": "scan-captured Plate",
    },
    "signature": {"filled": "sign _Field", "empty": "sign-error _Field tap=sign:clear"},
    "code": {"usual": "payment QrCode"},
    "pages": {
        "first": "services-shelf Bar",
        "of an article": "article-policy Turn",
        "pressed": "article-policy :leaf_down press",
        "article": "article-policy Leaves",
        "list": "guide Scroll",
        "list of rows": "check RowScroll",
    },
    "device": {
        "first": "staff DeviceLine",
        "second": "staff DeviceLine#2",
        "third": "staff DeviceLine#3",
        "fourth": "staff DeviceLine#4",
    },
    "staff-door": {
        "usual": "out-of-service-staff Door",
        "pressed": "out-of-service-staff Door press",
    },
    "rating": {
        "usual": "rating :rate:3",
        "pressed": "rating :rate:3 press",
        "chosen": "rating-3 :rate:3",
        "tag": "rating-1 _Tag",
    },
}  # fmt: skip


class Cell(NamedTuple):
    """`poke`: press, focus, type=keys, tap=action, or ''."""

    component: str
    state: str
    page: str
    pick: str
    poke: str


def cells() -> Iterator[Cell]:
    for component, states in COMPONENTS.items():
        for state, told in states.items():
            page, pick, poke = (*told.split(), "")[:3]
            yield Cell(component, state, page, pick, poke)
