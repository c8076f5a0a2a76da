"""`python -m fleet.alarms [FILE]`: checks a file of rules; one line for each fault, and 2."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fleet.alarms.rules import load
from fleet.errors import StartError


def main() -> int:
    parser = argparse.ArgumentParser(prog="fleet.alarms", description="Check a file of rules")
    parser.add_argument("file", type=Path, nargs="?", default=Path("config/alarms.toml"))
    try:
        book = load(parser.parse_args().file)
    except StartError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{len(book.rule)} rules, {len(book.channel)} channels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
