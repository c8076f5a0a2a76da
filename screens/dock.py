"""A panel beside the terminal: lays cards down, takes paper out, cuts the network, jams, unplugs.

`python -m screens.dock --folder SIMDIR` writes the simulators' state files, and shows the newest
receipt and certificate.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="screens.dock", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the simulators' folder")
    parser.add_argument("--fonts", type=Path, default=Path("var/fonts"))
    parser.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN")
    parser.add_argument("--left", type=int, default=None, help="where the window stands")
    parser.add_argument("--size", default="420x1080", help="WIDTHxHEIGHT")
    arguments = parser.parse_args()
    width, height = (int(part) for part in arguments.size.split("x"))
    from screens.settings import prepare

    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), width, height, left=arguments.left, cursor=True)
        from screens.dock_window import DockApp

        size = (width, height)
        DockApp(arguments.folder, arguments.fonts, Path(home), arguments.language, size).run()


if __name__ == "__main__":
    main()
