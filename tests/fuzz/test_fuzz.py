"""Every decoder of bytes from outside, fuzzed with coverage: bounded in time and in memory.

`KIOSK_FUZZ_SECONDS=600 pytest tests/fuzz` looks longer.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = int(os.environ.get("KIOSK_FUZZ_SECONDS", "3"))
RUNS = 10_000 * SECONDS  # are enough: the fastest decoders do ten times as many
MEGABYTES = 768
# The kernel counts a program's peak memory from that of the process that started it, here a test
# runner of any size. A shell in between begins anew.
AFRESH = ("sh", "-c", '"$@"; exit $?', "sh")
PROGRAM = Path(__file__).with_name("fuzz_one.py")
TARGETS = runpy.run_path(str(PROGRAM.with_name("targets.py")))["TARGETS"]

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this machine"
    ),
    pytest.mark.timeout(SECONDS + 180),
]


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_make_it_raise_hang_or_grow(name: str, tmp_path: Path) -> None:
    done = fuzz(name, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Done" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("raises", "ValueError"),
        ("hangs", "libFuzzer: timeout"),
        ("grows", "libFuzzer: out-of-memory"),
    ],
)
def test_a_decoder_that_does_is_found_out(name: str, said: str, tmp_path: Path) -> None:
    done = fuzz(name, tmp_path, timeout=1, seconds=60)
    assert done.returncode != 0
    assert said in done.stdout


def fuzz(
    name: str, folder: Path, timeout: int = 5, seconds: int = SECONDS
) -> subprocess.CompletedProcess[str]:
    """`timeout`: seconds for one input; `seconds`: for all of them."""
    corpus = folder / "corpus"
    corpus.mkdir()
    limits = [f"-max_total_time={seconds}", f"-runs={RUNS}", f"-rss_limit_mb={MEGABYTES}"]
    limits += [f"-timeout={timeout}", "-len_control=0"]  # long inputs from the beginning
    command = [sys.executable, str(PROGRAM), name, str(corpus), *limits]
    return subprocess.run(
        [*AFRESH, *command, f"-artifact_prefix={folder}/"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # a traceback and libFuzzer's own words, in their order
        env={**os.environ, "TMPDIR": str(folder)},
        text=True,
        errors="replace",
        timeout=seconds + 90,
        check=False,
    )
