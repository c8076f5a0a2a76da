"""The frame in the citizen's text size and colours, over the page; forgotten after the visit."""

from __future__ import annotations

from collections.abc import Callable

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.model import Language
from kiosk.view import State, View
from screens.appear import Acts, AppearSheet
from screens.frame import Frame
from screens.theme import Appearance, Look, Looks

_NOBODY = (State.ATTRACT, State.OUT_OF_SERVICE)
_ALONE_SECONDS = 60  # without a touch, where no visit is that would end


class Wardrobe:
    """`home`, in the look of the settings, stays for good. Of any other look there is one frame at
    most; it is built anew, page by page, when a citizen wants it, which keeps memory flat."""

    def __init__(
        self,
        looks: Looks,
        usual: Appearance,
        make: Callable[[Look], Frame],
        turn: Callable[[Language], None],
    ) -> None:
        self._looks, self._usual, self._make = looks, usual, make
        self._acts = Acts(self.adapt, turn, self._close)
        self.now = usual
        self.frame = self.home = make(looks.of(usual))
        self._view: View | None = None
        self._left = False
        self._alone = Clock.create_trigger(lambda _dt: self._reset(), _ALONE_SECONDS)

    def show(self, view: View, *, new_page: bool) -> None:
        """Who comes next begins in the usual look."""
        turned = self._view is not None and self._view.language is not view.language
        self._view = view
        if view.state is State.STILL_THERE:
            self.frame.lift()
        elif new_page:
            self._alone.cancel()
            if view.state in _NOBODY or self._left:
                self._left = False
                self.frame.lift()
                self._wear(self._usual)
        self.frame.show(view)
        if turned and self.frame.laid:
            self._lay(view)

    @property
    def large(self) -> bool:
        """Has somebody chosen larger type than others get?"""
        return self.now.text > self._usual.text

    def leave(self) -> None:
        """The next page is somebody else's."""
        self._left = True

    def open(self) -> None:
        if self._view is None or self.frame.above is not None:
            return
        self._touched()
        self._lay(self._view)

    def _lay(self, view: View) -> None:
        look = self.frame.look
        sheet = AppearSheet(
            look, self._looks, self.now, self._usual, self._acts, language=view.language
        )
        self.frame.lay(sheet)

    def _close(self) -> None:
        self._touched()
        self.frame.lift()

    def adapt(self, wanted: Appearance) -> None:
        """The same page, with what was typed, in another look."""
        view = self._view
        if view is None or wanted == self.now:
            return
        self._touched()
        kept, laid = self.frame.kept(), self.frame.laid
        self._wear(wanted)
        self.frame.show(view)
        self.frame.restore(kept)
        if laid:
            self._lay(view)

    def _wear(self, wanted: Appearance) -> None:
        if wanted == self.now:
            return
        old, self.now = self.frame, wanted
        old.put_away()
        self.frame = self.home if wanted == self._usual else self._make(self._looks.of(wanted))
        look = self.frame.look
        low = look.height < self._looks.glass.height
        Window.clearcolor = look.colour("deep" if low else "ground")  # above a low page
        if old.parent is not None:
            Window.remove_widget(old)
            Window.add_widget(self.frame)

    def _touched(self) -> None:
        if self._view is not None and self._view.state in _NOBODY:
            self._alone.cancel()
            self._alone()

    def _reset(self) -> None:
        if self._view is not None and self._view.state in _NOBODY:
            self.frame.lift()
            self.adapt(self._usual)
