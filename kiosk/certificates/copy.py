"""A reprint says that it is one: the mark is on what goes to the printer, never in the file.

The sealed file permits no change at all, so a mark inside it would break the seal; and a second
file, sealed with the mark, would be one more original. So the file stays as it is, and the mark is
on paper only. The QR code on that paper is the certificate's own and holds.
"""

from __future__ import annotations

import functools
import io
import json
import threading
from pathlib import Path

import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

FOLDER = Path(__file__).resolve().parents[2] / "config" / "certificates"
FONTS = Path("/usr/share/fonts/opentype/noto")
_LOCK = threading.Lock()
_NAME = "/KioskCopyMark"


class CopyError(RuntimeError):
    """The file cannot be marked: it is no PDF, or a damaged one. Names no data."""


def marked(pdf: bytes, number: int, note: str) -> bytes:
    """For the printer alone: every page says that it is copy `number` (1 and up).

    `note`: terminal and time, in characters that every font has. Takes some tens of milliseconds;
    blocks. Raises `CopyError`.
    """
    if number < 1:
        raise CopyError("an original bears no mark")
    mark = PdfFileReader(io.BytesIO(_mark(number, note)))
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        form = writer.import_page_as_xobject(mark)
        forms = generic.DictionaryObject()  # type: ignore[no-untyped-call]
        forms[generic.pdf_name(_NAME)] = form
        resources = generic.DictionaryObject()  # type: ignore[no-untyped-call]
        resources[generic.pdf_name("/XObject")] = forms
        for page in range(int(writer.root["/Pages"]["/Count"])):
            drawn = generic.StreamObject(stream_data=f"q {_NAME} Do Q".encode())
            where = writer.add_object(drawn)
            writer.add_stream_to_page(page, where, resources)  # type: ignore[no-untyped-call]
        out = io.BytesIO()
        writer.write(out)  # type: ignore[no-untyped-call]
    except Exception as error:  # the parser may raise anything
        raise CopyError("the certificate's file cannot be marked") from error
    return out.getvalue()


def _mark(number: int, note: str) -> bytes:
    said = json.dumps({"number": number, "note": note})  # ASCII: only \\ and " mean something
    literal = said.replace("\\", "\\\\").replace('"', '\\"')
    main = f'#import "/copy.typ": mark\n#mark(json(bytes("{literal}")))'
    try:
        with _LOCK:
            pdf = _compiler().compile(main.encode(), format="pdf", timestamp=0)
    except typst.TypstError:
        raise CopyError("the copy's mark cannot be set") from None
    assert isinstance(pdf, bytes)
    return pdf


@functools.cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=FOLDER, font_paths=[FONTS], ignore_system_fonts=True)
