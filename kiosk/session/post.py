"""How steps tell the engine what happened: upwards, and never waiting."""

from collections.abc import Callable

from kiosk.events import Event

Post = Callable[[Event], None]
