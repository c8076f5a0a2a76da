"""A bundle is one file that nobody can change, cut or forge without being noticed."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cataloguework import TENANT, item_of, numbered, order, published, replaced
from kiosk.catalogue import bundle, keys
from kiosk.catalogue.build import Order, publish
from kiosk.catalogue.bundle import Bundle
from kiosk.catalogue.items import catalogue, connect
from kiosk.catalogue.statement import Refusal, Statement, opened, sign
from kiosk.services import lint
from kiosk.services.search import Finder

ITEMS = [item_of(numbered(index)) for index in range(1, 6)]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    published(tmp_path, "a.kcb", ITEMS)
    return tmp_path / "incoming/a.kcb"


def verdict(path: Path, tenant: str = TENANT) -> Bundle | Refusal:
    return bundle.check(path, keys.trusted(path.parents[1] / "trust"), tenant)


def test_what_was_built_is_good_and_says_what_it_is(made: Path) -> None:
    found = verdict(made)

    assert isinstance(found, Bundle)
    said = found.statement
    assert (said.tenant, said.number, said.previous, said.format) == (TENANT, 1, "", 1)
    assert said.version == f"1-{said.sha256[:12]}"


def test_every_item_comes_back_as_it_was(made: Path) -> None:
    found = verdict(made)
    assert isinstance(found, Bundle)
    listed = catalogue(found)

    assert list(listed.items) == ITEMS
    assert listed.items[-1] == ITEMS[-1]
    assert listed.items[1:3] == tuple(ITEMS[1:3])
    assert listed.find(ITEMS[2].task_code) == ITEMS[2]
    assert listed.find(ITEMS[2].task_code) is listed.find(ITEMS[2].task_code)
    assert listed.find("nothing") is None
    assert listed.find("\ud800") is None
    assert listed.representatives == (ITEMS[0],)
    assert listed.index is not None
    assert len(Finder(listed.index).find("低保")) == 5


def test_sqlite_itself_finds_nothing_wrong_with_the_file(made: Path) -> None:
    connection = connect(made)

    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM item")


def test_the_same_items_give_the_same_bytes_in_another_folder(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere/b.kcb"
    publish(list(ITEMS), other, order(tmp_path))

    assert other.read_bytes() == made.read_bytes()


def test_what_is_asked_for_most_comes_first(tmp_path: Path) -> None:
    asked = order(tmp_path)
    weights = {ITEMS[3].task_code: 9.0, ITEMS[1].task_code: 2.0}
    out = tmp_path / "incoming/a.kcb"
    publish(ITEMS, out, Order(asked.tenant, asked.key, asked.made, weights=weights))

    found = verdict(out)
    assert isinstance(found, Bundle)
    assert list(catalogue(found).items) == [ITEMS[3], ITEMS[1], ITEMS[0], ITEMS[2], ITEMS[4]]


def test_a_flipped_bit_is_noticed_wherever_it_is(made: Path) -> None:
    whole = made.read_bytes()
    found = verdict(made)
    assert isinstance(found, Bundle)
    places = {*range(0, len(whole), 1000), *range(found.statement.size, len(whole))}
    copy = made.with_name("copy.kcb")

    for place in sorted(places):
        for bit in (0, 7) if place < found.statement.size else range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            copy.write_bytes(changed)
            assert isinstance(verdict(copy), Refusal), (place, bit)


def test_a_file_cut_short_is_told_from_garbage(made: Path) -> None:
    whole = made.read_bytes()
    copy = made.with_name("copy.kcb")

    for length in {*range(72, len(whole), 9973), len(whole) - 1, len(whole) - 12, 4096}:
        copy.write_bytes(whole[:length])
        assert verdict(copy) is Refusal.CUT_SHORT, length


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"KioskCB1" * 20, b"\0" * 200, b"SQLite format 3\0" + b"\0" * 4096, b"\xff" * 9999],
)
def test_garbage_is_no_bundle(made: Path, content: bytes) -> None:
    made.write_bytes(content)

    assert verdict(made) is Refusal.NOT_A_BUNDLE


def test_bytes_between_database_and_signature_are_noticed(made: Path) -> None:
    found = verdict(made)
    assert isinstance(found, Bundle)
    whole, size = made.read_bytes(), found.statement.size
    made.write_bytes(whole[:size] + b"\0" * 4096 + whole[size:])

    assert verdict(made) is Refusal.CHANGED


def test_another_tenants_bundle_is_refused(made: Path) -> None:
    assert verdict(made, "other") is Refusal.OTHER_TENANT


def test_a_strangers_key_is_refused(made: Path) -> None:
    shutil.rmtree(made.parents[1] / "trust")
    assert verdict(made) is Refusal.NO_TRUST

    keys.publish(Ed25519PrivateKey.generate().public_key(), made.parents[1] / "trust")
    assert verdict(made) is Refusal.UNKNOWN_KEY


def test_what_is_no_file_is_unreadable(tmp_path: Path) -> None:
    assert verdict(tmp_path / "a/b") is Refusal.UNREADABLE
    (tmp_path / "a/b").mkdir(parents=True)
    assert verdict(tmp_path / "a/b") is Refusal.UNREADABLE


STATEMENT = Statement(TENANT, 1, 0, 4096, "00" * 32, "00" * 32, "")


def test_a_forged_signature_under_a_trusted_name_is_refused() -> None:
    true, forger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    known = {keys.kid(true.public_key()): true.public_key()}
    tag = cbor2.loads(sign(STATEMENT, forger))
    protected = cbor2.dumps({1: -8, 4: keys.kid(true.public_key())})
    forged = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, *tag.value[2:]]))

    assert opened(sign(STATEMENT, true), known) == STATEMENT
    assert opened(forged, known) is Refusal.CHANGED
    assert opened(sign(STATEMENT, forger), known) is Refusal.UNKNOWN_KEY


def test_a_signature_made_for_something_else_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    kid = keys.kid(key.public_key())
    protected, payload = cbor2.dumps({1: -8, 4: kid}), cbor2.dumps({"tenant": TENANT})
    signature = key.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    message = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))

    assert opened(message, {kid: key.public_key()}) is Refusal.CHANGED


@pytest.mark.parametrize(
    "message", [b"", b"\xd2", cbor2.dumps(18), cbor2.dumps([1, 2]), b"\x9f" * 99]
)
def test_no_bytes_crash_the_check_of_a_signature(message: bytes) -> None:
    assert opened(message, {}) is Refusal.CHANGED


def test_an_item_that_this_program_cannot_read_is_of_another_format(tmp_path: Path) -> None:
    """As an office with a newer program may publish it."""
    from kiosk.catalogue.items import UNREADABLE, check_items

    published(tmp_path, "a.kcb", [item_of(replaced("minutes = 8", "minutes = 9"))])
    path = tmp_path / "incoming/a.kcb"
    connection = sqlite3.connect(path)
    connection.execute("UPDATE item SET body = x'00'")
    connection.commit()
    connection.close()

    with pytest.raises(UNREADABLE):
        check_items(Bundle(path, STATEMENT))


def test_every_shipped_item_comes_back_from_a_bundle(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "config/catalogue"
    files, _ = lint.folder(shipped)
    for folder in (one for one in shipped.iterdir() if one.is_dir()):
        files += lint.folder(folder)[0]
    items = [file.item for file in files if file.item is not None]
    published(tmp_path, "a.kcb", items)
    found = verdict(tmp_path / "incoming/a.kcb")

    assert isinstance(found, Bundle)
    assert list(catalogue(found).items) == items
