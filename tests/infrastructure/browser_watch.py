"""Notes what a browser complains about while a test drives it."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Schemes that stay inside the browser.
LOCAL_SCHEMES = ("data:", "blob:", "about:", "chrome:")


class BrowserWatch:
    """Complaints of one test: script errors, blocked content, server errors, outside requests."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.complaints: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        # Pages that a test opened on purpose although they answer 403, 404, 409 and the like.
        self._refused_pages: set[str] = set()

    def expect(self, pattern: str) -> None:
        """Allow complaints that match a regular expression, from now on and for this test."""
        self._expected.append(re.compile(pattern))
        self.complaints = [text for text in self.complaints if not re.search(pattern, text)]

    def attach(self, context: BrowserContext) -> None:
        """Watch every page of a browser session."""
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", self._on_web_error)

    def _note(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._expected):
            self.complaints.append(text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, *LOCAL_SCHEMES)):
            self._note(f"Request to another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"Answer {response.status}: {response.request.method} {response.url}")
        elif response.status >= 400 and response.request.is_navigation_request():
            self._refused_pages.add(response.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        place = message.location.get("url", "")
        # The browser also reports the status of the page itself; the test looks at that page.
        if message.text.startswith("Failed to load resource") and place in self._refused_pages:
            return
        self._note(f"Console error: {message.text} ({place})")

    def _on_web_error(self, error: WebError) -> None:
        self._note(f"Script error: {error.error}")
