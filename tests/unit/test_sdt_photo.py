"""Portrait decoders as they are: programs and libraries that work, lie, crash, hang and flood."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from drivers.idcard.photo import PhotoDecoder, PhotoState
from drivers.idcard.samples import WLT_MARK, sample_wlt

WLT = sample_wlt("zhang")
GO_ON = threading.Event()  # never set
LIMIT = 10.0

TOOL = f"""
import os, resource, struct, subprocess, sys, time

def bmp(wlt):
    assert wlt.startswith({WLT_MARK!r}) and len(wlt) == 1024
    rows = wlt[6:9] * 102 + bytes(2)
    head = struct.pack("<2sIIIIiiHHIIiiII", b"BM", 54 + 308 * 126, 0, 54, 40, 102, 126, 1, 24,
                       0, 0, 0, 0, 0, 0)
    return head + rows * 126

how = sys.argv[1]
wlt = open(sys.argv[2], "rb").read() if len(sys.argv) > 2 else sys.stdin.buffer.read()
out = sys.stdout.buffer
if how in ("good", "fails_afterwards"):
    out.write(bmp(wlt))
    out.flush()
    sys.exit(how != "good")
if how == "talks":
    sys.stderr.write("x" * 10_000_000)
    out.write(bmp(wlt))
if how == "crashes":
    os.abort()
if how == "lies":
    out.write(b"BM, as you can see")
if how == "cut":
    out.write(bmp(wlt)[:-1])
if how == "floods":
    while True:
        out.write(bytes(65536))
if how == "hangs":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open(sys.argv[2], "rb").close()
    out.write(struct.pack("<II", os.getpid(), child.pid))
    out.flush()
    time.sleep(600)
if how == "tries_a_file":
    path = os.environ.get("HOME", "/tmp") + "/portrait.wlt"
    try:
        with open("{{folder}}/portrait.wlt", "wb") as file:
            file.write(wlt)
    except OSError:
        out.write(bmp(wlt))
if how == "tells_of_itself":
    told = repr((sorted(os.environ), resource.getrlimit(resource.RLIMIT_CORE))).encode()
    out.write(b"\\xff\\xd8\\xff" + told + b"\\xff\\xd9")
"""


@pytest.fixture
def tool(tmp_path: Path) -> str:
    path = tmp_path / "tool.py"
    path.write_text(TOOL.replace("{folder}", str(tmp_path)))
    return f"program:{sys.executable} {path}"


def decode(setting: str, seconds: float = LIMIT) -> tuple[bytes, PhotoState]:
    decoder = PhotoDecoder(setting)
    made = decoder.decode(WLT, GO_ON, seconds)
    return made, decoder.state()


def assert_portrait(made: bytes) -> None:
    image = Image.open(io.BytesIO(made))
    image.load()
    assert (image.format, image.size, image.mode) == ("BMP", (102, 126), "RGB")
    blue, green, red = WLT[6:9]
    assert image.getpixel((50, 60)) == (red, green, blue)


# ---- Programs --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["good", "good {wlt}", "talks"])
def test_a_program_makes_a_picture_of_its_input(tool: str, how: str) -> None:
    made, state = decode(f"{tool} {how}")
    assert_portrait(made)
    assert state is PhotoState.READY


@pytest.mark.parametrize(
    "how", ["crashes", "lies", "cut", "floods", "fails_afterwards", "says_nothing"]
)
def test_a_program_that_fails_costs_the_picture_and_is_tried_again(tool: str, how: str) -> None:
    decoder = PhotoDecoder(f"{tool} {how}")
    for _ in range(2):
        assert decoder.decode(WLT, GO_ON) == b""
        assert decoder.state() is PhotoState.FAILED


def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bytes] = []
    monkeypatch.setattr("drivers.idcard.photo.picture", lambda output: said.append(output) or b"")
    heard: list[bytes] = []
    take = __import__("drivers.idcard.photo", fromlist=["_take"])._take

    def listening(stdout: io.BufferedReader, output: bytearray) -> bool:
        more = take(stdout, output)
        heard.append(bytes(output))
        return bool(more)

    monkeypatch.setattr("drivers.idcard.photo._take", listening)
    assert decode(f"{tool} hangs {{wlt}}", seconds=1.0) == (b"", PhotoState.FAILED)
    assert said == [b""]
    for at in (0, 4):
        gone(int.from_bytes(heard[-1][at : at + 4], "little"))


def gone(pid: int) -> None:
    """Dead at last, or a zombie whose parent has not looked."""
    end = time.monotonic() + LIMIT
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        assert time.monotonic() < end, "it still runs"
        time.sleep(0.02)


def test_a_decoding_that_is_no_longer_wanted_ends_at_once(tool: str) -> None:
    stop = threading.Event()
    made: list[bytes] = []
    decoder = PhotoDecoder(f"{tool} hangs {{wlt}}")
    at_work = threading.Thread(target=lambda: made.append(decoder.decode(WLT, stop, 3600)))
    at_work.start()
    stop.set()
    at_work.join(LIMIT)
    assert made == [b""]


def test_a_decoder_does_not_outlive_the_terminal(tool: str, tmp_path: Path) -> None:
    parent = f"""
