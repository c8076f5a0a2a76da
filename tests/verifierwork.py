"""A fleet with papers, and the browser that checks them, for tests of the verifier page."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from fleet.certificates import page as pages
from fleet.certificates import qr, trustlist
from fleet.certificates.keys import Keys, open_keys
from paperwork import AUTHORITY_ZH, NOW, case, platform

BUNDLE = Path("var/verifier") / pages.BUNDLE
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
DAY = 86400
ISSUED = int(NOW.timestamp())


@dataclass(frozen=True)
class Desk:
    """A fleet with one certificate on paper and one revoked."""

    home: Path
    keys: Keys
    pdf: bytes
    picture: Path
    video: Path

    @property
    def trust(self) -> Path:
        return self.home / "trust"

    def text(
        self, number: str = "CB-1", key: Ed25519PrivateKey | None = None, **claims: Any
    ) -> str:
        given = {"issued": ISSUED, "valid_until": ISSUED + 90 * DAY, **claims}
        made = qr.Claims(AUTHORITY_ZH, number=number, task_code="1" * 31, holder="张小满",
                         masked_id="445***********1120", summary="参保证明", **given)  # fmt: skip
        return qr.text(made, key or self.keys.qr, self.keys.kid)


def make_desk(home: Path) -> Desk:
    pdf = platform(home).decide(case("V1", name="李䶮")).certificate
    (home / "paper.pdf").write_bytes(pdf)
    render = ["pdftoppm", "-r", "200", "-png", "-singlefile", home / "paper.pdf", home / "paper"]
    subprocess.run(render, check=True)
    keys = open_keys(home / "fleet", home / "trust", AUTHORITY_ZH, NOW)
    trustlist.revoke(home / "fleet", home / "trust", NOW, ["CB-REVOKED"])
    (home / "index.html").write_bytes(pages.page(BUNDLE, home / "trust"))
    return Desk(home, keys, pdf, home / "paper.png", video(home))


def video(home: Path) -> Path:
    """What a phone's camera sees of the paper, for Chromium's fake one."""
    with Image.open(home / "paper.png") as page:
        part = page.convert("L").crop((150, 1650, 950, 2250)).resize((1280, 960))
    frame = b"FRAME\n" + part.tobytes() + b"\x80" * (1280 * 960 // 2)
    path = home / "camera.y4m"
    path.write_bytes(b"YUV4MPEG2 W1280 H960 F10:1 Ip A1:1 C420\n" + frame * 5)
    return path
