"""Settings for the test suite: quick password hashing, no demo logins, a memory cache."""

from __future__ import annotations

import tempfile
from pathlib import Path

from portal.settings.base import DATABASES
from portal.settings.development import *  # noqa: F403

DEBUG = False
DEMO = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Removed when the test run ends.
TEMPORARY_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = TEMPORARY_DIR / "media"
ARCHIVE_ROOT = TEMPORARY_DIR / "archive"
PRIVATE_FILES_ROOT = TEMPORARY_DIR / "private"
CONVERSION_ROOT = TEMPORARY_DIR / "conversion"
LEGACY_ROOT = TEMPORARY_DIR / "legacy"
DELIVERIES_ROOT = TEMPORARY_DIR / "deliveries"
LEDGER_HEAD_DIR = TEMPORARY_DIR / "heads"
# A key for tests, known to everybody.
LEDGER_KEY = "dGVzdC1sZWRnZXIta2V5LW9mLTMyLWJ5dGVzLS0tLS0="
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file as in production: a database in memory locks tables instead of the whole, and answers
    # a second thread with an error at once instead of letting it wait.
    DATABASES["default"]["TEST"] = {"NAME": str(TEMPORARY_DIR / "test.sqlite3")}
