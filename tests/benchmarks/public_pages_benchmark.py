"""What an anonymous visitor costs and carries."""

from __future__ import annotations

import gzip
import statistics
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.benchmarks.load import requests_per_second
from tests.benchmarks.registry import Measurement, benchmark
from tests.infrastructure.demo_site import demo_site

ROUNDS = 3
LISTINGS = ["/", "/news/", "/notices/"]


class Assets(HTMLParser):
    """Collects the addresses of style sheets and scripts of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note link and script elements."""
        values = dict(attributes)
        if tag == "link" and "stylesheet" in (values.get("rel") or ""):
            self.found.append(values.get("href") or "")
        elif tag == "script" and values.get("src"):
            self.found.append(values["src"] or "")


def fetch(address: str) -> bytes:
    """Return the body of an address of this machine."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return bytes(answer.read())


def weight(address: str) -> tuple[int, int]:
    """Return the bytes of CSS and JavaScript that a page loads: as they are and compressed."""
    assets = Assets()
    assets.feed(fetch(address).decode())
    plain = compressed = 0
    for link in dict.fromkeys(assets.found):
        if urlsplit(link).scheme not in ("", "http"):
            continue
        body = fetch(urljoin(address, link))
        plain += len(body)
        compressed += len(gzip.compress(body))
    return plain, compressed


@benchmark("public_pages")
def public_pages() -> Iterator[Measurement]:
    """Cached anonymous pages of the demo against a plain view, in the same server and run."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.public_pages_settings"}
    with demo_site(worker=False, threads=4, environment=settings) as site:
        constant = f"{site.address}/benchmark-constant/"
        for address in [constant, *(site.address + path for path in LISTINGS)]:
            requests_per_second(address, seconds=1)  # warm
        for path in LISTINGS:
            plain, cached = [], []
            # In turns, so that a slow moment of the machine meets both.
            for _ in range(ROUNDS):
                plain.append(requests_per_second(constant))
                cached.append(requests_per_second(site.address + path))
            ratio = statistics.median(cached) / statistics.median(plain)
            yield Measurement(f"plain view beside {path}", statistics.median(plain), "requests/s")
            yield Measurement(f"cached {path}", statistics.median(cached), "requests/s")
            yield Measurement(f"cached {path} to plain view", ratio, "ratio", at_least=0.5)
        plain_bytes, compressed_bytes = weight(f"{site.address}/")
        yield Measurement("CSS and JavaScript", plain_bytes / 1000, "KB", at_most=100)
        yield Measurement("CSS and JavaScript, compressed", compressed_bytes / 1000, "KB")
