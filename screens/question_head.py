"""What stands above an answer: the question, its hint, and what was wrong with the last answer."""

from __future__ import annotations

from kiosk.view import QuestionBody
from screens import drafts
from screens.theme import Look
from screens.widgets.box import Column
from screens.widgets.marks import Notice
from screens.widgets.text import Label

TYPED = ("letters", "hanzi")  # keys that need the height
# How high a question may be: is it typed with letters, is it wrong, has all one line?
_LABELS = {
    (True, True, True): 72, (True, True, False): 88, (True, False, True): 106,
    (True, False, False): 106, (False, True, False): 130, (False, False, False): 200,
}  # fmt: skip
_GAPS = {"hanzi": 18}  # of the page, by its keys; others
_GAP, _GAP_WRONG = 28, 12


class Head(Column):
    """`problem` is to stand below the answer; it is empty where the error has no room there."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, gap=12, flow=True)
        self.count = Label(look, "body", bold=True, colour="accent")
        self.label = Label(look, "title", bold=True, even=True)
        self.hint = Label(look, "body", colour="muted")
        self.error, self.tally = Notice(look), Label(look, "body", bold=True, colour="accent")
        self.problem = Column(look, gap=20, flow=True)

    def one_line(self, body: QuestionBody) -> bool:
        """Keys and a wide window: what stands above the question has no line of its own."""
        return drafts.keys_for(body) in TYPED and not self.look.portrait

    def counts(self, body: QuestionBody) -> bool:
        """Where the error needs the room, the question's number gives way, and never the hint."""
        return not self.one_line(body) and not (body.error and self._tight(body))

    def arrange(self, body: QuestionBody) -> None:
        """After its texts were said."""
        wrong, tight, one_line = bool(body.error), self._tight(body), self.one_line(body)
        typed = drafts.keys_for(body) in TYPED
        self.label.tall = self.look.tall(_LABELS[typed, wrong, one_line])
        self.hint.tall = self.look.tall(56 if one_line or (typed and wrong) else 110)
        self.error.limit(self.look.tall(56 if typed else 200))
        for label in (self.label, self.hint):
            label.arrange()
        tally = (self.tally,) if body.kind in ("choices", "people") else ()
        if self.error.parent is not None:
            self.error.parent.remove_widget(self.error)
        self.problem.hold(*tally, *((self.error,) if wrong and not tight else ()))
        count = (self.count,) if self.counts(body) else ()
        hint = () if wrong and one_line else (self.hint,)
        self.hold(*count, self.label, *hint, *((self.error,) if wrong and tight else ()))

    def space(self, body: QuestionBody) -> float:
        """Between the parts of the page."""
        keys = drafts.keys_for(body)
        tight = bool(body.error) and keys in TYPED
        return self.look.u(_GAP_WRONG if tight else _GAPS.get(keys, _GAP))

    def _tight(self, body: QuestionBody) -> bool:
        """Keys need the height: the error stands above them, not below the field."""
        return drafts.keys_for(body) in TYPED or not self.look.portrait
