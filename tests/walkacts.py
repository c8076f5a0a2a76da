"""What people do in the console, in English: commands and rollouts, from the first click on."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from walkwork import Town


def give(page: Page, town: Town, operation: str, query: str = "", **more: str) -> None:
    """From its tile to the order's page; `more`: labels and what is entered there."""
    page.goto(f"{town.url}/commands/new?{query}")
    page.get_by_role("button", name=re.compile(f"^{operation}")).click()
    for label, value in more.items():
        page.get_by_label(re.compile(label.replace("_", " "), re.IGNORECASE)).fill(value)
    check = page.locator("section[aria-label='3. Check and give it']")
    expect(check).to_contain_text("It hits")
    check.get_by_role("button", name=re.compile(operation)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(operation)


def sent(page: Page, name: str) -> Locator:
    return page.locator("section[aria-label=Terminals] tbody tr", has_text=name)


def sure(page: Page, act: str) -> None:
    """An act that is asked for twice."""
    page.get_by_role("button", name=act, exact=True).click()
    page.get_by_role("button", name=f"Yes: {act}").click()


def propose(page: Page, town: Town, version: str, canary: str) -> None:
    page.goto(f"{town.url}/rollouts/new")
    page.get_by_role("button", name=f"Software {version}").click()
    page.get_by_label("Ids of the canary").fill(canary)
    check = page.locator("section[aria-label='4. Check and propose it']")
    expect(check.locator("li", has_text="Canary")).to_contain_text("1 terminal")
    check.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Software {version}")
