"""Every address of the portal, as every role: nothing goes live without a second person."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_callable, reverse

from portal.pages import errors
from portal.publishing import middleware
from portal.roles.table import ROLES, SECTIONS
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.infrastructure.database_reset import forget_cached_values
from tests.permissions.admin_routes import DELIBERATE_ERRORS, body, named_addresses, routes
from tests.permissions.admin_world import AdminWorld, Snapshot, what_counts, what_is_live

ACCOUNTS = ["anonymous", "superuser", "superuser with every role", *ROLES]
# Looking is tried by whoever may look at everything, and by a stranger.
LOOKING = ("anonymous", "superuser", "superuser with every role")


def compatible_roles() -> list[str]:
    """As many roles as one person may have: those that review first, none that excludes one."""
    chosen: list[str] = []
    reviewing = {
        code
        for section in SECTIONS.values()
        for code, granted in section.grants.items()
        if granted.reviews
    }
    for code in sorted(ROLES, key=lambda code: code not in reviewing):
        if not any(code in ROLES[other].exclusive_with for other in chosen) and not (
            ROLES[code].exclusive_with & set(chosen)
        ):
            chosen.append(code)
    return chosen


def make_account(name: str, branch: Any) -> Any:
    """Create the account of a row of `ACCOUNTS`."""
    if name == "superuser":
        return make_user(is_superuser=True)
    if name == "superuser with every role":
        return make_user(*compatible_roles(), unit=branch, is_superuser=True)
    return make_user(*([] if name == "anonymous" else [name]), unit=branch)


class Trial:
    """One account that tries everything in a world that is put back after each request."""

    def __init__(self, name: str) -> None:
        branch = make_branch("洗煤厂党支部")
        account = make_account(name, branch)
        self.world = AdminWorld(account, branch)
        self.client = Client(raise_request_exception=False)
        if name != "anonymous":
            self.client.force_login(account)
        self.client.get(reverse("wagtailadmin_home"))
        self.cookies = SimpleCookie(self.client.cookies)
        self.live = what_is_live()
        self.counts = what_counts()
        self.snapshot = Snapshot(self.world.image, self.world.document, self.world.media)
        self.looks = name in LOOKING
        self.faults: list[str] = []

    def run(self) -> list[str]:
        """Try every address; return what went wrong."""
        with connection.execute_wrapper(self.snapshot.note):
            self._try_everything()
        return self.faults

    def _try_everything(self) -> None:
        for name, calls in routes(self.world).items():
            for call in calls:
                address = reverse(name, args=call.arguments or None, kwargs=call.keywords or None)
                if call.query:
                    address = f"{address}?{call.query}"
                if self.looks:
                    self._try(name, "GET", address, {})
                for form in call.forms:
                    self._try(name, "POST", address, body(call, form))

    def _try(self, name: str, method: str, address: str, arguments: dict[str, Any]) -> None:
        label = f"{method} {name} {address} {arguments.get('data', '')}"[:300]
        send = self.client.get if method == "GET" else self.client.post
        response: Any = send(address, **arguments)
        with contextlib.suppress(AttributeError, TypeError):
            b"".join(response.streaming_content)
        if response.status_code >= 500 and name not in DELIBERATE_ERRORS:
            error = response.exc_info[1] if getattr(response, "exc_info", None) else ""
            self.faults.append(f"{response.status_code} {label}: {error!r}")
        self.client.cookies = SimpleCookie(self.cookies)  # type: ignore[assignment]
        if self.snapshot.touched:
            self._compare(label)
            # What the request wrote, the session included, is taken back.
            self.snapshot.restore()
            forget_cached_values()

    def _compare(self, label: str) -> None:
        live = what_is_live()
        changed = {pk for pk, content in live.items() if self.live.get(pk) != content}
        if changed:
            self.faults.append(f"went live or changed {changed}: {label}")
        counts = what_counts()
        if counts["records"] > self.counts["records"]:
            self.faults.append(f"new record: {label}")
        for key in ("scheduled", "privacy", "listed"):
            if more := counts[key] - self.counts[key]:
                self.faults.append(f"{key} {more}: {label}")


def test_every_address_has_a_row(transactional_db):
    branch = make_branch()
    rows = routes(AdminWorld(make_user(is_superuser=True), branch))

    assert named_addresses() - rows.keys() == set()
    assert rows.keys() - named_addresses() == set()


@pytest.fixture
def plain_error_pages() -> Iterator[None]:
    """Most of what is tried is refused; how a refusal looks has tests of its own."""
    handlers = (("forbidden", 403), ("not_found", 404), ("csrf_failure", 403))
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, status in handlers:
            monkeypatch.setattr(errors, name, _plain(status))
        monkeypatch.setattr(
            middleware, "render", lambda *_arguments, status: HttpResponse(status=status)
        )
        # Django remembers what it found under the name of a handler.
        get_callable.cache_clear()  # type: ignore[attr-defined]
        yield
    get_callable.cache_clear()  # type: ignore[attr-defined]


def _plain(status: int) -> Callable[..., HttpResponse]:
    return lambda *_arguments, **_keywords: HttpResponse(status=status)


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the rules ask no database anything")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ACCOUNTS)
@pytest.mark.usefixtures("plain_error_pages")
def test_nothing_goes_live_by_one_person(name):
    faults = Trial(name).run()

    assert not faults, "\n".join(faults)
