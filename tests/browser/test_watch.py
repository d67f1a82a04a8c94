"""What `browser_watch` and `accessibility` must notice, shown on small pages of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.infrastructure.browser_watch import BrowserWatch

PAGES = {
    "/quiet": "<h1>安静</h1>",
    "/script-error": "<script>nothing.at.all()</script>",
    "/missing-part": '<link rel="stylesheet" href="/gone">',
    "/outside": '<img alt="" src="http://portal.example/picture.png">',
    "/blocked": '<p style="color: red">红</p>',
    "/gone": "gone",
    "/broken": "broken",
    "/no-language": "<img src='/quiet'>",
}
STATUS = {"/gone": 404, "/broken": 500}


class Answers(BaseHTTPRequestHandler):
    """Serves PAGES under a policy as strict as the portal's."""

    def do_GET(self) -> None:
        """Answer one request."""
        self.send_response(STATUS.get(self.path, 200))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path == "/blocked":
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path, "").encode())

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def visit(browser: Browser, address: str, path: str) -> BrowserWatch:
    watch = BrowserWatch(address)
    context = browser.new_context()
    watch.attach(context)
    page = context.new_page()
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    context.close()
    return watch


@pytest.mark.parametrize("path", ["/quiet", "/gone"])
def test_a_page_that_works_or_is_refused_in_order_is_fine(
    browser: Browser, address: str, path: str
) -> None:
    assert not visit(browser, address, path).complaints


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/script-error", "Script error"),
        ("/missing-part", "404"),
        ("/outside", "Request to another host"),
        ("/blocked", "Content Security Policy"),
        ("/broken", "Answer 500"),
    ],
)
def test_complaints_are_collected(
    browser: Browser, address: str, path: str, complaint: str
) -> None:
    assert complaint in "\n".join(visit(browser, address, path).complaints)


def test_an_expected_complaint_is_forgiven(browser: Browser, address: str) -> None:
    watch = visit(browser, address, "/script-error")
    watch.expect("Script error")
    assert not watch.complaints


def test_accessibility_faults_fail_with_a_report(
    browser: Browser, address: str, accessibility: Callable[..., None]
) -> None:
    page: Page = browser.new_page()
    page.goto(f"{address}/no-language")
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        accessibility(page)
    page.close()
