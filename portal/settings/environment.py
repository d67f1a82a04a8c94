"""Typed readers of environment variables.

Every variable the portal reads is declared in `VARIABLES` with its purpose, so the
deployment page and the tests can list them; reading an undeclared one is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, what it is for and its default in words."""

    name: str
    purpose: str
    default: str


VARIABLES: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable("SECRET_KEY", "signs sessions and forms; at least 50 random characters", "none"),
        Variable(
            "FIELD_ENCRYPTION_KEYS",
            "comma-separated base64 keys of 32 bytes for sensitive fields, newest first",
            "none",
        ),
        Variable(
            "BLIND_INDEX_KEY",
            "base64 key of 32 bytes behind the look-up of encrypted fields; never changes",
            "none",
        ),
        Variable(
            "RECEIPT_PEPPER",
            "base64 key of 32 bytes behind the receipts of anonymous opinions; never changes",
            "none",
        ),
        Variable(
            "OPINION_RELEASE_HOURS",
            "hours of the day at which waiting opinions reach the office, separated by commas",
            "9,15",
        ),
        Variable("OPINION_RELEASE_AT", "so many waiting opinions are released before", "3"),
        Variable(
            "OPINION_PER_COMPUTER", "opinions without a name from one computer in an hour", "5"
        ),
        Variable(
            "OPINION_PER_HOUR",
            "opinions without a name from everybody in an hour; what is more is looked at first",
            "60",
        ),
        Variable(
            "OPINION_RECEIPT_DAYS",
            "days after the end of a matter for which the receipt of its opinion opens it",
            "365",
        ),
        Variable(
            "ANONYMOUS_PATHS_UNLOGGED",
            "confirms that the reverse proxy keeps the anonymous opinion box out of its logs",
            "off",
        ),
        Variable("DATABASE_URL", "the database", "sqlite:///var/portal.sqlite3"),
        Variable("CACHE_URL", "the cache, e.g. redis://host/0", "memory of the process"),
        Variable("ALLOWED_HOSTS", "comma-separated host names the portal answers to", "none"),
        Variable("BASE_URL", "address of the portal in messages and records", "none"),
        Variable("DATA_DIR", "where SQLite, media and the archive store live", "var/"),
        Variable(
            "LEDGER_KEY",
            "base64 Ed25519 key of 32 bytes that signs the daily heads of the ledger",
            "made on first use in DATA_DIR",
        ),
        Variable(
            "LEDGER_FORMER_PUBLIC_KEYS",
            "comma-separated public keys of earlier years whose heads still count",
            "none",
        ),
        Variable(
            "LEDGER_ORIGIN",
            "name of the ledger in its heads; without blanks and plus signs, never changes",
            "portal-archive-ledger",
        ),
        Variable(
            "LEDGER_HEAD_DIR",
            "folder of the signed heads; may be a medium that is written only once",
            "heads/ in DATA_DIR",
        ),
        Variable(
            "PACKAGE_CERTIFICATE",
            "PKCS#12 file with the certificate and key that sign archive packages",
            "none; with DEMO one of a demo authority is made on first use in DATA_DIR",
        ),
        Variable("PACKAGE_CERTIFICATE_PASSWORD", "password of that file", "none"),
        Variable(
            "PACKAGE_AUTHORITIES",
            "PEM file of the authorities whose signatures and timestamps on packages count; keep "
            "those of earlier years in it",
            "the authorities inside PACKAGE_CERTIFICATE",
        ),
        Variable(
            "PACKAGE_TIMESTAMP_URL",
            "RFC 3161 server whose timestamp every package gets before it counts as sealed",
            "none; packages are signed without a timestamp",
        ),
        Variable(
            "TRACKING_FAILURES_PER_CODE",
            "wrong attempts to track one case before its code opens nothing for a while",
            "5",
        ),
        Variable("TRACKING_LOCK_SECONDS", "how long such a code opens nothing", "1800"),
        Variable(
            "TRACKING_FAILURES_PER_ADDRESS",
            "wrong attempts to track a case from one address within an hour",
            "20",
        ),
        Variable(
            "TRACKING_FAILURES_IN_ALL",
            "wrong attempts to track a case from everywhere within an hour before all are slowed",
            "500",
        ),
        Variable("TRACKING_DELAY_SECONDS", "how long each attempt waits after that", "2"),
        Variable("SERVICE_PHONE", "number to call, on the pages of cases", "none"),
        Variable("SERVICE_HOURS", "when somebody answers that number, in words", "none"),
        Variable(
            "HONOR_CERTIFICATE_PREFIX", "begins the number of every certificate of honor", "`QLRY`"
        ),
        Variable("EMAIL_URL", "mail server for notifications", "console"),
        Variable("EMAIL_FROM", "sender of e-mail", "portal@localhost"),
        Variable(
            "NOTIFICATION_CHANNELS",
            "where people are told: in-site, email, sms, separated by commas",
            "in-site,email,sms",
        ),
        Variable("NOTIFICATION_KEEP_DAYS", "days until what was read or sent is forgotten", "365"),
        Variable(
            "SMS_BACKEND",
            "dotted path of the adapter to the SMS gateway",
            "written to the log, with the number masked",
        ),
        Variable("SMS_SIGNATURE", "signature 【…】 that the gateway approved", "沁岚能源"),
        Variable(
            "SMS_TEMPLATES",
            "the gateway's template codes by the portal's names: news=SMS_1,correction=SMS_2",
            "the portal's names",
        ),
        Variable("SMS_HOURS", "hours between which SMS are sent; 0-0 for always", "8-21"),
        Variable("DEMO", "show the demo logins on the sign-in page", "off"),
        Variable(
            "REQUIRE_MULTI_FACTOR",
            "staff roles must set up a second factor before they work",
            "on in production",
        ),
        Variable(
            "TRUST_PROXY_HEADERS",
            "the reverse proxy sets X-Forwarded-Proto and X-Forwarded-For itself",
            "off",
        ),
        Variable("SECURE_SSL_REDIRECT", "send http to https in production", "on"),
        Variable("SITE_NAME", "name of the portal in the masthead", "沁岚能源党群之家"),
        Variable(
            "FONDS_CODE", "fonds number in archive codes, read by the first migrate only", "Q001"
        ),
        Variable(
            "CLAMD_ADDRESS",
            "virus scanner for the checks of records: unix:/run/clamd.ctl or host:port",
            "none; results then say “not run”",
        ),
        Variable(
            "PRIVATE_FILES_ROOT",
            "folder of what applicants hand in, sealed; never inside anything that is served",
            "private/ in DATA_DIR",
        ),
        Variable(
            "FILE_SCANNER",
            "virus scanner for uploads: address of clamd or dotted path of a function",
            "CLAMD_ADDRESS; without it files are marked as not scanned",
        ),
        Variable("FILE_LARGEST_MEGABYTES", "largest private file, in MB", "20"),
        Variable("FILE_LARGEST_MEGAPIXELS", "largest picture, in million pixels", "50"),
        Variable("FILE_MOST_PER_OWNER", "most files of one case", "40"),
        Variable(
            "FILE_UNCLAIMED_HOURS", "hours after which a file that nobody handed in goes", "24"
        ),
        Variable(
            "DATA_EXPORT_DAYS",
            "days within which an approved export of personal data is fetched",
            "7",
        ),
        Variable("FIXITY_DAYS", "every stored file is read again within this many days", "90"),
        Variable(
            "LONG_TERM_CHECK_DAYS",
            "every accepted record passes the long-term checks (CQ) within this many days",
            "365",
        ),
        Variable(
            "TRANSFER_CHECK_DAYS",
            "a record that passed the checks of a transfer (YJ) is not checked again so long",
            "30",
        ),
        Variable(
            "ARCHIVE_MIRROR_ROOT",
            "folder of a second store, on another disk; damaged files are repaired from it",
            "none",
        ),
        Variable(
            "SESSION_IDLE_MINUTES",
            "minutes without use after which a person is signed out; 0 for never",
            "30",
        ),
        Variable(
            "WEB_CONCURRENCY",
            "number of web processes; gunicorn reads it itself. More than one need CACHE_URL",
            "1",
        ),
        Variable("LOG_LEVEL", "least level that is logged", "INFO"),
    )
}

