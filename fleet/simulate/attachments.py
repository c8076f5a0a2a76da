"""What a simulated station's commands bring: a picture of its screen, and its logs."""

from __future__ import annotations

import io
import json
import ssl
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
from PIL import Image, ImageDraw

from fleet.pki import tls
from kiosk.wire import ATTACHMENTS, Operation

if TYPE_CHECKING:
    from fleet.simulate.station import Station

SECONDS = 15.0
LINES = 50  # of its newest records
SCREEN = (270, 480)
PAPER, INK = "#f2f5f9", "#1f5fbf"


Bring = Callable[[str, str, bytes], Future[bool]]  # command, kind, bytes


@contextmanager
def bringing(url: str, trust: Path) -> Iterator[Bring]:
    """To the gateway at `url`, on a thread of its own, with the demonstration's token."""
    token, root = trust / "terminal.token", trust / "link.pem"
    headers = {"Authorization": f"Bearer {token.read_text('ascii') if token.exists() else ''}"}
    verify: ssl.SSLContext | bool = tls.client(root) if url.startswith("https:") else True
    pool = ThreadPoolExecutor(1, "attachments")
    with httpx.Client(
        base_url=url, headers=headers, verify=verify, timeout=SECONDS, trust_env=False
    ) as http:

        def put(command: str, kind: str, body: bytes) -> bool:
            try:
                path = f"{ATTACHMENTS}/{command}"
                return http.put(path, params={"kind": kind}, content=body).is_success
            except httpx.HTTPError:
                return False

        try:
            yield lambda command, kind, body: pool.submit(put, command, kind, body)
        finally:
            pool.shutdown(cancel_futures=True)


class Made(NamedTuple):
    """`kind`: logs or picture."""

    kind: str
    make: Callable[[Station], bytes]


def logs(station: Station) -> bytes:
    """A zip with kinds and times of what its journal still has to send."""
    told = [{"seq": one.seq, "type": one.type, "time": one.time} for one in station.unacked]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        versions = {str(kind): version for kind, version in station.versions.items()}
        about = {"terminal": station.id, "boot": station.boot, "versions": versions}
        archive.writestr("about.json", json.dumps(about))
        archive.writestr("records.jsonl", "".join(json.dumps(one) + "\n" for one in told[-LINES:]))
    return out.getvalue()


def picture(station: Station) -> bytes:
    """Of the page between two visits."""
    image = Image.new("RGB", SCREEN, PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SCREEN[0], 64), fill=INK)
    pen.text((16, 24), station.id, fill=PAPER, font_size=22)
    pen.text((16, 220), station.screen.replace("_", " "), fill=INK, font_size=26)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


MADE: Mapping[Operation, Made] = {
    Operation.COLLECT_LOGS: Made("logs", logs),
    Operation.SCREEN_PICTURE: Made("picture", picture),
}
