"""Settings shared by development, test and production."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.settings import environment
from portal.settings.environment import BASE_DIR

DATA_DIR = environment.path("DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)

INSTALLED_APPS = [
    "portal.people",
    "portal.organizations",
    "portal.roles",
    "portal.personal_data",
    "portal.files",
    "portal.pages",
    "portal.publishing",
    "portal.archives",
    "portal.workdays",
    "portal.public_notices",
    "portal.compilations",
    "portal.notifications",
    "portal.cases",
    "portal.search",
    "portal.workspace",
    "portal.agenda",
    "portal.demo",
    "branches",
    "honors",
    "union",
    "veterans",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "wagtail.search",
    "taggit",
    "django_tasks",
    "import_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.anonymous_requests.AnonymousRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.pages.language.ChosenLanguageMiddleware",
    "portal.pages.page_cache.AnonymousPageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.people.shared_computers.PrivateAnswersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.people.shared_computers.IdleSessionMiddleware",
    "portal.people.middleware.SessionActivityMiddleware",
    "portal.people.middleware.TypedTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.people.middleware.TemporaryPasswordMiddleware",
    "portal.roles.middleware.RoleMiddleware",
    "portal.people.middleware.MultiFactorMiddleware",
    "portal.publishing.middleware.PublishingMiddleware",
    "portal.workspace.waiting.FreshCountMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context_processors.site",
                "portal.pages.context_processors.display_mode",
                "portal.workspace.context_processors.my_work",
                "portal.cases.context_processors.case_navigation",
                "portal.demo.context_processors.demo_logins",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database_settings(url_default: str) -> dict[str, Any]:
    """Return the database mapping with the portal's engines, which capture before commit."""
    settings = environment.database("DATABASE_URL", url_default)
    vendor = "sqlite3" if "sqlite" in settings["ENGINE"] else "postgresql"
    settings["ENGINE"] = f"portal.publishing.database.{vendor}"
    options = settings.setdefault("OPTIONS", {})
    if vendor == "sqlite3":
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 20)
        options.setdefault(
            "init_command",
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;"
            # What is deleted is overwritten, such as an opinion that waited for its release.
            "PRAGMA secure_delete=ON;",
        )
    else:
        settings.setdefault("CONN_MAX_AGE", 60)
        settings.setdefault("CONN_HEALTH_CHECKS", True)
    return settings


