"""Nothing of a citizen stays: freed memory is overwritten, memory goes to no file, no file stays.

glibc overwrites what is freed if it is told so at the start (M_PERTURB in mallopt(3)), except what
it caches for each thread; and Python's own allocator keeps what is freed from glibc. So both caches
are switched off, by the environment that a process is started with. Of a piece the last eight bytes
may stay.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import resource
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType, TracebackType
from typing import Any

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
    }
)
_PR_SET_DUMPABLE = 4
_NO_CORE = 1  # bytes; 0 would still feed a program that collects core files
_WIDTHS = (64, 256, 1024, 8192, 1 << 17)  # of copies; each size may go through other registers
_ZEROS = bytes(_WIDTHS[-1] + 1)
_PROBE = 450  # bytes: small enough for each of the caches
_libc = ctypes.CDLL(None, use_errno=True)


def overwrites() -> bool:
    """Does this process overwrite what it frees? Tried out."""
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        piece = b"S" * _PROBE
        memory.seek(id(piece))
        del piece
        return b"SSSSSSSS" not in memory.read(_PROBE * 2)


def seal() -> None:
    """No core file of this process, and no other program of its user may look into it."""
    limit = resource.getrlimit(resource.RLIMIT_CORE)[1] and _NO_CORE  # it may be 0 already
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def rinse() -> None:
    """Before a thread sleeps: what it copied last would lie in its registers until it wakes."""
    for size in _WIDTHS:
        bytearray(_ZEROS[:size])


def hush() -> None:
    """Errors that nobody caught, and logs of libraries, tell kind and place alone.

    What an error says of itself may be the value that was wrong.
    """
    sys.excepthook = _tell
    threading.excepthook = lambda one: _tell(one.exc_type, one.exc_value, one.exc_traceback)
    sys.unraisablehook = lambda one: _tell(one.exc_type, one.exc_value, one.exc_traceback)
    handler = logging.StreamHandler()
    handler.setFormatter(_Curt("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], force=True)


class _Curt(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """asyncio tells a task that failed from the second line on, with all that it holds."""
        record.msg, record.args = record.getMessage().partition("\n")[0], ()
        record.stack_info = None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return _places(ei[0], ei[2])


def _tell(kind: type[BaseException], _error: object, trace: TracebackType | None) -> None:
    print(_places(kind, trace), file=sys.stderr, flush=True)


def _places(kind: type[BaseException], trace: TracebackType | None) -> str:
    steps = (f"{step.filename}:{step.lineno} {step.name}" for step in extract_tb(trace))
    return "\n  ".join((kind.__name__, *steps))


def starting() -> None:
    """Before anybody's data is there: what a start makes stays, and looking through it is vain."""
    gc.disable()


def started() -> None:
    """What the process has now it will always need: `forget`, which stops every thread meanwhile,
    looks only at what is newer."""
    keep()
    gc.enable()


def keep() -> None:
    """What the process has at this moment, when nobody's data is there, it will always need."""
    gc.freeze()


def forget() -> None:
    """Free what points only at itself, and give whole free pages back to the system."""
    gc.collect()
    _libc.malloc_trim(0)
