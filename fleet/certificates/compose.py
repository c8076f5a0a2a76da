"""A certificate's page: data and a typst template in, one PDF/A-2b out. Nothing touches a disk."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path

import msgspec
import typst

from fleet.certificates.template import TEMPLATES

FONTS = Path("/usr/share/fonts/opentype/noto")
STANDARD: typst.PDFStandard = "a-2b"


class ComposeError(RuntimeError):
    """The page cannot be set: most often a character that no font has. Names no data."""


class Composer:
    """One template, compiled once (about 0.3 s) and then filled in some milliseconds."""

    def __init__(self, template: Path = TEMPLATES / "family.typ", fonts: Path = FONTS) -> None:
        self._lock = threading.Lock()
        self._import = f'#import "/{template.name}": certificate\n'
        self._compiler = typst.Compiler(
            root=template.parent, font_paths=[fonts], ignore_system_fonts=True
        )

    def page(self, sheet: msgspec.Struct, issued: datetime) -> bytes:
        """The unsealed PDF; the same sheet and time give the same bytes. Raises `ComposeError`."""
        main = f"{self._import}#certificate(json(bytes({_literal(sheet)})))"
        try:
            with self._lock:
                pdf = self._compiler.compile(
                    main.encode(),
                    format="pdf",
                    pdf_standards=STANDARD,
                    timestamp=int(issued.timestamp()),
                )
        except typst.TypstError:
            raise ComposeError("the certificate's page could not be set") from None
        if not isinstance(pdf, bytes):
            raise ComposeError("the certificate is longer than one file")
        return pdf


def _literal(sheet: msgspec.Struct) -> str:
    """The sheet's JSON as a typst string.

    JSON in ASCII holds no control characters, so that backslash and quote are all that can
    mean something to typst. Passing it as `sys.inputs` would make the compiler forget the
    ornaments each time (0.2 s).
    """
    text = json.dumps(msgspec.to_builtins(sheet))
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
