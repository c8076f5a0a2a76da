"""The terminal's memory: append-only, hash-chained SQLite."""

from kiosk.journal.journal import Journal
from kiosk.journal.mend import open_sound, renew
from kiosk.journal.pruning import prune

__all__ = ["Journal", "open_sound", "prune", "renew"]
