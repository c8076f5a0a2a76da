"""A slip on A4: the same lines, for a terminal whose receipt printer is out, or to be posted."""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path
from typing import Any

import qrcode
import typst

from kiosk.model import PairLine, QrLine, Receipt, ReceiptLine, RuleLine, TextLine
from kiosk.slips.template import FOLDER

FONTS = Path("/usr/share/fonts/opentype/noto")
_LOCK = threading.Lock()


class PaperError(RuntimeError):
    """The page cannot be set. Names no data."""


def a4(receipt: Receipt) -> bytes:
    """A PDF of one or more pages; the same slip gives the same bytes. Raises `PaperError`.

    A character that no font has is a box: what stands on a slip is masked anyway.
    """
    said = json.dumps([_drawn(line) for line in receipt.lines])  # ASCII, see `_literal`
    main = f'#import "/a4.typ": slip\n#slip(json(bytes({_literal(said)})))'
    try:
        with _LOCK:
            pdf = _compiler().compile(main.encode(), format="pdf", timestamp=0)
    except typst.TypstError:
        raise PaperError("the slip's page could not be set") from None
    assert isinstance(pdf, bytes)
    return pdf


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=FOLDER, font_paths=[FONTS], ignore_system_fonts=True)


def _literal(text: str) -> str:
    """JSON in ASCII holds no control characters: backslash and quote are all that can mean
    something to typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _drawn(line: ReceiptLine) -> dict[str, Any]:
    if isinstance(line, TextLine):
        return {"kind": "text", "text": line.text, "align": str(line.align), "scale": line.scale,
                "bold": line.bold}  # fmt: skip
    if isinstance(line, PairLine):
        return {"kind": "pair", "label": line.label, "value": line.value}
    if isinstance(line, RuleLine):
        return {"kind": "rule"}
    return {"kind": "qr", "svg": _svg(line)}


def _svg(line: QrLine) -> str:
    """One path, one unit per module, with its quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(line.data)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{path}"/></svg>'
    )
