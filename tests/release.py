"""Memory that one folder's tests leave behind, given back before the next folder's begin.

A worker goes through several folders; what is kept for speed within one is of no use in the next.
"""

from __future__ import annotations

import ctypes
import gc
import sys

import pytest


def leaves(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Is this the last test of its folder, in this process, for now?"""
    return following is None or following.path.parent != item.path.parent


def forget(*modules: str) -> None:
    """Empty the caches of functions of these modules, by the beginnings of their names."""
    for name, module in list(sys.modules.items()):
        if name.startswith(modules):
            for kept in list(vars(module).values()):
                if callable(clear := getattr(kept, "cache_clear", None)):
                    clear()
    trim()


def trim() -> None:
    """To the system, not only to the allocator; also of what `heap.set_aside` has set aside."""
    gc.unfreeze()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
