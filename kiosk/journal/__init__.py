"""The terminal's memory: append-only, hash-chained SQLite."""
