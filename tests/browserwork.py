"""Debian's Chromium, for tests of pages that people see in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """`more`: arguments for it. Skips the test where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium")
    expect.set_options(timeout=60_000)  # a busy machine draws a page in seconds
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
        yield made
        made.close()


@contextmanager
def chinese(browser: Browser) -> Iterator[Page]:
    """A page for somebody Chinese; at its end no request may have left this machine."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("websocket", lambda socket: asked.append(socket.url))
    yield opened
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
