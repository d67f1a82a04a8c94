"""Settings of the portal that browser tests, screenshots and benchmarks look at.

As in production in what a visitor sees (no debug pages, compressed pages from the same server), as
in development in what it needs (nothing). DATA_DIR and DATABASE_URL come from the environment.
"""

from __future__ import annotations

from portal.settings.development import *  # noqa: F403

DEBUG = False
DEMO = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
# Hashing passwords well takes a tenth of a second each, and the demo has many people.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Everything comes from one address here, as quick as the tests can type.
ACCOUNT_RATE_LIMITS = {}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
ROOT_URLCONF = "tests.infrastructure.demo_urls"
