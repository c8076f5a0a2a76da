"""Makes the pictures of README and docs from the running program: `make pictures`.

Plays one visit in each orientation, looks at the fleet's console in Chromium, and puts the pages
side by side. Nothing is drawn by hand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
OUT = HERE / "pictures"
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests"))

GROUND = "#d7dee8"
PAGES = ("attract", "services", "guide", "card", "consent", "face",
         "question", "check", "submitting", "papers", "rating", "thanks")  # fmt: skip
CHROMIUM = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def main() -> None:
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        upright, wide = folder / "upright", folder / "wide"
        demo("--out", str(upright))
        demo("--out", str(wide), "--landscape", "--language", "en")
        sheet(pages(upright), OUT / "visit.png", across=6, width=260)
        sheet(pages(wide), OUT / "visit-landscape.png", across=4, width=400)
        papers(upright, OUT / "papers.png")
        console(folder / "household", OUT / "console.png")


def demo(*options: str) -> None:
    subprocess.run([sys.executable, "-m", "kiosk", "demo", *options], cwd=ROOT, check=True)


def pages(folder: Path) -> list[Path]:
    found = {path.stem.split("-", 1)[1]: path for path in (folder / "screens").glob("*.png")}
    return [found[name] for name in PAGES if name in found]


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
    stem = folder / "certificate"
    pdf = [str(folder / "certificate.pdf"), str(stem)]
    subprocess.run(["pdftoppm", "-png", "-r", "80", "-singlefile", *pdf], check=True)
    certificate = Image.open(f"{stem}.png").convert("RGB")
    slip = Image.open(folder / "receipt.png").convert("RGBA")
    receipt = Image.new("RGBA", slip.size, GROUND)
    receipt.alpha_composite(slip)
    scale = certificate.height / receipt.height
    receipt = receipt.resize((round(receipt.width * scale), certificate.height))
    whole = Image.new("RGB", (receipt.width + certificate.width + 60, receipt.height + 40), GROUND)
    whole.paste(receipt.convert("RGB"), (20, 20))
    whole.paste(certificate, (receipt.width + 40, 20))
    save(whole, out)


def console(folder: Path, out: Path) -> None:
    """The fleet's page after three visits, with a printer that has run out of paper."""
    import realhousehold
    from kiosk.play import ITEMS

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
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(home.ports.console)
            page.wait_for_timeout(15_000)
            page.screenshot(path=str(out))
            browser.close()


def save(picture: Image.Image, out: Path) -> None:
    """256 colours are enough for flat pages, and keep the repository small."""
    picture.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)


if __name__ == "__main__":
    main()
