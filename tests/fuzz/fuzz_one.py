"""One target under atheris, guided by coverage: `fuzz_one.py TARGET CORPUS [libFuzzer options]`.

First the target gets what is long and the same all over, where quadratic time shows; then its own
seeds, put into the folder CORPUS, and what the fuzzer makes of them.
"""

from __future__ import annotations

import faulthandler
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

LONG = 1 << 14  # bytes
LONG_SECONDS = 5  # for one of them, while coverage is recorded; more ends the process
ALL_SECONDS = 1  # for as many of them as are done by then
_UNITS = (*(bytes([one]) for one in b"\0\xff[1a <,\r\x1b-"), "\u0591".encode())


def main() -> None:
    program, name, corpus, *options = sys.argv
    from targets import BROKEN, TARGETS

    with atheris.instrument_imports(include=["drivers", "kiosk"]):
        module = importlib.import_module(TARGETS.get(name, BROKEN))
    target: Callable[[bytes], None] = getattr(module, name)
    seeds: Sequence[bytes] = module.SEEDS[name]()
    end = time.monotonic() + ALL_SECONDS
    for long in _long(seeds):
        if time.monotonic() > end:
            break
        faulthandler.dump_traceback_later(LONG_SECONDS, exit=True)
        target(long)
    faulthandler.cancel_dump_traceback_later()
    for number, seed in enumerate(seeds):
        Path(corpus, f"seed{number}").write_bytes(seed)
    atheris.Setup([program, corpus, *options], target)
    atheris.Fuzz()


def _long(seeds: Sequence[bytes]) -> Iterator[bytes]:
    """Alone, behind a sound beginning, and a sound one again and again."""
    first = seeds[0]
    for unit in (first, *_UNITS):
        same = unit * (LONG // max(1, len(unit)))
        yield first[: len(first) // 2] + same[len(first) // 2 :]
        yield same


if __name__ == "__main__":
    main()
