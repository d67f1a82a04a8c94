"""What the portal takes from the inside of its libraries, pinned to the versions it was read in.

After an upgrade: read the named piece again, run the tests of this folder, of
`tests/publishing` and of `tests/archives` on both databases, then raise the version here.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.db import connections, transaction
from django.urls import resolve
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.pages.whole_actions import ACTIONS
from portal.publishing import admin_urls
from portal.publishing.notifications import MAILS


@pytest.mark.parametrize(
    ("package", "read_in"),
    [("wagtail", "7.4."), ("django", "5.2."), ("django-allauth", "65."), ("wagtailmedia", "0.19.")],
)
def test_the_version_is_the_one_that_was_read(package: str, read_in: str) -> None:
    assert version(package).startswith(read_in)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_each_action_is_wrapped_where_it_is_executed(action: type) -> None:
    executed = inspect.getattr_static(action, "execute")
    assert hasattr(executed, "__wrapped__")
    assert "skip_permission_checks" in inspect.signature(executed).parameters


def test_no_other_action_of_wagtail_changes_what_is_live() -> None:
    import pkgutil

    import wagtail.actions

    modules = {module.name for module in pkgutil.iter_modules(wagtail.actions.__path__)}
    assert modules == {
        *("convert_alias", "copy_for_translation", "copy_page", "create_alias", "delete_page"),
        *("move_page", "publish_page_revision", "publish_revision", "revert_to_page_revision"),
        *("unpublish", "unpublish_page"),
    }


def test_plain_pages_answer_by_the_rules_of_the_portal() -> None:
    from portal.publishing.permissions import page_rules

    assert Page.permissions_for_user is page_rules


def test_bulk_actions_still_collect_their_items_in_one_method() -> None:
    assert hasattr(BulkAction.get_actionable_objects, "__wrapped__")
    source = inspect.getsource(BulkAction.get_actionable_objects.__wrapped__)
    assert "items_with_no_access" in source


def test_wagtails_mails_are_off() -> None:
    for signal, sender, name in MAILS:
        connected = {receiver[0][0] for receiver in signal.receivers}
        assert name not in connected, f"{name} is connected again for {sender}"


def test_wagtail_still_names_its_mails_as_before() -> None:
    import wagtail.admin.signal_handlers as handlers

    source = inspect.getsource(handlers)
    for _signal, _sender, name in MAILS:
        assert name in source


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", admin_urls.urlpatterns, ids=lambda one: str(one.pattern))
def test_replaced_addresses_still_exist_in_wagtail(pattern: object) -> None:
    from wagtail.admin import urls as wagtail_urls

    route = str(getattr(pattern, "pattern", "")).strip("^").split("<")[0].split("(")[0]
    known = "\n".join(str(one.pattern) for one in _flatten(wagtail_urls.urlpatterns))
    assert any(
        line.strip("^").startswith(route.rstrip("/").split("/")[0]) for line in known.splitlines()
    )
    assert resolve("/admin/") is not None


def _flatten(patterns: list[Any]) -> list[Any]:
    found: list[object] = []
    for pattern in patterns:
        found.append(pattern)
        found += _flatten(getattr(pattern, "url_patterns", []))
    return found


def test_stream_fields_still_name_what_they_cite() -> None:
    assert list(inspect.signature(StreamField.extract_references).parameters) == ["self", "value"]


def test_sign_in_attempts_still_have_their_key() -> None:
    assert hasattr(DefaultAccountAdapter, "_get_login_attempts_cache_key")


@pytest.mark.django_db(transaction=True)
def test_django_commits_the_outermost_block_through_the_wrapper_with_the_transaction_open() -> None:
    connection = connections["default"]
    seen: list[tuple[bool, bool]] = []

    def commit() -> None:
        seen.append((connection.in_atomic_block, connection.get_autocommit()))
        type(connection).commit(connection)

    connection.commit = commit  # type: ignore[method-assign]
    try:
        with transaction.atomic(), transaction.atomic():
            connection.cursor().execute("SELECT 1")
    finally:
        del connection.commit
    assert seen == [(False, False)]
