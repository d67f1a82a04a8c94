"""Fixtures of the browser tests.

``site``
    the portal under test: demo data, web server and worker in processes of their own, started once.
    Tests run one after the other and may write; they must not count on each other's writes.
``page``, ``page_at(width)``
    a fresh browser session, 1280 pixels wide, or as wide as asked for (``page_at(360)``);
    ``page_at(360, javascript=False)`` is a visitor without JavaScript.
``signed_in(employee_number, width)``
    such a session, signed in to a demo account through the form.
``browser_watch``
    fails the test when the browser complained: script errors, blocked content, answers of 500,
    requests that left this machine. ``browser_watch.expect("part of the message")`` allows one.
``live_portal``
    the portal in the process of the test, on the database under test, with files of its own. A test
    that moves the clock, or whose outcome depends on the database, takes it instead of ``site``.
``opened(width, user=..., javascript=...)``
    a fresh browser session on ``live_portal``, signed in if an account is given.
``live_watch``
    what ``browser_watch`` is, for ``opened``.
``accessibility``
    ``accessibility(page)`` fails with a report when axe-core finds anything.

Everything here carries the marker ``browser`` by itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.people.models import User
from tests.infrastructure import chromium
from tests.infrastructure.browser_watch import BrowserWatch
from tests.infrastructure.demo_site import DemoSite, demo_site

HERE = Path(__file__).parent
# Build machines have two cores and run the worker beside the browser.
PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)


# First, because the workers read the groups while they collect, and this file is found late.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that no test of it starts a browser unasked.

    Tests of ``site`` follow one another in one process, tests of ``live_portal`` in another: each
    process has one browser and one portal.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A test with a database of its own is told apart from those of the demo.
            is_live = item.get_closest_marker("django_db") is not None
            item.add_marker(pytest.mark.xdist_group("live" if is_live else "site"))
            if is_live:
                # The browser's event loop runs in the thread of the tests, which Django would
                # take for a mistake as soon as the database is made.
                os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def site() -> Iterator[DemoSite]:
    """Run one portal for all browser tests."""
    with demo_site() as running:
        yield running


@pytest.fixture(scope="session")
def base_url(site: DemoSite) -> str:
    """Let ``page.goto("/")`` mean the portal under test."""
    return site.address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the Chromium of the system; nothing is downloaded."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium.program(),
        "args": chromium.ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Be a visitor in China at a desk."""
    return {
        **browser_context_args,
        **chromium.VISITOR,
        "viewport": {"width": 1280, "height": chromium.VIEWPORTS[1280]},
    }


@pytest.fixture
def browser_watch(site: DemoSite) -> Iterator[BrowserWatch]:
    """Collect what the browser complains about and fail the test with it."""
    watch = BrowserWatch(site.address)
    yield watch
    if watch.complaints:
        pytest.fail("\n".join([*watch.complaints, site.log()]), pytrace=False)


@pytest.fixture
def new_context(
    browser: Browser, browser_context_args: dict[str, Any], browser_watch: BrowserWatch
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a watched browser session; options win over the defaults."""
    opened: list[BrowserContext] = []

    def watched(**options: Any) -> BrowserContext:
        context = browser.new_context(**{**browser_context_args, **options})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        browser_watch.attach(context)
        opened.append(context)
        return context

    yield watched
    for context in opened:
        context.close()


@pytest.fixture
def page_at(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a function that opens a fresh session at a width in CSS pixels."""

    def open_page(width: int, *, javascript: bool = True, **options: Any) -> Page:
        viewport = {"width": width, "height": chromium.VIEWPORTS.get(width, 900)}
        return new_context(viewport=viewport, java_script_enabled=javascript, **options).new_page()

    return open_page


@pytest.fixture
def signed_in(page_at: Callable[..., Page]) -> Callable[..., Page]:
    """Return a function that opens a session of a demo account: ``signed_in("100010")``."""

    def open_page(employee_number: str, width: int = 1280, **options: Any) -> Page:
        page = page_at(width, **options)
        chromium.sign_in(page, employee_number)
        return page

    return open_page


@pytest.fixture
def live_portal(live_server: Any, settings: Any, tmp_path: Path) -> str:
    """Run the portal in this process, with files of its own; return its address."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    return str(live_server.url)


@pytest.fixture
def live_watch(live_portal: str) -> Iterator[BrowserWatch]:
    """Collect what the browser complains about and fail the test with it."""
    watch = BrowserWatch(live_portal)
    yield watch
    assert watch.complaints == []


@pytest.fixture
def opened(
    browser: Browser, live_portal: str, live_watch: BrowserWatch
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a watched session on ``live_portal``."""
    contexts: list[BrowserContext] = []

    def open_page(
        width: int = 1280,
        *,
        height: int | None = None,
        user: User | None = None,
        javascript: bool = True,
        cookies: Mapping[str, str] | None = None,
    ) -> Page:
        context = browser.new_context(
            **chromium.VISITOR,
            base_url=live_portal,
            viewport={"width": width, "height": height or chromium.VIEWPORTS[width]},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        live_watch.attach(context)
        contexts.append(context)
        # The form itself has tests of its own.
        brought = {**(cookies or {}), **(session_cookie(user) if user else {})}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_portal} for name, value in brought.items()]
        )
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def session_cookie(user: User) -> dict[str, str]:
    """Sign an account in and return what its browser would then send."""
    client = Client()
    client.force_login(user)
    name = portal_settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


@pytest.fixture(scope="session")
def accessibility() -> Callable[..., None]:
    """Return a check that fails with axe-core's report when it finds anything on the page."""
    axe = Axe()

    def check(page: Page, *, without: tuple[str, ...] = (), inside: str | None = None) -> None:
        """Run all rules of axe-core.

        Args:
            page: a page without running animations.
            without: names of rules to leave out; say why beside the call.
            inside: selector of the part to look at, by default the whole page.
        """
        rules = {name: {"enabled": False} for name in without}
        results = axe.run(page, inside, {"resultTypes": ["violations"], "rules": rules})
        if results.violations_count:
            pytest.fail(f"{page.url}\n{results.generate_report()}", pytrace=False)

    return check