DATABASES = {"default": database_settings(f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache("CACHE_URL")}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["portal.people.authentication.EmployeeBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_MINUTES = environment.whole_number("SESSION_IDLE_MINUTES", default=30, at_least=0)
WEB_PROCESSES = environment.whole_number("WEB_CONCURRENCY", default=1)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"

ACCOUNT_ADAPTER = "portal.people.authentication.AccountAdapter"
ACCOUNT_FORMS = {"login": "portal.people.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # The key is account and network address together (OWASP ASVS 6.3.1: five, then 15 minutes).
    "login_failed": "30/m/ip,5/15m/key",
    "typed_text": "30/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "portal.people.authentication.MultiFactorAdapter"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds, for clocks that are a little off
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = environment.text("SITE_NAME", default="沁岚能源党群之家")
USERSESSIONS_TRACK_ACTIVITY = True
REQUIRE_MULTI_FACTOR = environment.boolean("REQUIRE_MULTI_FACTOR", default=False)

FIELD_ENCRYPTION_KEYS: list[str] = environment.names("FIELD_ENCRYPTION_KEYS")
BLIND_INDEX_KEY: str = environment.text("BLIND_INDEX_KEY", default="")
# Keys the receipts of anonymous opinions; not in the database, and no other key opens them.
RECEIPT_PEPPER: str = environment.text("RECEIPT_PEPPER", default="")
# When opinions without a name reach the office, and how many may come; see docs/union-opinions.md.
OPINION_RELEASE_HOURS = environment.names("OPINION_RELEASE_HOURS", default=["9", "15"])
OPINION_RELEASE_AT = environment.whole_number("OPINION_RELEASE_AT", default=3)
OPINION_PER_COMPUTER = environment.whole_number("OPINION_PER_COMPUTER", default=5)
OPINION_PER_HOUR = environment.whole_number("OPINION_PER_HOUR", default=60)
OPINION_PUZZLE_BITS = 16
OPINION_RECEIPT_DAYS = environment.whole_number("OPINION_RECEIPT_DAYS", default=365)
ANONYMOUS_PATHS_UNLOGGED = environment.boolean("ANONYMOUS_PATHS_UNLOGGED", default=False)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal/locale/project", BASE_DIR / "portal/locale/upstream"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "portal/static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
ARCHIVE_ROOT = DATA_DIR / "archive"
# A second store on another disk; None without one.
ARCHIVE_MIRROR_ROOT = environment.folder("ARCHIVE_MIRROR_ROOT")
FIXITY_DAYS = environment.whole_number("FIXITY_DAYS", default=90)
LONG_TERM_CHECK_DAYS = environment.whole_number("LONG_TERM_CHECK_DAYS", default=365)
TRANSFER_CHECK_DAYS = environment.whole_number("TRANSFER_CHECK_DAYS", default=30)
CLAMD_ADDRESS = environment.text("CLAMD_ADDRESS", default="")
# What applicants hand in: outside of MEDIA_ROOT, sealed, served by a view that asks first.
PRIVATE_FILES_ROOT = environment.path("PRIVATE_FILES_ROOT", DATA_DIR / "private")
FILE_SCANNER = environment.text("FILE_SCANNER", default=CLAMD_ADDRESS)
FILE_LARGEST_BYTES = environment.whole_number("FILE_LARGEST_MEGABYTES", default=20) * 1024 * 1024
FILE_LARGEST_PIXELS = environment.whole_number("FILE_LARGEST_MEGAPIXELS", default=50) * 1_000_000
FILE_MOST_PER_OWNER = environment.whole_number("FILE_MOST_PER_OWNER", default=40)
FILE_UNCLAIMED_HOURS = environment.whole_number("FILE_UNCLAIMED_HOURS", default=24)
# Days within which an approved export of personal data is fetched.
DATA_EXPORT_DAYS = environment.whole_number("DATA_EXPORT_DAYS", default=7)
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.files.upload_handlers.PatientUploadHandler",
]
# Tracking without an account: failures after which nothing opens any more, for a code until the
# lock ends and for an address within an hour; and those of everybody within an hour after which
# each attempt waits some seconds.
TRACKING_FAILURES_PER_CODE = environment.whole_number("TRACKING_FAILURES_PER_CODE", default=5)
TRACKING_LOCK_SECONDS = environment.whole_number("TRACKING_LOCK_SECONDS", default=1800)
TRACKING_FAILURES_PER_ADDRESS = environment.whole_number(
    "TRACKING_FAILURES_PER_ADDRESS", default=20
)
TRACKING_FAILURES_IN_ALL = environment.whole_number("TRACKING_FAILURES_IN_ALL", default=500)
TRACKING_DELAY_SECONDS = environment.whole_number("TRACKING_DELAY_SECONDS", default=2)
# Whom applicants call, and when somebody answers; on every page of a case.
SERVICE_PHONE = environment.text("SERVICE_PHONE", default="")
SERVICE_HOURS = environment.text("SERVICE_HOURS", default="")
# Begins the number of every certificate of honor.
HONOR_CERTIFICATE_PREFIX = environment.text("HONOR_CERTIFICATE_PREFIX", default="QLRY")
# Office attachments are turned into PDF/A here; every run has a folder and leaves none.
CONVERSION_ROOT = DATA_DIR / "conversion"
ATTACHMENT_CONVERSION_SECONDS = 180
# Uploaded catalogues and scans wait here until their records have their files.
LEGACY_ROOT = DATA_DIR / "legacy"
# So do the files that other systems deliver.
DELIVERIES_ROOT = DATA_DIR / "deliveries"
LEDGER_ORIGIN = environment.text("LEDGER_ORIGIN", default="portal-archive-ledger")
LEDGER_KEY = environment.text("LEDGER_KEY", default="")
LEDGER_FORMER_PUBLIC_KEYS = environment.names("LEDGER_FORMER_PUBLIC_KEYS")
LEDGER_HEAD_DIR = environment.path("LEDGER_HEAD_DIR", DATA_DIR / "heads")
# What signs archive packages; see docs/archive-packages.md.
PACKAGE_CERTIFICATE = environment.folder("PACKAGE_CERTIFICATE")
PACKAGE_CERTIFICATE_PASSWORD = environment.text("PACKAGE_CERTIFICATE_PASSWORD", default="")
PACKAGE_AUTHORITIES = environment.folder("PACKAGE_AUTHORITIES")
PACKAGE_TIMESTAMP_URL = environment.text("PACKAGE_TIMESTAMP_URL", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A mail server that does not answer holds the worker up for this many seconds at most.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", default="portal@localhost")
NOTIFICATION_CHANNELS = environment.names(
    "NOTIFICATION_CHANNELS", default=["in-site", "email", "sms"]
)
NOTIFICATION_KEEP_DAYS = environment.whole_number("NOTIFICATION_KEEP_DAYS", default=365)
SMS_BACKEND = environment.text(
    "SMS_BACKEND", default="portal.notifications.channels.sms.ConsoleGateway"
)
SMS_SIGNATURE = environment.text("SMS_SIGNATURE", default="沁岚能源")
SMS_TEMPLATES: list[str] = environment.names("SMS_TEMPLATES")
SMS_HOURS = environment.text("SMS_HOURS", default="8-21")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

SITE_NAME = environment.text("SITE_NAME", default="沁岚能源党群之家")
FONDS_CODE = environment.text("FONDS_CODE", default="Q001")
DEMO = environment.boolean("DEMO", default=False)

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = environment.text("BASE_URL", default="http://localhost:8000")
WAGTAILADMIN_LOGIN_URL = "/account/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Otherwise the dialog for outside links offers the title of any page whose address is typed.
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
# Autosave writes a revision every few seconds, which would make the history of a
# publication, part of its archive record, unreadable.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_FINISH_WORKFLOW_ACTION = "portal.publishing.finish.publish_reviewed_revision"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_MODERATION_ENABLED = True
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILIMAGES_IMAGE_MODEL = "pages.PortalImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_DOCUMENT_MODEL = "pages.PortalDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = [
    *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd"),
    *("txt", "csv", "zip"),
]
WAGTAILMEDIA = {"MEDIA_MODEL": "pages.PortalMedia", "AUDIO_EXTENSIONS": ["mp3", "wav", "m4a"]}
WAGTAILSEARCH_BACKENDS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "portal.search.backends"}
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
TAGGIT_CASE_INSENSITIVE = True

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "frame-src": [SELF],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
# The preview of the editor shows the portal's own pages in a frame, so DENY is not possible.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # These libraries describe each of their steps at the level of news.
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("weasyprint", "fontTools", "django_tasks", "wagtail")
    },
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", default="INFO")},
}
