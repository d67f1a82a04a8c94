"""The portal as it is, with Wagtail's own forms beside it for comparison."""

from __future__ import annotations

from tests.benchmarks.publish_settings import *  # noqa: F403
from tests.benchmarks.publish_settings import INSTALLED_APPS as PORTAL_APPS

INSTALLED_APPS = [*PORTAL_APPS, "wagtail.contrib.forms", "tests.benchmarks.stock_forms"]
