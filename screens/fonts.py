"""The fonts: Noto Sans with simplified Chinese forms, and an icon font.

Kivy opens only the first face of a collection, which is Japanese (直 骨 令 look wrong), so the
simplified Chinese faces are taken out of the Debian package's collections once:
`python -m screens.fonts FOLDER`.
"""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path

_NOTO = Path("/usr/share/fonts/opentype/noto")
_FACE = "Noto Sans CJK SC"
_FILES = {
    "NotoSansSC-Regular.otf": "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Bold.otf": "NotoSansCJK-Bold.ttc",
}
_ICONS = Path("/usr/share/fonts/truetype/materialdesignicons-webfont")
_ICON_FILE = _ICONS / "materialdesignicons-webfont.ttf"
_ICON_NAMES = Path("/usr/share/fonts-materialdesignicons-webfont/css/materialdesignicons.css")
_RULE = re.compile(r'\.mdi-([a-z0-9-]+):before\s*\{\s*content:\s*"\\([0-9A-Fa-f]+)"')

ICON_FONT = "Icons"
DEFAULT_ICON = "file-document"


class FontsMissingError(RuntimeError):
    """A Debian font package is not installed; the message names it."""


def extract(folder: Path) -> tuple[Path, Path]:
    """Regular and bold in `folder`; made when missing, which takes some seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    regular, bold = (_extract_one(folder / name, _NOTO / ttc) for name, ttc in _FILES.items())
    return regular, bold


def _extract_one(target: Path, source: Path) -> Path:
    if target.exists():
        return target
    if not source.exists():
        raise FontsMissingError(f"{source} is missing: apt-get install fonts-noto-cjk")
    from fontTools.ttLib import TTCollection

    collection = TTCollection(source, lazy=True)
    face = next(f for f in collection.fonts if f["name"].getDebugName(1) == _FACE)
    part = target.with_suffix(f".{os.getpid()}.part")
    face.save(part)
    part.rename(target)  # another process may be doing the same: both results are whole
    return target


def register(folder: Path) -> None:
    """Make them Kivy's default font and the icon font. Before the first widget."""
    from kivy.core.text import DEFAULT_FONT, LabelBase

    regular, bold = extract(folder)
    if not _ICON_FILE.exists():
        raise FontsMissingError(
            f"{_ICON_FILE} is missing: apt-get install fonts-materialdesignicons-webfont"
        )
    LabelBase.register(DEFAULT_FONT, str(regular), fn_bold=str(bold))
    LabelBase.register(ICON_FONT, str(_ICON_FILE))


@lru_cache(maxsize=1)
def icon_names() -> dict[str, str]:
    """Every icon's name and its character, from the font package's own style sheet."""
    try:
        text = _ICON_NAMES.read_text("utf-8")
    except OSError as error:
        raise FontsMissingError(
            f"{_ICON_NAMES} is missing: apt-get install fonts-materialdesignicons-webfont"
        ) from error
    return {name: chr(int(code, 16)) for name, code in _RULE.findall(text)}


def icon(name: str) -> str:
    """The icon's character; a plain document for a name that this font does not have."""
    names = icon_names()
    return names.get(name, names[DEFAULT_ICON])


if __name__ == "__main__":
    for path in extract(Path(sys.argv[1])):
        print(path)
