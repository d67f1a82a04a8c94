"""Settings for production: every secret comes from the environment, everything strict."""

from __future__ import annotations

from portal.settings import environment
from portal.settings.base import *  # noqa: F403
from portal.settings.base import STORAGES

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = environment.text("FIELD_ENCRYPTION_KEYS").split(",")
BLIND_INDEX_KEY = environment.text("BLIND_INDEX_KEY")
RECEIPT_PEPPER = environment.text("RECEIPT_PEPPER")
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS")
WAGTAILADMIN_BASE_URL = environment.text("BASE_URL")
CSRF_TRUSTED_ORIGINS = [WAGTAILADMIN_BASE_URL]
REQUIRE_MULTI_FACTOR = environment.boolean("REQUIRE_MULTI_FACTOR", default=True)

SECURE_SSL_REDIRECT = environment.boolean("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
if environment.boolean("TRUST_PROXY_HEADERS", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise all visitors would share one address, and one limit on failed sign-ins.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
_EMAIL = environment.email("EMAIL_URL")
vars().update(_EMAIL)
