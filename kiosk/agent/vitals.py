"""The computer under the terminal, from /proc: load, memory, disk, time since start."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Vitals:
    """Percent of all cores over the last minute; megabytes; seconds."""

    cpu_percent: float
    memory_mb: float
    disk_free_mb: float
    uptime_s: float


def read(folder: Path) -> Vitals:
    """`memory_mb` is what is in use; `disk_free_mb` belongs to the disk of `folder`."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    memory = {line.split()[0].rstrip(":"): int(line.split()[1]) for line in lines}
    return Vitals(
        cpu_percent=round(100 * os.getloadavg()[0] / (os.cpu_count() or 1), 1),
        memory_mb=round((memory["MemTotal"] - memory["MemAvailable"]) / 1024, 1),
        disk_free_mb=round(shutil.disk_usage(folder).free / 2**20, 1),
        uptime_s=float(Path("/proc/uptime").read_text().split()[0]),
    )