import threading
from drivers.idcard import photo
photo._take = lambda stdout, output: print(*memoryview(stdout.read(8)).cast("I"), flush=True)
photo.PhotoDecoder({tool + " hangs {wlt}"!r}).decode(bytes(1024), threading.Event(), 3600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as terminal:
        assert terminal.stdout is not None
        decoder, of_its_own = map(int, terminal.stdout.readline().split())
        terminal.kill()
    gone(decoder)
    os.kill(of_its_own, signal.SIGKILL)  # what it has started, nobody else can end


def test_a_program_cannot_leave_the_portrait_on_disk(tool: str, tmp_path: Path) -> None:
    assert_portrait(decode(f"{tool} tries_a_file")[0])
    left = tmp_path / "portrait.wlt"
    assert not left.exists() or left.stat().st_size == 0


def test_a_program_gets_no_secrets_and_leaves_no_memory_image(
    tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_GATEWAY__TOKEN", "secret")
    told = decode(f"{tool} tells_of_itself")[0].decode("latin-1")
    assert "PATH" in told
    assert "KIOSK" not in told
    assert "(1, 1)" in told


def test_no_process_memory_or_pipe_is_left_behind(tool: str) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    decode(f"{tool} good")
    before = open_files()
    for how in ("good", "crashes", "floods"):
        decode(f"{tool} {how}")
    assert open_files() == before


def test_without_a_decoder_there_is_no_picture() -> None:
    assert decode("") == (b"", PhotoState.NO_DECODER)


def test_a_decoder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    for setting in (f"program:{tmp_path}/tool", f"library:{tmp_path}/libwlt.so:unpack"):
        assert decode(setting) == (b"", PhotoState.MISSING)


def test_a_program_that_is_none_fails(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a program")
    assert decode(f"program:{tmp_path}/notes.txt") == (b"", PhotoState.FAILED)


# ---- Libraries -------------------------------------------------------------------------------

LIBRARY = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int unpack(char *wlt, char *pixels, int number) {
    if (memcmp(wlt, "WLf\\0\\x7e\\0", 6) != 0 || number != 708) return 0;
    printf("a library that talks\\n");
    fflush(stdout);
    for (int i = 0; i < 102 * 126; i++) {
        pixels[3 * i] = wlt[8]; pixels[3 * i + 1] = wlt[7]; pixels[3 * i + 2] = wlt[6];
    }
    return 1;
}
int whole_bmp(char *wlt, char *bmp, int number) {
    static const unsigned char head[54] = {
        'B', 'M', 0xCE, 0x97, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 102, 0, 0, 0, 126, 0, 0,
        0, 1, 0, 24};
    memcpy(bmp, head, 54);
    for (int y = 0; y < 126; y++)
        for (int x = 0; x < 102; x++) memcpy(bmp + 54 + y * 308 + 3 * x, wlt + 6, 3);
    return number == 752;
}
int fails(char *wlt, char *pixels, int number) { return 0; }
int crashes(char *wlt, char *pixels, int number) { return *(volatile int *)8; }
int leaves(char *wlt, char *pixels, int number) { exit(0); }
int hangs(char *wlt, char *pixels, int number) { for (;;) sleep(1); }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    compiler = shutil.which("gcc")
    if not compiler:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("library")
    (folder / "wlt.c").write_text(LIBRARY)
    made = folder / "libwlt.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, folder / "wlt.c"], check=True)
    return f"library:{made}"


@pytest.mark.parametrize("function", ["unpack", "unpack:708", "whole_bmp:752"])
def test_a_library_makes_a_picture(library: str, function: str) -> None:
    made, state = decode(f"{library}:{function}")
    assert_portrait(made)
    assert state is PhotoState.READY


@pytest.mark.parametrize("function", ["fails", "crashes", "leaves", "not_in_it", "unpack:1"])
def test_a_library_that_fails_costs_the_picture_alone(library: str, function: str) -> None:
    assert decode(f"{library}:{function}") == (b"", PhotoState.FAILED)


def test_a_library_that_hangs_is_ended(library: str) -> None:
    assert decode(f"{library}:hangs", seconds=0.5) == (b"", PhotoState.FAILED)


def test_a_library_that_is_none_fails(tmp_path: Path) -> None:
    (tmp_path / "libwlt.so").write_bytes(b"\x7fELF")
    assert decode(f"library:{tmp_path}/libwlt.so:unpack") == (b"", PhotoState.FAILED)
