"""Addresses of Wagtail's admin that lead to the portal, and what the portal relies on there."""

from __future__ import annotations

import inspect

import pytest
from django.urls import resolve, reverse
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from portal.publishing import closed


@pytest.mark.parametrize(
    ("address", "view"),
    [
        (("wagtailadmin_api:pages:action", 1, "publish"), closed.not_offered),
        (("wagtailadmin_api:images:listing",), closed.not_offered),
        (("wagtailadmin_api:documents:detail", 1), closed.not_offered),
        (("wagtailadmin_choose_page_child", 1), closed.choose_page_below),
        (("wagtailadmin_choose_page_chosen_multiple",), closed.chosen_pages),
        (("wagtailadmin_pages:choose_parent", "branches", "activitypage"), closed.choose_parent),
    ],
)
def test_the_names_of_wagtail_lead_to_the_views_of_the_portal(address, view):
    """Reversing asks Wagtail's own patterns, so an address that moved would be noticed here."""
    name, *arguments = address

    assert resolve(reverse(name, args=arguments)).func is view


def test_the_views_take_what_the_portal_hands_them():
    parameters = list(inspect.signature(BrowseView.get).parameters)
    assert parameters == ["self", "request", "parent_page_id"]
    assert 'request.GET.getlist("id")' in inspect.getsource(ChosenMultipleView.get)


def test_a_revision_is_replaced_in_place_only_through_the_argument_the_portal_ignores():
    assert "overwrite_revision" in inspect.signature(Page.save_revision).parameters
    assert "overwrite_revision=overwrite_revision" in inspect.getsource(EditView.save_action)
