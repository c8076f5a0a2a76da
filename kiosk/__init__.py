"""One terminal's heart: a citizen's session. No Kivy, no hardware."""

__version__ = "0.1.0"
RELEASED = "2026-11-01T00:00:00+00:00"  # no clock that is right says less
