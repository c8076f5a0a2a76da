"""One document at a real IPP printer: the driver against `ipptool`, for the same file."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import ippserver
from drivers.document.transport import IppPrinter
from drivers.options import Site

ROUNDS = 5
PAGE = b"1 0 obj\n<< /Type /Page >>\nendobj\n"
PDF = b"%PDF-1.7\n" + PAGE + b"% " + b"x" * 70_000 + b"\n%%EOF\n"  # as long as a certificate
# As print-job-and-wait.test of CUPS, which looks every 5 s; this one looks every 50 ms.
WAIT = """{
  NAME "Print"
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name $user
  ATTR mimeMediaType document-format application/pdf
  FILE $filename
  STATUS successful-ok
  EXPECT job-id
}
{
  NAME "Wait"
  OPERATION Get-Job-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR integer job-id $job-id
  ATTR name requesting-user-name $user
  STATUS successful-ok
  EXPECT job-state WITH-VALUE >5 REPEAT-NO-MATCH REPEAT-LIMIT 500
  DELAY "0,0.05"
}
"""


def measure() -> list[tuple[str, float, float]]:
    """Name, median seconds, limit: what ipptool takes."""
    if why := ippserver.missing():
        print(f"IPP is not measured: {why}")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "x.pdf").write_bytes(PDF)
        (folder / "wait.test").write_text(WAIT)
        with ippserver.running(folder, seconds=0.3) as server:
            pairs = [
                (_driver(server.uri, nth), _ipptool(server.uri, folder)) for nth in range(ROUNDS)
            ]
    ours, peers = zip(*pairs, strict=True)
    return [("document, given to presented", statistics.median(ours), statistics.median(peers))]


def _driver(uri: str, nth: int) -> float:
    async def printed() -> float:
        printer = IppPrinter.build(IppPrinter.Options(uri=uri), Site())
        begin = time.perf_counter()
        outcome = await printer.print(f"bench-{nth}", PDF, lambda _rung: None)
        seconds = time.perf_counter() - begin
        await printer.close()
        assert outcome.done, outcome
        return seconds

    return asyncio.run(printed())


def _ipptool(uri: str, folder: Path) -> float:
    argv = ["ipptool", "-tI", "-f", str(folder / "x.pdf"), uri, str(folder / "wait.test")]
    begin = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    seconds = time.perf_counter() - begin
    assert "2 passed, 0 failed" in done.stdout, done.stdout + done.stderr
    return seconds


if __name__ == "__main__":
    for name, seconds, limit in measure():
        print(f"{name:<40}{seconds:8.3f} s{seconds / limit:8.2f} x ipptool's {limit:.3f} s")
