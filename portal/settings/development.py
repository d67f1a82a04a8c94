"""Settings for a developer's machine and for `make run`: SQLite and fixed keys, no secrets."""

from __future__ import annotations

from portal.settings import environment
from portal.settings.base import *  # noqa: F403
from portal.settings.base import STATIC_ROOT, WAGTAILADMIN_BASE_URL

DEBUG = True
SECRET_KEY = environment.text(
    "SECRET_KEY", default="development-only-key-that-must-never-serve-real-people-0123456789"
)
FIELD_ENCRYPTION_KEYS = environment.names(
    "FIELD_ENCRYPTION_KEYS", default=["ZGV2ZWxvcG1lbnQtZW5jcnlwdGlvbi1rZXktMzJieXQ="]
)
BLIND_INDEX_KEY = environment.text(
    "BLIND_INDEX_KEY", default="ZGV2ZWxvcG1lbnQtYmxpbmQtaW5kZXgta2V5LTMyYnk="
)
RECEIPT_PEPPER = environment.text(
    "RECEIPT_PEPPER", default="ZGV2ZWxvcG1lbnQtcmVjZWlwdC1wZXBwZXItMzJieXQ="
)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
DEMO = environment.boolean("DEMO", default=True)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Static files come straight from their sources here; the folder only has to be there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