_reader = environ.Env()


def _declared(name: str) -> str:
    if name not in VARIABLES:
        raise LookupError(f"Environment variable {name} is not declared in VARIABLES.")
    return name


def text(name: str, default: Any = environ.Env.NOTSET) -> str:
    """Return a variable as text; without a default a missing one raises ImproperlyConfigured."""
    return str(_reader.str(_declared(name), default=default))


def boolean(name: str, default: bool) -> bool:
    """Return a variable as a truth value (on, true, 1 against off, false, 0)."""
    return bool(_reader.bool(_declared(name), default=default))


def whole_number(name: str, default: int, *, at_least: int = 1) -> int:
    """Return a variable as a whole number.

    Raises:
        ImproperlyConfigured: it is no number, or less than is allowed.
    """
    value = int(_reader.int(_declared(name), default=default))
    if value < at_least:
        raise ImproperlyConfigured(f"{name} is {value}; it must be at least {at_least}.")
    return value


def folder(name: str) -> Path | None:
    """Return a variable as an absolute path, None when it is not set."""
    given = _reader.str(_declared(name), default="").strip()
    return (BASE_DIR / given).resolve() if given else None


def names(name: str, default: list[str] | None = None) -> list[str]:
    """Return a comma-separated variable as a list without empty parts."""
    parts = _reader.list(_declared(name), default=default or [])
    return [part.strip() for part in parts if part.strip()]


def path(name: str, default: Path) -> Path:
    """Return a variable as an absolute path; a relative one counts from the project root."""
    return (BASE_DIR / _reader.str(_declared(name), default=str(default))).resolve()


def database(name: str, default: str) -> dict[str, Any]:
    """Return a database URL as Django's settings mapping."""
    return dict(_reader.db_url(_declared(name), default=default))


def cache(name: str) -> dict[str, Any]:
    """Return a cache URL as Django's settings mapping; memory of the process by default."""
    return dict(_reader.cache_url(_declared(name), default="locmemcache://"))


def email(name: str) -> dict[str, Any]:
    """Return a mail server URL as Django's EMAIL settings."""
    return dict(_reader.email_url(_declared(name), default="consolemail://"))
