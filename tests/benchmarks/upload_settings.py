"""The demo's settings with a view that takes private files."""

from __future__ import annotations

from tests.infrastructure.demo_settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.upload_urls"
