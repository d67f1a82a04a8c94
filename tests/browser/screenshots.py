"""Draw the pictures in docs/screenshots from the demo: ``make screenshots``.

``python -m tests.browser.screenshots [NAME...]``; without names, all of them. With ``--all-pages``
every public page type is drawn as well, into build/screenshots, to look at and not to keep.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.infrastructure import chromium
from tests.infrastructure.demo_site import DemoSite, demo_site
from tests.infrastructure.prepared_demo import ROOT

DOCUMENTATION = ROOT / "docs" / "screenshots"
OTHERS = ROOT / "build" / "screenshots"
ARCHIVIST = "100010"


def first_record(page: Page) -> None:
    """Open the newest record that has its archive code."""
    page.goto("/archives/?kind=activity&state=accepted")
    page.locator("main a[href^='/archives/records/']").first.click()
    page.wait_for_load_state("networkidle")


@dataclass(frozen=True)
class Shot:
    """One picture: where, how wide, signed in as whom, in which mode."""

    name: str
    address: str | Callable[[Page], None]
    width: int = 1280
    employee_number: str = ""
    whole_page: bool = False


KEPT = (
    Shot("home", "/", whole_page=True),
    Shot("phone", "/", width=360),
    Shot("record", first_record, employee_number=ARCHIVIST, whole_page=True),
    Shot("search", "/search/?q=党建"),
    Shot("pool", "/archives/pool/", employee_number=ARCHIVIST),
    Shot("office", "/archives/office/", employee_number=ARCHIVIST),
)
LOOKED_AT = tuple(
    Shot(f"{name}-{width}", address, width=width, whole_page=True)
    for width in (1280, 360)
    for name, address in (
        ("news", "/news/"),
        ("notices", "/notices/"),
        ("compilation", "/compilations/2026-11-18-safety-at-the-post/"),
        ("branches", "/branches/"),
        ("honors", "/honors/"),
        ("union", "/union/"),
        ("veterans", "/veterans/"),
        ("sign-in", "/account/login/"),
        ("not-found", "/nothing-here/"),
    )
)


def draw(browser: Browser, site: DemoSite, shot: Shot, folder: Path) -> None:
    """Take one picture."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": shot.width, "height": chromium.VIEWPORTS[shot.width]},
        device_scale_factor=2 if shot.width < 600 else 1,
        **chromium.VISITOR,
    )
    page = context.new_page()
    if shot.employee_number:
        chromium.sign_in(page, shot.employee_number)
    if callable(shot.address):
        shot.address(page)
    else:
        page.goto(shot.address)
    page.wait_for_load_state("networkidle")
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path, full_page=shot.whole_page)
    print(path.relative_to(ROOT), flush=True)
    context.close()


def main(arguments: list[str]) -> int:
    """Start a demo portal, let its records get their files, draw."""
    shots = [(shot, DOCUMENTATION) for shot in KEPT]
    if "--all-pages" in arguments:
        shots += [(shot, OTHERS) for shot in LOOKED_AT]
    names = [name for name in arguments if not name.startswith("--")]
    if names:
        every = {shot.name: (shot, folder) for shot, folder in shots}
        unknown = [name for name in names if name not in every]
        if unknown:
            print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(every)}")
            return 2
        shots = [every[name] for name in names]
    for _, folder in shots:
        folder.mkdir(parents=True, exist_ok=True)
    with demo_site(worker=False) as site, sync_playwright() as playwright:
        site.manage("archive_worker", "--once")
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=chromium.ARGUMENTS
        )
        for shot, folder in shots:
            draw(browser, site, shot, folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
