"""Makes the pictures of README and docs from the running program: `make pictures`.

Plays one visit in each orientation, looks at the fleet's console in Chromium, at the dock, a
readiness report and a signature, and puts the pages side by side. Nothing is drawn by hand.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

HERE = Path(__file__).parent
OUT = HERE / "pictures"
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests"))

GROUND = "#d7dee8"
PAGES = ("attract", "services", "guide", "card", "consent", "face",
         "question", "check", "submitting", "papers", "rating", "thanks")  # fmt: skip
WAYS = ("consent", "ways", "card", "pin", "witness", "check")  # who says no to the camera
CONSOLE = {
    "overview": "/", "terminal": "/terminals/{station}", "supplies": "/supplies?show=week",
    "alarms": "/alarms", "report": "/reports",
}  # fmt: skip


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        upright, wide = folder / "upright", folder / "wide"
        kiosk("demo", "--out", str(upright))
        kiosk("demo", "--out", str(wide), "--landscape", "--language", "en")
        sheet(pages(upright), OUT / "visit.png", across=6, width=260)
        sheet(pages(wide), OUT / "visit-landscape.png", across=4, width=400)
        papers(upright, OUT / "papers.png")
        kiosk("demo", "--out", str(folder / "ways"), "--way", "helper", "--language", "en")
        sheet(pages(folder / "ways", WAYS), OUT / "ways.png", across=6, width=260)
        household(folder / "household", folder)
        console(folder / "town")
        sign(folder)
        row([folder / f"{name}.png" for name in ("sign", "dock", "report")], OUT / "devices.png")
        kiosk("gallery", "--out", str(folder), "--quick", "--only", "component-handwriting")
        written = folder / "portrait/light-100/zh_CN/component-handwriting.png"
        save(Image.open(written).convert("RGB"), OUT / "handwriting.png")


def kiosk(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "kiosk", *words], cwd=ROOT, check=True)


def pages(folder: Path, names: Sequence[str] = PAGES) -> list[Path]:
    """Of a state with several pages, the first."""
    last_first = sorted((folder / "screens").glob("*.png"), reverse=True)
    found = {path.stem.split("-", 1)[1]: path for path in last_first}
    return [found[name] for name in names if name in found]


def sheet(files: list[Path], out: Path, across: int, width: int, gap: int = 14) -> None:
    """Pictures in rows, all scaled to one width."""
    pictures = [Image.open(file).convert("RGB") for file in files]
    height = round(width * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // across)
    size = (across * (width + gap) + gap, rows * (height + gap) + gap)
    whole = Image.new("RGB", size, GROUND)
    for number, picture in enumerate(pictures):
        place = (gap + number % across * (width + gap), gap + number // across * (height + gap))
        whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), place)
    save(whole, out)


def papers(folder: Path, out: Path) -> None:
    """Receipt and certificate as they came out of the printers."""
    first_page(folder / "certificate.pdf", dots_per_inch=80)
    certificate = Image.open(folder / "certificate.png").convert("RGB")
    slip = Image.open(folder / "receipt.png").convert("RGBA")
    receipt = Image.new("RGBA", slip.size, GROUND)
    receipt.alpha_composite(slip)
    scale = certificate.height / receipt.height
    receipt = receipt.resize((round(receipt.width * scale), certificate.height))
    whole = Image.new("RGB", (receipt.width + certificate.width + 60, receipt.height + 40), GROUND)
    whole.paste(receipt.convert("RGB"), (20, 20))
    whole.paste(certificate, (receipt.width + 40, 20))
    save(whole, out, colours=128)


def household(folder: Path, out: Path) -> None:
    """Console, dock and report after three visits, with printers that need somebody."""
    import realhousehold
    from kiosk.sample_citizen import ITEMS

    folder.mkdir()
    with realhousehold.running(folder, "fleet", "simulators", "agent") as home:
        realhousehold.wait((folder / "trust/case.pub").exists, 20, "the fleet's keys")
        for task in ITEMS.values():
            visit = home.play(task)
            realhousehold.wait(lambda visit=visit: visit.poll() is not None, 120, "a visit")
            home.running.pop("screen")
        home.simulate("receipt", paper="out")
        home.screen()
        home.simulate("document", toner="low")
        with window() as page:
            page.goto(home.ports.console)
            shot(page, "console")
        home.stop("screen")  # most devices serve one program at a time
        dock = home.spawn([sys.executable, __file__, str(folder / "sim"), str(out / "dock.png")])
        realhousehold.wait(lambda: dock.poll() is not None, 60, "the dock's picture")
        report(folder, home.env, out / "report.pdf")


def report(household: Path, env: Mapping[str, str], out: Path) -> None:
    """With the paths of a terminal, not those of a temporary folder."""
    site = household / "site"
    (site / "var").mkdir(parents=True)
    (site / "config").symlink_to(ROOT / "config")
    for name in ("terminal", "trust"):
        (site / "var" / name).symlink_to(household / name)
    places = {"KIOSK_TERMINAL__VAR": "var/terminal", "KIOSK_TERMINAL__TRUST": "var/trust"}
    command = [sys.executable, "-m", "kiosk", "check", "--report", str(out)]
    subprocess.run(command, cwd=site, env={**os.environ, **env, **places}, timeout=60, check=False)
    first_page(out, dots_per_inch=110)


@contextmanager
def window() -> Iterator[Page]:
    """English, light."""
    import browserwork

    with browserwork.chromium() as browser:
        context = browser.new_context(
            locale="en-US", viewport={"width": 1440, "height": 900}, color_scheme="light"
        )
        yield context.new_page()
        context.close()


def shot(page: Page, name: str) -> None:
    """What has come by then: pages are filled a second after they are opened."""
    page.wait_for_timeout(4_000)
    page.screenshot(path=str(OUT / f"{name}.png"))
    with Image.open(OUT / f"{name}.png") as picture:
        save(picture.convert("RGB"), OUT / f"{name}.png", colours=128)


def console(folder: Path) -> None:
    """Of a town with ten days behind it; something is asked of its terminals, and brought."""
    import walkacts
    import walkchecks
    import walkwork

    folder.mkdir()
    with walkwork.town(folder, timedelta(days=10)) as town, window() as page:
        walkchecks.sign_in(page, town.url, "li.wei")
        walkacts.propose(page, town, "0.3.0", town.name(walkwork.LAST))
        rollout = page.url
        walkacts.give(page, town, "Screen picture", Part_of_the_site="服务点")
        for number in range(1, walkwork.STATIONS + 1):
            expect(walkacts.sent(page, town.name(number))).to_contain_text(
                re.compile("done|failed")
            )
        shot(page, "console-command")
        page.context.clear_cookies()
        walkchecks.sign_in(page, town.url, "zhao.min")
        page.goto(rollout)
        walkacts.sure(page, "Approve")
        expect(page.locator(".k-title .k-pill")).to_contain_text("Went back")
        shot(page, "console-rollout")
        for name, path in CONSOLE.items():
            page.goto(f"{town.url}{path}".format(station=town.name(walkwork.EMPTY)))
            shot(page, f"console-{name}")


def dock(simulators: Path, out: Path) -> None:
    """In a process of its own: Kivy lives once in each."""
    from screens.settings import prepare

    size = (620, 1100)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        prepare(home, *size, cursor=False)
        from screens.dock_window import DockApp
        from screens.step import begin, frames
        from screens.step import save as save_window

        app = DockApp(simulators, home / "fonts", home, "en", size)
        begin(app)
        app._choose("receipt")
        until = time.monotonic() + 5  # until the papers' pictures are made
        while time.monotonic() < until:
            frames(1)
        save_window(out)


def sign(folder: Path) -> None:
    pages = folder / "gallery"
    from screens.gallery import draw
    from screens.gallery_looks import QUICK

    draw(pages, replace(QUICK, windows=("1080x1920",), languages=("en",), low=False, only="sign"))
    (pages / "portrait/light-100/en/sign.png").rename(folder / "sign.png")


def first_page(pdf: Path, dots_per_inch: int) -> None:
    argv = ["pdftoppm", "-png", "-r", str(dots_per_inch), "-singlefile", str(pdf)]
    subprocess.run([*argv, str(pdf.with_suffix(""))], check=True)


def row(files: list[Path], out: Path, height: int = 900, gap: int = 24) -> None:
    """Pictures side by side, all scaled to one height."""
    pictures = [Image.open(file).convert("RGB") for file in files]
    widths = [round(height * picture.width / picture.height) for picture in pictures]
    whole = Image.new("RGB", (sum(widths) + gap * (len(widths) + 1), height + 2 * gap), GROUND)
    left = gap
    for picture, width in zip(pictures, widths, strict=True):
        whole.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (left, gap))
        left += width + gap
    save(whole, out)


def save(picture: Image.Image, out: Path, colours: int = 256) -> None:
    """Large areas keep their very colours, the rest shares what is left: the repository stays
    small."""
    counted: Any = picture.getcolors(2**24)
    often = [colour for _, colour in sorted(counted, reverse=True)[: colours // 2]]
    shared = picture.quantize(colours - len(often)).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*chain.from_iterable(often), *shared][: 3 * colours])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(out, optimize=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        dock(*map(Path, sys.argv[1:]))
    else:
        main()
