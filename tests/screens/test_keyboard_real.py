"""Keys of a USB keyboard, as the X server sends them to the window of a running program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

RUN = """
import ctypes, json, sys, threading, time
from pathlib import Path
from screens.settings import prepare
prepare(Path(sys.argv[1]), 540, 960)
from kivy.core.window import Window
from kiosk.model import Language
from kiosk.ports import FrameSlot
from kiosk.view import State
from screens.app import KioskApp
from screens.samples import SITE, bodies, sample
SYMBOLS = {"F1": 0xffbe, "F4": 0xffc1, "Escape": 0xff1b, "Tab": 0xff09, "Return": 0xff0d,
           "Super": 0xffeb, "Alt": 0xffe9, "Ctrl": 0xffe3, "Delete": 0xffff, "c": 0x63, "q": 0x71,
           "w": 0x77, "t": 0x74, "1": 0x31, "9": 0x39, "F2": 0xffbf}
CHORDS = ("F1", "Escape", "Alt F4", "Ctrl c", "Ctrl q", "Ctrl w", "Ctrl Alt Delete", "Ctrl Alt t",
          "Ctrl Alt F2", "Super", "Alt Tab", "Tab", "Return", "1", "9", "q", "c")
heard, posted, shown = [], [], []
app = KioskApp(posted.append, FrameSlot(), Path("config/locales"), Path(sys.argv[2]),
               size=(540, 960), site=SITE, on_shown=lambda view: shown.append(view.state))

class Keyboard:
    def __init__(self):
        self.x, self.test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        self.x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self.test.XTestFakeKeyEvent.argtypes = [
            ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_ulong]
        self.test.XTestFakeMotionEvent.argtypes = [
            ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ulong]
        self.display = self.x.XOpenDisplay(None)
        self.test.XTestFakeMotionEvent(self.display, -1, 270, 40, 0)

    def press(self, chord):
        codes = [self.x.XKeysymToKeycode(self.display, SYMBOLS[one]) & 255 for one in chord.split()]
        for code, down in [*((c, 1) for c in codes), *((c, 0) for c in reversed(codes))]:
            self.test.XTestFakeKeyEvent(self.display, code, down, 0)
        self.x.XSync(self.display, 0)

def wait(what):
    until = time.monotonic() + 40
    while not what() and time.monotonic() < until:
        time.sleep(0.05)

def draft():
    return app._wardrobe.frame.screens[State.QUESTION]._draft

def later():
    wait(lambda: shown)
    app.show(sample(State.QUESTION, bodies()["question-number"][1], Language.EN, 1))
    wait(lambda: State.QUESTION in shown)
    Window.bind(on_key_down=lambda _w, key, *_: heard.append(key))
    before, keyboard = draft(), Keyboard()
    for chord in CHORDS:
        count = len(heard)
        keyboard.press(chord)
        wait(lambda: len(heard) > count)
    print(json.dumps({"heard": len(heard), "wanted": len(CHORDS), "posted": len(posted),
                      "same": draft() == before, "page": str(app.view.state),
                      "windows": len(Window.children), "alive": not app._stopping}))
    app.stop()

threading.Thread(target=later, daemon=True).start()
app.run()
"""


def test_no_key_leads_out_or_types_anything(tmp_path: Path, fonts: Path) -> None:
    from screens.xvfb import display

    with display(540, 960) as number:
        result = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path / "kivy"), str(fonts)], cwd=ROOT,
            env={**os.environ, "DISPLAY": number, "SDL_VIDEODRIVER": "x11"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["heard"] >= told["wanted"], "the window has heard the keys"
    assert {key: told[key] for key in ("posted", "same", "page", "windows", "alive")} == {
        "posted": 0, "same": True, "page": "question", "windows": 1, "alive": True,
    }  # fmt: skip
