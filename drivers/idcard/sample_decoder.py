"""A portrait decoder for simulated cards only: what a closed WLT decoder is for real ones.

    program:/path/to/python -I -S /path/to/sample_decoder.py FOLDER

A sample card's 1024 bytes hold no picture but a key (`samples.sample_wlt`); the portrait itself is
`FOLDER/<key>.bmp`, put there by the simulator (`portraits`). A real card's bytes hold no key: it
fails, as any decoder does on what it can't read. Alone in its process: it imports nothing of ours.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_KEY = re.compile(rb"WLf\x00\x7e\x00SAMPLE:([0-9a-f]{16}):")


def main(folder: str) -> int:
    marked = _KEY.match(sys.stdin.buffer.read())
    if marked is None:
        return 1
    try:
        portrait = (Path(folder) / f"{marked[1].decode()}.bmp").read_bytes()
    except OSError:
        return 1
    sys.stdout.buffer.write(portrait)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
