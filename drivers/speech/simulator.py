"""A simulated sound device: a player that swallows WAV as fast as it would sound.

    [speech.espeak]
    player = "python -m drivers.speech.simulator var/sim loudspeaker"
    private_player = "python -m drivers.speech.simulator var/sim headphones"

Driven by `<folder>/speech.json`: `output` on, off (there is no device: it fails), hung. What was
heard is in `<folder>/speech.heard.json`: `output` (loudspeaker, headphones), `seconds` of sound,
`sentences`, `until`: when the sentence ends that was begun last (seconds since 1970); never what
was said.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from drivers.speech import wav
from drivers.statefile import StateFile, read_json, replace_json

STATE_FILE = "speech.json"
HEARD_FILE = "speech.heard.json"
OUTPUTS = ("on", "off", "hung")

_FOR_EVER = 3600.0
_CHECKS = 0.2  # seconds; shorter sounds are a check's silence
_NOTHING = {"output": "", "seconds": 0.0, "sentences": 0, "until": 0.0}


def main(arguments: Sequence[str]) -> int:
    folder, output = Path(arguments[0]), arguments[1]
    state = StateFile(folder / STATE_FILE, {"output": "on"}).get()["output"]
    if state == "off":
        return 1
    if state == "hung":
        time.sleep(_FOR_EVER)
    sound = wav.decode(sys.stdin.buffer.read())
    if sound is None:
        return 1
    if sound.seconds >= _CHECKS:
        _tell(folder, output=output, until=round(time.time() + sound.seconds, 2))
    time.sleep(sound.seconds)
    if sound.seconds >= _CHECKS:
        heard = read_json(folder / HEARD_FILE, _NOTHING)
        seconds = round(heard.get("seconds", 0.0) + sound.seconds, 2)
        sentences = heard.get("sentences", 0) + 1
        _tell(folder, seconds=seconds, sentences=sentences)
    return 0


def _tell(folder: Path, **changes: object) -> None:
    path = folder / HEARD_FILE
    replace_json(path, {**_NOTHING, **read_json(path, {}), **changes})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
