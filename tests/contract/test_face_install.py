"""Packs come from folders and real web servers, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from drivers.face import install as installing
from drivers.face.install import CURRENT, Address, Folder, InstallError, install, packs
from drivers.face.manifest import NAME, Network
from drivers.face.packs import Pack, load
from facework import MANIFEST, models, pack
from kiosk.models import app
from packserver import Handle, Handler, Server

BOUND = 60


RECOGNISER = "mobilefacenet_foamliu.onnx"


LIMITS = {"connect": 5.0, "read": 1.0, "write": 5.0, "pool": 5.0}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pack(tmp_path_factory.mktemp("source"))


@pytest.fixture
def server(source: Path) -> Iterator[Server]:
    server = Server(source)
    yield server
    server.stop()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def silent(_network: Network) -> Callable[[int], None]:
    return lambda _count: None


def address(server: Server) -> Address:
    return Address(server.url, httpx.Timeout(**LIMITS))


def old(store: Path) -> Path:
    """A pack that is in use already: a small one of two files."""
    folder = store / "old-1-0"
    pack(folder)
    (store / CURRENT).symlink_to(folder.name)
    return folder


def untouched(store: Path) -> bool:
    """The old pack is in use, can be loaded, and nothing half done can be taken for a pack."""
    names = [path.name for path, _ in packs(store)]
    return isinstance(load(store / CURRENT), Pack) and names == ["old-1-0"]


# ---- Well ------------------------------------------------------------------------------------


def test_from_a_folder(source: Path, store: Path) -> None:
    told = install(Folder(source), store, None, silent)
    assert told.label == "yunet-mobilefacenet 2023.1"
    assert isinstance(load(store / CURRENT), Pack)
    [(folder, used)] = packs(store)
    assert used
    assert not any((folder / one.file).is_symlink() for one in told.networks)
    assert {path.name for path in folder.iterdir()} == {NAME, *(n.file for n in told.networks)}


@pytest.mark.parametrize("end", ["", NAME])
def test_from_a_web_server(server: Server, store: Path, end: str) -> None:
    seen: list[int] = []
    times = httpx.Timeout(**LIMITS)
    told = install(Address(server.url + end, times), store, None, lambda _one: seen.append)
    assert isinstance(load(store / CURRENT), Pack)
    assert sum(seen) == sum(one.bytes for one in told.networks)
    assert server.asked == [f"/packs/a/{name}" for name in
                            (NAME, *(one.file for one in told.networks))]  # fmt: skip


def test_the_shipped_manifest_holds_a_folder_of_bare_files_to_it(store: Path) -> None:
    install(Folder(models()), store, MANIFEST, silent)
    assert isinstance(load(store / CURRENT), Pack)


def test_a_new_pack_takes_the_place_of_the_old_one(source: Path, store: Path) -> None:
    before = old(store)
    (store / ".incoming-left").mkdir()
    install(Folder(source), store, None, silent)
    assert not before.exists()
    assert [used for _, used in packs(store)] == [True]
    assert not list(store.glob(".incoming-*"))


def test_a_redirection_is_followed(server: Server, store: Path) -> None:
    def elsewhere(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"/mirror/{RECOGNISER}?copy")
        handler.end_headers()

    server.tricks[RECOGNISER] = elsewhere
    server.tricks[f"{RECOGNISER}?copy"] = lambda one: one.give(
        (one.folder / RECOGNISER).read_bytes()
    )
    install(address(server), store, None, silent)
    assert isinstance(load(store / CURRENT), Pack)


# ---- Bad servers -----------------------------------------------------------------------------


def cut(handler: Handler) -> None:
    data = (handler.folder / RECOGNISER).read_bytes()
    handler.give(data[: len(data) // 2], length=len(data))
    handler.connection.close()


def short(handler: Handler) -> None:
    handler.give((handler.folder / RECOGNISER).read_bytes()[:-1])


def longer(handler: Handler) -> None:
    handler.give((handler.folder / RECOGNISER).read_bytes() + b"\0")


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.stopping.is_set():
        handler.wfile.write(bytes(1 << 16))


def other(handler: Handler) -> None:
    data = bytearray((handler.folder / RECOGNISER).read_bytes())
    data[1000] ^= 1
    handler.give(bytes(data))


def silence(handler: Handler) -> None:
    handler.stopping.wait(BOUND)


def falls_silent(handler: Handler) -> None:
    handler.give(b"some bytes", length=3_998_070)
    handler.stopping.wait(BOUND)


def circle(handler: Handler) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


def refused(handler: Handler) -> None:
    handler.send_error(403)


@pytest.mark.parametrize(
    ("trick", "word"),
    [
        (cut, "peer closed"), (short, "bytes"), (longer, "larger"), (endless, "larger"),
        (other, "wrong hash"), (silence, "timed out"), (falls_silent, "timed out"),
        (circle, "redirect"), (refused, "403"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_bad_answer_leaves_the_old_pack_in_use_and_nothing_else(
    server: Server, store: Path, trick: Handle, word: str
) -> None:
    old(store)
    server.tricks[RECOGNISER] = trick
    begun = time.monotonic()
    with pytest.raises(InstallError, match=word) as caught:
        install(address(server), store, None, silent)
    assert time.monotonic() - begun < BOUND / 2
    assert RECOGNISER in str(caught.value)
    assert "\n" not in str(caught.value)
    assert untouched(store)
    assert not list(store.glob(".incoming-*"))


def test_a_manifest_without_end_is_refused(server: Server, store: Path) -> None:
    server.tricks[NAME] = endless
    with pytest.raises(InstallError, match="larger"):
        install(address(server), store, None, silent)


@pytest.mark.parametrize("name", ["../evil.onnx", "/etc/evil.onnx", "sub/evil.onnx", "..", ".x"])
def test_a_file_name_that_leads_elsewhere_is_refused_before_anything_is_fetched(
    server: Server, store: Path, source: Path, name: str
) -> None:
    text = (source / NAME).read_text().replace(RECOGNISER, name)
    server.tricks[NAME] = lambda handler: handler.give(text.encode())
    with pytest.raises(InstallError, match="unsafe_path"):
        install(address(server), store, None, silent)
    assert server.asked == [f"/packs/a/{NAME}"]
    assert not store.exists()


def test_out_of_https_no_redirection_leads() -> None:
    answer = httpx.Response(200, request=httpx.Request("GET", "http://b/x"))
    answer.history = [httpx.Response(302, request=httpx.Request("GET", "https://a/x"))]
    with pytest.raises(InstallError, match="without https"):
        Address("https://a/")._checked("https://a/x", answer)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://", "ftp://x/y", "http://no such host/", "http://["]
)
def test_an_address_that_is_none_is_said_in_a_sentence(url: str, store: Path) -> None:
    with pytest.raises(InstallError):
        install(Address(url, httpx.Timeout(**LIMITS)), store, None, silent)


def test_a_pack_that_is_whole_but_does_not_work_is_not_used(
    source: Path, store: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(source, broken)
    (broken / RECOGNISER).write_bytes(b"no network")
    text = (broken / NAME).read_text()
    was = hashlib.sha256((source / RECOGNISER).read_bytes()).hexdigest()
    text = text.replace(was, hashlib.sha256(b"no network").hexdigest())
    (broken / NAME).write_text(text.replace("3998070", "10"))
    old(store)
    with pytest.raises(InstallError, match="not_loaded"):
        install(Folder(broken), store, None, silent)
    assert untouched(store)


# ---- Interrupted -----------------------------------------------------------------------------

COMMAND = [sys.executable, "-c", "from kiosk.models import app; app()"]


def test_killed_in_the_middle_the_old_pack_stays_and_the_next_try_clears_up(
    server: Server, source: Path, store: Path
) -> None:
    old(store)
    half = threading.Event()

    def stops_half_way(handler: Handler) -> None:
        data = (handler.folder / RECOGNISER).read_bytes()
        handler.give(data[: len(data) // 2], length=len(data))
        half.set()
        handler.stopping.wait(BOUND)

    server.tricks[RECOGNISER] = stops_half_way
    running = subprocess.Popen(
        [*COMMAND, "install", server.url, "--store", str(store)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert half.wait(BOUND)
        [incoming] = store.glob(".incoming-*")
        until = time.monotonic() + BOUND
        while not (incoming / RECOGNISER).exists() and time.monotonic() < until:
            time.sleep(0.02)
        with pytest.raises(InstallError, match="Another"):
            install(Folder(source), store, None, silent)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait(BOUND)
    assert incoming.exists()
    assert untouched(store)
    install(Folder(source), store, None, silent)
    assert not incoming.exists()
    assert len(packs(store)) == 1


def test_an_interrupt_at_the_keyboard_leaves_nothing(
    source: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old(store)

    def pressed(*_: object) -> Pack:
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "load", pressed)
    with pytest.raises(KeyboardInterrupt):
        install(Folder(source), store, None, silent)
    assert untouched(store)
    assert not list(store.glob(".incoming-*"))


def test_a_full_disk_is_said_in_a_sentence(
    source: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old(store)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InstallError, match="No space"):
        install(Folder(source), store, None, silent)
    assert untouched(store)


# ---- The command -----------------------------------------------------------------------------


def kiosk_models(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_installs_lists_and_checks(source: Path, store: Path) -> None:
    done = kiosk_models("install", source, "--store", store)
    assert done.exit_code == 0, done.output
    assert f'models = "{store}/current"' in done.output
    assert "withdrawn" in done.output  # the limits are told to who installs
    listed = kiosk_models("list", "--store", store)
    assert listed.exit_code == 0
    assert listed.output.startswith("* yunet-mobilefacenet-2023.1-")
    assert "7.7 MB" in listed.output
    checked = kiosk_models("check", "--store", store)
    assert checked.exit_code == 0
    assert [line.split()[0] for line in checked.output.splitlines()[1:]] == [
        "detector", "recogniser", "liveness,"
    ]  # fmt: skip
    assert all(line.endswith(" ms") for line in checked.output.splitlines()[1:])


def test_the_command_says_in_one_sentence_what_is_wrong(store: Path, tmp_path: Path) -> None:
    done = kiosk_models("install", tmp_path, "--store", store)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1), done.output
    assert "No such file" in done.stderr
    done = kiosk_models("check", "--store", store)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1), done.output
    assert "not_found" in done.stderr
    assert kiosk_models("list", "--store", store).output == ""


def test_a_spoilt_pack_is_listed_as_such(store: Path) -> None:
    folder = old(store)
    (folder / NAME).write_text("[")
    assert "not_readable" in kiosk_models("list", "--store", store).output
