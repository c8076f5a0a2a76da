"""Hand-overs per second on each platform: one case after the other, each kept before it is told.

`python tests/bench/bench_platforms.py`: prints a table. Without papers, which are sealed by the
fleet and measured by themselves.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from paperwork import QUERY, case
from platformwork import SCANNED, residence, rig

CASES = 300


def main() -> None:
    print(f"{'platform':10} {'kind':8} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for name in ("sample", "city", "county"):
        with (
            tempfile.TemporaryDirectory() as folder,
            rig(name, Path(folder), papers=False) as on,
        ):
            if on.back_end is not None:
                on.back_end.befall(async_seconds=0.0)
            for kind in ("query", "promise"):
                took = []
                for order in range(CASES):
                    number = f"{kind}-{order}"
                    one = (
                        case(number, QUERY, year="2026")
                        if kind == "query"
                        else residence(number, SCANNED)
                    )
                    begun = time.perf_counter()
                    on.platform.decide(one)
                    took.append(time.perf_counter() - begun)
                cuts = statistics.quantiles(took, n=100)
                row = CASES / sum(took), cuts[49] * 1000, cuts[98] * 1000
                print(f"{name:10} {kind:8} {row[0]:9.0f} {row[1]:8.1f} {row[2]:8.1f}")


if __name__ == "__main__":
    main()
