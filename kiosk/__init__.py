"""One terminal's heart: a citizen's session. No Kivy, no hardware."""

__version__ = "0.1.0"
