"""What the fleet's programs share: how they end with their parent, and where they log."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys

import structlog

WHOLE_AFTER = 50  # collections of the middle generation, until one of everything
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """SIGTERM for this process when its parent ends, if KIOSK_DIE_WITH_PARENT asks for it."""
    if os.environ.get("KIOSK_DIE_WITH_PARENT") == "1":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def settle_in() -> None:
    """What is there when a program has started stays to its end: to look through it at every whole
    collection would stop all threads for a tenth of a second, again and again. And each page of the
    console is thousands of objects: with Python's own 10, every second page would bring one."""
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, WHOLE_AFTER)


def log_to_stderr() -> None:
    """Event names and ids only, one JSON object a line."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
