"""The demo's settings with a plain view beside the portal's pages."""

from __future__ import annotations

from tests.infrastructure.demo_settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.public_pages_urls"
