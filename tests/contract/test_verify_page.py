"""The page that checks certificates: in a real browser, in airplane mode, as strict as the command.

Every text is judged by both, at the same moment: they may never differ.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from browserwork import chromium
from fleet.certificates import page as pages
from fleet.certificates import trustlist
from fleet.certificates.keys import open_keys
from kiosk import certificates
from kiosk.certificates import verify_bytes, verify_qr
from kiosk.model import Language
from paperwork import AUTHORITY_ZH, NOW
from verifierwork import BUNDLE, CAMERA, DAY, ISSUED, Desk, make_desk

pytestmark = pytest.mark.skipif(
    not BUNDLE.exists(), reason="needs the page's script: make verifier"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def browser(desk: Desk) -> Iterator[Browser]:
    with chromium(*CAMERA, f"--use-file-for-fake-video-capture={desk.video}") as made:
        yield made


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    """From a file, in airplane mode; nothing may be asked of any network, nothing may go wrong."""
    context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: asked.append(str(error)))
    opened.goto((desk.home / "index.html").as_uri())
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def said(page: Page, texts: list[str], now: datetime = NOW) -> list[tuple[str, bool]]:
    found: list[dict[str, Any]] = page.evaluate(
        "([texts, now]) => kioskVerifier.texts(texts, now)", [texts, now.timestamp()]
    )
    return [(one["reason"], bool(one.get("stale"))) for one in found]


def agreed(page: Page, desk: Desk, texts: list[str], now: datetime = NOW) -> list[str]:
    """What both find."""
    ours = [verify_qr(text, desk.trust, now) for text in texts]
    theirs = said(page, texts, now)
    differ = [(t, o.reason, h) for t, o, h in zip(texts, ours, theirs, strict=True)
              if (str(o.reason), o.stale) != h]  # fmt: skip
    assert differ == []
    return [reason for reason, _ in theirs]


def packed(sealed: bytes) -> str:
    return f"KC1:{base45.b45encode(sealed).decode()}"


def unpacked(text: str) -> bytes:
    return bytes(base45.b45decode(text[4:]))


def test_the_genuine_are_accepted(page: Page, desk: Desk) -> None:
    texts = [desk.text(), f" {desk.text('CB-2')}\n", desk.text(valid_until=253402271999)]
    assert agreed(page, desk, texts) == ["ok"] * 3


def test_every_flipped_bit_is_noticed(page: Page, desk: Desk) -> None:
    sealed = unpacked(desk.text())
    flips = (
        sealed[:i] + bytes([sealed[i] ^ 1 << bit]) + sealed[i + 1 :]
        for i in range(len(sealed))
        for bit in range(8)
    )
    found = agreed(page, desk, [packed(flipped) for flipped in flips])
    assert len(found) > 1500
    assert "ok" not in found


def test_every_changed_cut_or_added_character_is_noticed(page: Page, desk: Desk) -> None:
    text, draw = desk.text(), random.Random(5)
    texts = [text[:i] for i in range(len(text))]
    texts += [text[:i] + c + text[i:] for i in range(1, len(text), 3) for c in "A0 é"]
    texts += [text[:i] + draw.choice("0Z :-aé") + text[i + 1 :] for i in range(len(text))]
    found = agreed(page, desk, [changed for changed in texts if changed.strip() != text])
    assert "ok" not in found


def test_splices_of_two_certificates_are_noticed(page: Page, desk: Desk) -> None:
    one, two = unpacked(desk.text("CB-1")), unpacked(desk.text("CB-9", issued=ISSUED - DAY))
    texts = [packed(one[:i] + two[i:]) for i in range(1, len(one), 2) if one[:i] + two[i:] != two]
    heads = [cbor2.loads(message).value for message in (one, two)]
    for parts in ((0, 0, 1), (0, 1, 0), (1, 0, 1)):
        mixed = [heads[parts[0]][0], {}, heads[parts[1]][2], heads[parts[2]][3]]
        texts.append(packed(cbor2.dumps(cbor2.CBORTag(18, mixed))))
    found = agreed(page, desk, [text for text in texts if unpacked(text) not in {one, two}])
    assert "ok" not in found


def test_foreign_keys_and_other_encodings_are_refused(page: Page, desk: Desk) -> None:
    stranger = Ed25519PrivateKey.generate()
    forged = desk.text(key=stranger)
    sealed = unpacked(desk.text())
    protected, _, payload, signature = cbor2.loads(sealed).value
    other = cbor2.dumps({1: -8, 4: b"12345678"})
    indefinite = b"\xd2\x9f" + sealed[2:] + b"\xff"
    variants = (
        cbor2.CBORTag(18, [other, {}, payload, signature]),
        cbor2.CBORTag(18, [protected, {4: b"x"}, payload, signature]),
        cbor2.CBORTag(17, [protected, {}, payload, signature]),
        cbor2.CBORTag(18, [protected, {}, payload, signature + b"\0"]),
        [protected, {}, payload, signature],
        {1: 2}, 7, "KC1", None, [], cbor2.CBORTag(18, [1, {}, 2, 3]),
    )  # fmt: skip
    texts = [forged, packed(indefinite), packed(sealed + b"\0"), packed(b""), "", "KC1:", "https:"]
    texts += [packed(cbor2.dumps(variant)) for variant in variants]
    texts += [desk.text().lower(), "kc1:" + desk.text()[4:], "KC1:" + "A" * 5000, desk.text() * 2]
    found = agreed(page, desk, texts)
    assert "ok" not in found
    assert {"changed", "unknown_issuer", "not_a_certificate"} <= set(found)


def test_time_and_revocation(page: Page, desk: Desk) -> None:
    texts = {
        desk.text(valid_until=ISSUED - 1): "expired",
        desk.text(issued=ISSUED + 301): "not_yet_valid",
        desk.text(issued=ISSUED + 300): "ok",
        desk.text("CB-REVOKED"): "revoked",
        desk.text(issued=ISSUED - 400 * DAY): "key_revoked",  # before the key was in use
        desk.text(issued=ISSUED + 365 * 11 * DAY): "key_revoked",  # and after
    }
    assert agreed(page, desk, list(texts)) == list(texts.values())
    late = NOW + timedelta(days=40)
    assert said(page, [desk.text()], late) == [("ok", True)]  # and both say that they may not know
    assert agreed(page, desk, [desk.text(), desk.text("CB-REVOKED")], late) == ["ok", "revoked"]


def test_pictures_of_the_paper(page: Page, desk: Desk, tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(desk.picture) as paper:
        shots = {
            "turned": paper.convert("RGB").rotate(90, expand=True),
            "askew": paper.convert("RGB").rotate(4, expand=True, fillcolor="#554433"),
            "small": paper.convert("RGB").resize((paper.width // 2, paper.height // 2)),
            "white": Image.new("RGB", (300, 300), "white"),
        }
    for name, shot in shots.items():
        shot.save(tmp_path / f"{name}.jpg", quality=80)
        page.evaluate("document.getElementById('verdict').removeAttribute('data-reason')")
        page.set_input_files("#picture", tmp_path / f"{name}.jpg")
        page.wait_for_selector("#verdict[data-reason]")
        ours = verify_bytes((tmp_path / f"{name}.jpg").read_bytes(), desk.trust)
        assert page.get_attribute("#verdict", "data-reason") == str(ours.reason), name
        assert ours.reason == ("unreadable" if name == "white" else "ok")


def test_the_camera(page: Page) -> None:
    page.click("#camera")
    page.wait_for_selector("#verdict.good", timeout=30_000)
    assert "李䶮" in page.inner_text("#claims")
    assert page.is_hidden("#view")  # and the camera is off again


def test_pasted_text_and_its_words(page: Page, desk: Desk) -> None:
    page.click("summary")
    page.fill("#text", desk.text("CB-REVOKED"))
    page.click("#check")
    page.wait_for_selector("#verdict.bad")
    assert "已被撤销" in page.inner_text("#finding")
    words = json.loads((pages.SOURCES / "words.json").read_text())
    for reason in certificates.Reason:
        spoken = certificates.report(certificates.Verdict(reason), Language.ZH)
        assert spoken == words["findings"][str(reason)]["zh"]
        spoken = certificates.report(certificates.Verdict(reason), Language.EN)
        assert spoken == words["findings"][str(reason)]["en"]


def test_a_newer_list_is_taken_and_kept_an_older_or_foreign_one_is_not(
    page: Page, desk: Desk, tmp_path: Path
) -> None:
    shutil.copytree(desk.home / "fleet", tmp_path / "fleet")
    shutil.copytree(desk.trust, tmp_path / "trust")
    old = (desk.trust / trustlist.LIST).read_bytes()
    trustlist.revoke(tmp_path / "fleet", tmp_path / "trust", NOW, ["CB-1"])
    trustlist.revoke_key(tmp_path / "fleet", tmp_path / "trust", NOW, desk.keys.kid)
    new = (tmp_path / "trust" / trustlist.LIST).read_bytes()
    open_keys(tmp_path / "other", tmp_path / "theirs", AUTHORITY_ZH, NOW)
    trustlist.publish(tmp_path / "other", tmp_path / "theirs", NOW)
    foreign = (tmp_path / "theirs" / trustlist.LIST).read_bytes()
    broken = new[:-1] + bytes([new[-1] ^ 1])

    def given(content: bytes) -> str:
        page.evaluate("document.getElementById('updated').textContent = ''")
        file = {"name": "list.cose", "mimeType": "application/cose", "buffer": content}
        page.set_input_files("#update", [file])  # type: ignore[list-item]
        page.wait_for_selector("#updated b", state="attached")
        return said(page, [desk.text()])[0][0]

    assert [given(content) for content in (foreign, broken, b"", new)] == ["ok"] * 3 + [
        "key_revoked"
    ]
    assert given(old) == "key_revoked"
    page.reload()
    assert said(page, [desk.text()])[0][0] == "key_revoked"
    assert verify_qr(desk.text(), tmp_path / "trust", NOW).reason == "key_revoked"
