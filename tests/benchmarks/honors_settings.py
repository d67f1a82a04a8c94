"""The portal as it is, with private files that all processes of a measurement share."""

from __future__ import annotations

from portal.settings.base import DATA_DIR
from tests.benchmarks.publish_settings import *  # noqa: F403

PRIVATE_FILES_ROOT = DATA_DIR / "private"
