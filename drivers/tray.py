"""Where simulated printers put their papers, one number after the other."""

from __future__ import annotations

from pathlib import Path

KEPT = 500  # papers; a demonstration may run for weeks


def numbers(folder: Path, suffix: str) -> list[int]:
    """Of the papers in `folder`, in order."""
    stems = (path.stem for path in folder.glob(f"*{suffix}"))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def next_name(folder: Path, suffix: str) -> str:
    """`NNNN`, one more than the newest; the oldest papers beyond `KEPT` are thrown away."""
    taken = numbers(folder, suffix)
    for number in taken[: -KEPT + 1]:
        for path in folder.glob(f"{number:04d}.*"):
            path.unlink(missing_ok=True)
    return f"{(taken or [0])[-1] + 1:04d}"
