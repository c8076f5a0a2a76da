"""Certificates made and sealed per second of one core, against typst and pyHanko asked bare.

Bare typst compiles the same page with nothing of ours around it; bare pyHanko signs the same file
with the same key and the same picture, through its own documented calls. The floor is both one
after the other: what nobody could save without another typesetter or signer. What is above it is
ours: facts, sentences, QR code. Also: the mark of a reprint, a check of a QR code and of a file.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import typst
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle

sys.path.insert(0, str(Path(__file__).parents[1]))

from certificatework import APPLICANT, AUTHORITY, KINDS, NUMBER, facts, issuer, item
from fleet.certificates import picture, qr
from fleet.certificates.compose import FONTS
from fleet.certificates.seal import _signer
from fleet.certificates.sheet import compose
from fleet.certificates.template import TEMPLATES, load
from kiosk.certificates import verify_pdf, verify_qr
from kiosk.certificates.copy import marked
from paperwork import NOW

ROUNDS = 15
SHOWN = ("insurance", "no_record", "statement")
MAIN = '#import "/family.typ": certificate\n#certificate(json(bytes("{}")))'


def median(work: Callable[[], object]) -> float:
    """Seconds of the processor, after one round that does not count: other work on the machine
    must not change the figure."""
    work()
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def bare_typst(template: str) -> Callable[[], bytes]:
    """The page of one certificate; the number changes, so that nothing of it is remembered."""
    made = compose(
        load(template), item(template), APPLICANT, facts(template), NUMBER, AUTHORITY, NOW.date()
    )
    code = "KC1:" + "A" * 560
    sheet = msgspec.structs.replace(made, qr=code, qr_svg=qr.svg(code))
    compiler = typst.Compiler(root=TEMPLATES, font_paths=[FONTS], ignore_system_fonts=True)
    counter = iter(range(10**6))

    def work() -> bytes:
        numbered = msgspec.structs.replace(sheet, number=f"CB-{next(counter):012}")
        said = json.dumps(msgspec.to_builtins(numbered))
        main = MAIN.format(said.replace("\\", "\\\\").replace('"', '\\"'))
        pdf = compiler.compile(main.encode(), format="pdf", pdf_standards="a-2b")
        assert isinstance(pdf, bytes)
        return pdf

    return work


def bare_pyhanko(pdf: bytes, home: Path) -> Callable[[], bytes]:
    signer = _signer(issuer(home)._keys)
    stamp = picture.seal("示例县公安局", "样章")

    def work() -> bytes:
        out = io.BytesIO()
        signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256"),
            signer=signer,
            stamp_style=StaticStampStyle(background=PdfImage(stamp), border_width=0),
            new_field_spec=fields.SigFieldSpec("Seal", box=(300, 100, 420, 220), on_page=-1),
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
        return out.getvalue()

    return work


def measure(home: Path) -> None:
    desk = issuer(home)
    heads = ("ours", "typst", "pyHanko", "floor")
    print(f"{'':<22}" + "".join(f"{head:>10}" for head in heads) + f"{'ratio':>8}{'a second':>10}")
    for template in SHOWN:
        page = bare_typst(template)
        typeset, signed = median(page), median(bare_pyhanko(page(), home))
        counter = iter(range(10**6))

        def certify(template: str = template, counter: object = counter) -> bytes:
            number = f"CB-{next(counter):012}"  # type: ignore[call-overload]
            return desk.certify(item(template), APPLICANT, facts(template), number, NOW)

        ours, floor = median(certify), typeset + signed
        times = (ours, typeset, signed, floor)
        print(f"{template:<22}" + "".join(f"{each * 1000:>7.0f} ms" for each in times)
              + f"{ours / floor:>8.2f}{1 / ours:>10.1f}")  # fmt: skip
    others(home)


def others(home: Path) -> None:
    pdf = issuer(home).certify(item("insurance"), APPLICANT, facts("insurance"), NUMBER, NOW)
    verdict = verify_pdf(pdf, home / "trust", NOW)
    assert verdict.valid
    code = str(IncrementalPdfFileWriter(io.BytesIO(pdf)).prev.trailer_view["/Info"]["/Keywords"])
    works = {
        "sentences, all kinds": lambda: [compose(load(kind), item(kind), APPLICANT, facts(kind),
                                          NUMBER, AUTHORITY, NOW.date()) for kind in KINDS],
        "mark of a reprint": lambda: marked(pdf, 1, "KT-0001"),
        "check of a file": lambda: verify_pdf(pdf, home / "trust", NOW),
        "check of a QR code": lambda: verify_qr(code, home / "trust", NOW),
    }  # fmt: skip
    for name, work in works.items():
        seconds = median(work)
        print(f"{name:<22}{seconds * 1000:>7.1f} ms{1 / seconds:>48.1f} a second")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))
