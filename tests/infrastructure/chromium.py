"""How Chromium is started on a closed network, often as root."""

from __future__ import annotations

import os
from typing import Any

from playwright.sync_api import Page

ARGUMENTS = [
    "--no-sandbox",  # the tests run as root on build machines
    "--disable-gpu",
    "--disable-dev-shm-usage",
    # A closed network: the browser's own services would only fail, many at a time.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A visitor in China.
VISITOR: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
# Widths in CSS pixels of a desk and of a phone, with the heights that go with them.
VIEWPORTS = {1280: 900, 360: 740}


def program() -> str:
    """Return the Chromium of the system, or the one that CHROMIUM names."""
    return os.environ.get("CHROMIUM", "/usr/bin/chromium")


def sign_in(page: Page, employee_number: str, password: str | None = None) -> None:
    """Sign in through the form, as a person does; the password is the demo's unless given."""
    from portal.demo.texts import DEMO_PASSWORD

    page.goto("/account/login/")
    page.fill("input[name=login]", employee_number)
    page.fill("input[name=password]", password or DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/account/login/" not in address)
