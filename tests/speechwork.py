"""Speech with the real espeak-ng, players of our own that keep what came, and a plug."""

from __future__ import annotations

import array
import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.options import Site
from drivers.speech import wav
from drivers.speech.transport import EspeakOptions, EspeakSpeech
from drivers.speech.wav import Sound
from kiosk.model import DeviceStatus, Language, Spoken, Voice

ESPEAK = shutil.which("espeak-ng")


ZH, EN = Language.ZH, Language.EN


LIMIT = 30.0


# Keeps what it hears in <folder>/<name>/NNN.wav, then does what <folder>/<name>.mode says.
# "hang 6": it does so from the seventh sound on.
PLAYER = """
import os, subprocess, sys, time
folder, name = sys.argv[1:]
mode = open(f"{folder}/{name}.mode").read()
if mode == "broken":
    sys.exit(1)
with open(f"{folder}/{name}.pids", "a") as pids:
    print(os.getpid(), file=pids)
os.makedirs(f"{folder}/{name}", exist_ok=True)
count = len(os.listdir(f"{folder}/{name}"))
if mode.startswith("hang") and count >= int(mode[4:] or 0):
    time.sleep(600)
data = sys.stdin.buffer.read()
open(f"{folder}/{name}/{count:03d}.wav", "wb").write(data)
if mode == "child":
    child = subprocess.Popen(["sleep", "600"])
    with open(f"{folder}/{name}.pids", "a") as pids:
        print(child.pid, file=pids)
if mode in ("real", "child"):
    time.sleep((len(data) - 44) / 44100)
"""


class Bench:
    """Speech under test, what its players heard, and the plug of the headphones."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plugged = False
        (folder / "player.py").write_text(PLAYER)
        for name in ("loud", "private"):
            self.mode("fast", name)
        self.speech = self.another()

    def another(self, **options: Any) -> EspeakSpeech:
        told = {
            "player": self.player("loud"),
            "private_player": self.player("private"),
            "player_seconds": 1.0,
            **options,
        }
        site = Site(headphones=lambda: self.plugged)
        return EspeakSpeech.build(EspeakOptions.model_validate(told), site)

    def player(self, name: str) -> str:
        return f"{sys.executable} -I -S {self.folder / 'player.py'} {self.folder} {name}"

    def mode(self, mode: str, name: str = "loud") -> None:
        (self.folder / f"{name}.mode").write_text(mode)

    def heard(self, name: str = "loud") -> list[Sound]:
        sounds = [wav.decode(path.read_bytes()) for path in sorted((self.folder / name).glob("*"))]
        return [sound for sound in sounds if sound is not None and any(sound.samples)]

    def pids(self, name: str = "loud") -> list[int]:
        path = self.folder / f"{name}.pids"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    async def playing(self, count: int = 1, name: str = "loud") -> list[int]:
        """The processes, once that many have been started."""
        await until(lambda: len(self.pids(name)) >= count)
        return self.pids(name)

    async def say(self, text: str, language: Language = EN, **more: Any) -> Spoken:
        voice = more.pop("voice", Voice())
        async with asyncio.timeout(LIMIT):
            return await self.speech.say(text, language, voice, **more)

    async def status(self, speech: EspeakSpeech | None = None) -> DeviceStatus:
        """The third one: what is missed three times is believed."""
        return [await (speech or self.speech).status() for _ in range(3)][-1]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not true():
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    """A process that was killed and not yet collected is dead."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def loudness(sound: Sound) -> int:
    return max(abs(one) for one in array.array("h", sound.samples))


def program(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)
