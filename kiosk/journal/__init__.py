"""The terminal's memory: append-only, hash-chained SQLite."""

from kiosk.journal.journal import Journal

__all__ = ["Journal"]
