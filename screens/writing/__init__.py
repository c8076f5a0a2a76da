"""Chinese characters written with a finger. No Kivy here.

For whoever never learnt pinyin. What reads the strokes stands behind a port: two readers that are
installed with the terminal, or another one that a package names by an entry point of the group
`kiosk.handwriting`.
"""

from __future__ import annotations

from screens.writing.port import Handwriting, Strokes, shared

__all__ = ["Handwriting", "Strokes", "shared"]
