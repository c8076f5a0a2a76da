"""What the garbage collector knows. Collecting is part of every visit, and takes long on a heap
that thousands of tests have filled; so what is there when a file of tests begins is set aside.

Only widgets live longer than a file of tests: they are written down as they are made, so that the
question what they hold does not need the whole heap.
"""

from __future__ import annotations

import gc
from typing import Any, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_watched: WeakSet[Any] = WeakSet()


def set_aside() -> None:
    """Later collections look only at what is newer than this."""
    gc.collect()
    gc.freeze()


def watch(*kinds: type) -> None:
    """Write down every object of these kinds and their subclasses that is made from now on."""
    for kind in kinds:
        _write_down(kind)


def _write_down(kind: Any) -> None:
    made = kind.__init__

    def init(self: Any, *args: Any, **options: Any) -> None:
        _watched.add(self)
        made(self, *args, **options)

    kind.__init__ = init


def alive(*kinds: type[T]) -> list[T]:
    """Of those written down, what nothing has freed."""
    gc.collect()
    return [one for one in list(_watched) if isinstance(one, kinds)]


def newer(kind: type[T]) -> list[T]:
    """What was made since this file of tests began."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, kind)]


def holders(thing: object) -> list[Any]:
    """Every list and tuple with this very thing in it."""
    gc.unfreeze()
    gc.collect()
    return [one for one in gc.get_referrers(thing) if type(one) in (list, tuple)]
