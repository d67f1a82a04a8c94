"""What the portal replaces or relies on inside Wagtail; an upgrade that moves it fails here."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import wagtail
from django.urls import resolve, reverse
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.views.pages import edit
from wagtail.models import Page

from portal.publishing import admin_urls, closed, notifications
from portal.publishing.permissions import PortalPagePermissionTester


def test_the_replacements_were_written_for_this_wagtail():
    """Read `portal/publishing` against the new version before changing this number."""
    assert wagtail.VERSION[:2] == (7, 4)


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("/admin/api/main/pages/1/action/publish/", closed.not_offered),
        ("/admin/api/main/images/", closed.not_offered),
        ("/admin/api/main/documents/1/", closed.not_offered),
        ("/admin/choose-page/1/", closed.choose_page_below),
        ("/admin/choose-page/chosen-multiple/", closed.chosen_pages),
        ("/admin/pages/create/branches/activitypage", closed.choose_parent),
    ],
)
def test_addresses_of_wagtail_lead_to_the_portal(address, view):
    assert resolve(address).func is view


def test_the_replaced_addresses_still_are_where_wagtail_puts_them():
    """Reversing asks Wagtail's own patterns, so a moved address would escape the replacement."""
    assert reverse("wagtailadmin_choose_page_child", args=[1]) == "/admin/choose-page/1/"
    assert reverse("wagtailadmin_choose_page_chosen_multiple") == (
        "/admin/choose-page/chosen-multiple/"
    )
    assert reverse("wagtailadmin_pages:choose_parent", args=["a", "b"]) == "/admin/pages/create/a/b"
    assert reverse("wagtailadmin_api:pages:action", args=[1, "x"]) == (
        "/admin/api/main/pages/1/action/x/"
    )
    assert reverse("wagtailadmin_api:images:listing") == "/admin/api/main/images/"
    assert len(admin_urls.urlpatterns) == 5


def test_every_page_object_follows_the_rules_of_the_portal(db):
    assert isinstance(Page().permissions_for_user(_Nobody()), PortalPagePermissionTester)
    assert "user" in inspect.signature(Page.permissions_for_user).parameters


def test_bulk_actions_collect_their_items_where_the_portal_filters_them():
    import portal.publishing.wagtail_hooks  # noqa: F401  (registers the filter)

    original: Any = BulkAction.get_actionable_objects.__wrapped__
    source = inspect.getsource(original)
    assert 'return objects, {"items_with_no_access": items_with_no_access}' in source


def test_views_take_what_the_portal_hands_them():
    assert list(inspect.signature(BrowseView.get).parameters) == [
        "self",
        "request",
        "parent_page_id",
    ]
    assert 'request.GET.getlist("id")' in inspect.getsource(ChosenMultipleView.get)


def test_a_revision_is_replaced_in_place_only_through_the_argument_the_portal_ignores():
    assert "overwrite_revision" in inspect.signature(Page.save_revision).parameters
    assert "overwrite_revision=overwrite_revision" in inspect.getsource(edit.EditView.save_action)


def test_wagtails_workflow_mails_are_off_and_named_as_the_portal_knows_them():
    from wagtail.admin import signal_handlers

    source = inspect.getsource(signal_handlers.register_signal_handlers)
    import portal.publishing.wagtail_hooks  # noqa: F401  (disconnects the mails)

    for _signal, _sender, name in notifications.MAILS:
        assert f'"{name}"' in source
    assert source.count(".connect(") == len(notifications.MAILS)
    assert notifications.switch_off_mails() == [False] * len(notifications.MAILS)


class _Nobody:
    """An account without any right."""

    pk = None
    is_active = False
    is_superuser = False
