"""Nobody makes, changes, copies, moves, withdraws or deletes the page of a notice by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.archives.models import Record
from portal.public_notices.models import PublicNoticeIndexPage, PublicNoticePage
from portal.roles.table import ROLES
from tests.factories.organizations import make_branch
from tests.factories.people import make_user
from tests.factories.public_notices import make_running_notice

pytestmark = pytest.mark.django_db(transaction=True)


def state():
    """Everything that could have changed: pages with their content, and records."""
    fields = ("pk", "path", "live", "title", "latest_revision_id", "live_revision_id")
    notices = PublicNoticePage.objects.values_list("pk", "basis", "body", "phone")
    return (
        list(Page.objects.order_by("pk").values_list(*fields)),
        [tuple(map(str, row)) for row in notices.order_by("pk")],
        Record.objects.count(),
    )


def every_way(page, index):
    """Addresses of the admin that change a page, each with a form that would do it."""
    form = {"title": "换了标题", "slug": page.slug, "basis": "换了依据", "phone": "0000-0000000"}
    copying = {
        "new_title": "复制件",
        "new_slug": "copied",
        "new_parent_page": index.pk,
        "publish_copies": "on",
    }
    yield "wagtailadmin_pages:add", ("public_notices", "publicnoticepage", index.pk), form
    for action in ("action-publish", "action-submit", "action-save-draft"):
        yield "wagtailadmin_pages:edit", (page.pk,), {**form, action: "1"}
    yield "wagtailadmin_pages:copy", (page.pk,), copying
    yield "wagtailadmin_pages:copy", (page.pk,), {**copying, "alias": "on"}
    yield "wagtailadmin_pages:unpublish", (page.pk,), {}
    yield "wagtailadmin_pages:delete", (page.pk,), {}
    yield "wagtailadmin_pages:move_confirm", (page.pk, index.get_parent().pk), {}
    yield (
        "wagtailadmin_pages:revisions_revert",
        (page.pk, page.live_revision_id),
        {**form, "action-publish": "1"},
    )
    for action in ("publish", "unpublish", "delete", "move"):
        yield "wagtail_bulk_action", ("wagtailcore", "page", action), {"chooser": index.pk}
    for action, data in (
        *(("publish", {}), ("unpublish", {}), ("delete", {})),
        ("copy", {"keep_live": True, "slug": "by-api"}),
        ("create_alias", {"update_slug": "alias-by-api"}),
        ("revert_to_page_revision", {"revision_id": page.live_revision_id}),
    ):
        yield "wagtailadmin_api:pages:action", (page.pk, action), data


@pytest.mark.parametrize("role", [*ROLES, "superuser"])
def test_no_role_changes_the_page_by_hand(role):
    page = make_running_notice().page
    index = PublicNoticeIndexPage.objects.get()
    client = Client(raise_request_exception=False)
    if role == "superuser":
        client.force_login(make_user(is_superuser=True))
    else:
        client.force_login(make_user(role, unit=make_branch()))
    before = state()
    for name, arguments, form in every_way(page, index):
        address = reverse(name, args=arguments)
        if name == "wagtail_bulk_action":
            address += f"?id={page.pk}"
        as_json: dict[str, Any] = {"content_type": "application/json"} if "api" in name else {}
        response = client.post(address, form, **as_json)
        assert response.status_code < 500, (name, arguments)
        assert state() == before, (name, arguments, form)


def test_the_explorer_offers_no_new_notice():
    client = Client()
    client.force_login(make_user(is_superuser=True))
    index = PublicNoticeIndexPage.objects.get()
    response = client.get(reverse("wagtailadmin_pages:add_subpage", args=[index.pk]), follow=True)
    assert "publicnoticepage" not in response.content.decode()
    assert index.get_parent().slug == "home"
