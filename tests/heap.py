"""What the garbage collector knows. Collecting is part of every visit, and takes long on a heap
that thousands of tests have filled; so what is there when a file of tests begins is set aside.
"""

from __future__ import annotations

import gc


def set_aside() -> None:
    """Later collections look only at what is newer than this."""
    gc.collect()
    gc.freeze()


def everything() -> list[object]:
    """Every object that is alive, also those set aside."""
    gc.unfreeze()
    gc.collect()
    return gc.get_objects()
