"""The portal as it is, with its mail kept in memory."""

from __future__ import annotations

from portal.settings.test import *  # noqa: F403

LOGGING = {"version": 1, "disable_existing_loggers": True}
