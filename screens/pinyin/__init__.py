"""Typing Chinese characters by their sounds. No Kivy here.

What is being typed lives in a session of librime, which `forget` destroys; nothing is written down,
and nothing is learnt.
"""

from __future__ import annotations

import atexit
from functools import cache

from screens.pinyin.engine import Pinyin, Standing

__all__ = ["Pinyin", "Standing", "shared"]


@cache
def shared() -> Pinyin:
    """The process's only one, since librime is set up once in a process; it is starting already."""
    made = Pinyin()
    atexit.register(made.end)
    made.start()
    return made
