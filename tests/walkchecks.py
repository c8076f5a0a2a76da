"""What every page of the console has to be, however it is looked at; and a picture of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from walkwork import PASSWORD

LOST = "/nowhere"
WIDE, NARROW = (1920, 1080), (1280, 800)
SAYS = re.compile(r"(\S\s*){10,}")  # a main part that is not empty

# Text that its own box cuts off; an ellipsis is meant, and a title or a wide table scrolls.
CLIPPED = """() => [...document.querySelectorAll('body *')].filter(one => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const own = [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  const cut = ['hidden', 'clip'];
  return own && box.width > 4 && style.visibility !== 'hidden' && !one.closest('svg, [hidden]') &&
    !one.closest('.q-icon, .k-icon, .material-icons, .sr-only') &&
    style.textOverflow !== 'ellipsis' && style.clipPath === 'none' && style.clip === 'auto' &&
    ((cut.includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1) ||
     (cut.includes(style.overflowY) && one.scrollHeight > one.clientHeight + 2));
}).map(one => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`)"""

# How far the page can be moved sideways; and who sticks out.
SIDEWAYS = """() => {
  const over = document.documentElement.scrollWidth - window.innerWidth;
  return over <= 0 ? [] : [`by ${over}`, ...[...document.querySelectorAll('main *')].filter(
    one => one.getBoundingClientRect().right > window.innerWidth + 1 &&
      !one.closest('.k-wide, .k-scroll, .q-table__middle')
  ).slice(0, 5).map(one => `${one.tagName}.${one.className}`)];
}"""

# Tables that can only be read by moving them sideways.
WIDER = """() => [...document.querySelectorAll('.k-wide')].filter(
  one => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !one.closest('details')
).map(one => `by ${one.scrollWidth - one.clientWidth}: ${one.textContent.trim().slice(0, 60)}`)"""

# The first thing in the main part that can be acted on; and whether the keyboard is on it.
FIRST = """() => {
  const able = 'a[href], button:not([disabled]), input, select, textarea, summary, [tabindex="0"]';
  const seen = one => one.getClientRects().length && one.type !== 'hidden';
  const first = [...document.querySelector('.k-page').querySelectorAll(able)].find(seen);
  return first ? (first === document.activeElement ? 'on it' : 'not on it') : 'nothing';
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    tongue: str = "zh-CN"
    theme: str = "light"
    size: tuple[int, int] = NARROW

    @property
    def name(self) -> str:
        return f"{self.tongue[:2]}-{self.theme}-{self.size[0]}"


LOOKS = tuple(
    Look(*each) for each in product(("zh-CN", "en-US"), ("light", "dark"), (NARROW, WIDE))
)


@contextmanager
def looking(browser: Browser, url: str, look: Look, name: str = "") -> Iterator[Page]:
    """A browser's window, signed in as `name`; at its end it has complained of nothing."""
    width, height = look.size
    context = browser.new_context(
        locale=look.tongue, viewport={"width": width, "height": height}, accept_downloads=True
    )
    context.add_cookies([
        {"name": "console_language", "value": look.tongue, "url": url},
        {"name": "console_theme", "value": look.theme, "url": url},
    ])  # fmt: skip
    page, wrong = context.new_page(), list[str]()

    def said(message: ConsoleMessage) -> None:
        lost = "404" in message.text and page.url.endswith(LOST)  # that is what it is there for
        if message.type == "error" and not lost:
            wrong.append(f"{page.url}: {message.text}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    if name:
        sign_in(page, url, name)
    yield page
    context.close()
    assert not wrong, "\n".join(wrong)


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".k-user summary")).to_have_text(name)


def check(page: Page, look: Look, out: Path, name: str) -> list[str]:
    """What is wrong with the page that is open, a line each; its picture is `out/<name>.png`."""
    main = page.locator(".k-page")
    expect(main).to_have_text(SAYS)
    page.wait_for_load_state("load")
    said = [f"{n} main landmarks" for n in (page.locator("main").count(),) if n != 1]
    said += [f"clipped: {one}" for one in page.evaluate(CLIPPED)]
    said += [f"sideways: {one}" for one in page.evaluate(SIDEWAYS)]
    said += [f"wider than its panel: {one}" for one in page.evaluate(WIDER)]
    dark = "dark" in (page.locator("body").get_attribute("class") or "")
    said += ["not in its colours"] * (dark != (look.theme == "dark"))
    page.screenshot(path=out / f"{name}-{look.name}.png")
    said += [f"keyboard: {one}" for one in _by_keyboard(page)]
    return [f"{name} {look.name} {one}" for one in said]


def _by_keyboard(page: Page) -> Iterator[str]:
    """Skip the header, then Tab."""
    if page.evaluate(FIRST) in ("nothing", "on it"):
        return
    page.locator("body").evaluate("() => document.activeElement && document.activeElement.blur()")
    for _ in range(3):
        page.keyboard.press("Tab")
        skip = page.evaluate("() => (document.activeElement.className || '').includes('skip')")
        if skip:
            break
    else:
        yield "no way past the header"
        return
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate(FIRST) == "on it":
            return
    yield f"stands on {page.evaluate('() => document.activeElement.outerHTML.slice(0, 120)')}"
