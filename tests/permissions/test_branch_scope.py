"""What an editor of one branch sees and may do: the own branch, and not more."""

from __future__ import annotations

import contextlib
import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Page, Revision

from portal.organizations.models import UnitKind
from portal.pages.models import PortalDocument, PortalImage, PortalMedia
from tests.factories.organizations import make_branch, make_unit
from tests.factories.pages import make_activity_page, make_branch_page, submit
from tests.factories.people import make_person, make_user
from tests.factories.roles import make_assignment
from tests.infrastructure.database_reset import forget_cached_values
from tests.permissions.admin_routes import body, routes
from tests.permissions.admin_world import AdminWorld, Snapshot

pytestmark = pytest.mark.django_db(transaction=True)

OWN, OTHER = "甲队党支部", "乙队党支部"
# Public addresses show what was published to everybody who may read it.
PUBLIC_ADDRESSES = {
    *("search", "wagtail_serve", "archive_records", "archive_record", "archive_file"),
    *("archive_export", "archive_as_of", "archive_difference"),
    *("workspace", "wagtaildocs_serve"),
}


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def everything_of(branch: Any) -> list[Any]:
    """All that the database holds of a branch: pages, drafts, files."""
    root = Page.objects.get(branchpage__branch=branch)
    pages = Page.objects.descendant_of(root, inclusive=True)
    return [
        sorted(
            pages.values_list("pk", "path", "live", "locked", "title", "draft_title", "url_path")
        ),
        sorted(
            Revision.objects.filter(object_id__in=[str(page.pk) for page in pages]).values_list(
                "pk", flat=True
            )
        ),
        [
            sorted(model.objects.values_list("pk", "title", "collection"))
            for model in (PortalImage, PortalDocument, PortalMedia)
        ],
    ]


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the rules ask no database anything")
@pytest.mark.parametrize("role", ["organization_member", "branch_secretary"])
def test_nothing_of_another_branch_is_shown_or_changed(role):
    own, other = make_branch(OWN), make_branch(OTHER)
    make_branch_page(own)
    world = AdminWorld(make_user("organization_member", unit=other, name="乙队党支部的写手"), other)
    user = make_user(role, unit=own)
    draft = make_activity_page(own.branch_page, user, "甲队党支部活动草稿")
    client = signed_in(user)
    client.get(reverse("wagtailadmin_home"))
    before = everything_of(other)
    snapshot = Snapshot(world.image, world.document, world.media)
    faults: list[str] = []
    tried = 0

    def check(label: str, send: Any, address: str, arguments: dict[str, Any]) -> None:
        response = send(address, **arguments)
        content = b""
        with contextlib.suppress(AttributeError, TypeError):
            content = b"".join(response.streaming_content)
        text = (content or response.content).decode("utf-8", "replace")
        if response.headers.get("Content-Type", "").startswith("application/json"):
            text = text.encode().decode("unicode_escape", "replace") + text
        if OTHER in text or OTHER.encode("unicode_escape").decode() in text:
            where = text.find(OTHER)
            faults.append(f"shown: {label}: {text[max(0, where - 60) : where + 60]!r}")
        if response.status_code >= 500 and "error_test" not in label:
            faults.append(f"{response.status_code}: {label}")
        if snapshot.touched:
            if everything_of(other) != before:
                faults.append(f"changed: {label}")
            snapshot.restore()
            forget_cached_values()

    with connection.execute_wrapper(snapshot.note):
        for name, calls in routes(world).items():
            for call in calls if name not in PUBLIC_ADDRESSES else []:
                address = reverse(name, args=call.arguments or None, kwargs=call.keywords or None)
                if call.query:
                    address = f"{address}?{call.query}"
                check(f"GET {name} {address}", client.get, address, {})
                for form in call.forms:
                    label = f"POST {name} {address} {form}"[:250]
                    check(label, client.post, address, body(call, form))
                    tried += 1
    # The own draft must not be moved, copied or attributed to the other branch either.
    for address, form in (
        (
            reverse("wagtailadmin_pages:move", args=[draft.pk]),
            {"new_parent_page": world.branch_page.pk},
        ),
        (
            reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, world.branch_page.pk]),
            {},
        ),
        (
            reverse("wagtailadmin_pages:copy", args=[draft.pk]),
            {
                "new_title": "x",
                "new_slug": "x",
                "new_parent_page": world.branch_page.pk,
                "copy_subpages": "",
            },
        ),
    ):
        client.post(address, form)
        if everything_of(other) != before:
            faults.append(f"changed: POST {address} {form}")
        snapshot.restore()
    assert tried > 100
    assert not faults, "\n".join(faults)


class TwoBranches:
    """Branch A below a general branch, branch B outside it, one draft and one live page each."""

    def __init__(self) -> None:
        self.general = make_unit(UnitKind.GENERAL_BRANCH, name="矿总支")
        self.units = {
            "甲": make_branch("甲队党支部", parent=self.general),
            "丙": make_branch("丙队党支部", parent=self.general),
            "乙": make_branch("乙队党支部"),
        }
        self.authors = {
            key: make_user("organization_member", unit=unit, name=f"{key}某")
            for key, unit in self.units.items()
        }
        self.pages: dict[str, Page] = {}
        for key, unit in self.units.items():
            root = make_branch_page(unit)
            self.pages[f"{key}队党支部"] = root
            for state in ("已发布", "草稿"):
                title = f"{key}队{state}"
                self.pages[title] = make_activity_page(
                    root, self.authors[key], title, live=state == "已发布"
                )

    def shown(self, response: Any) -> set[str]:
        """The titles of these pages that a response shows, branch pages by their own name."""
        assert response.status_code == 200, response.status_code
        text = response.content.decode()
        if response.headers["Content-Type"].startswith("application/json"):
            text += text.encode().decode("unicode_escape", "replace")
            text += str(response.json())
        return {title for title in self.pages if title in text}

    def of(self, *keys: str) -> set[str]:
        """The titles of some branches."""
        return {title for title in self.pages if title[0] in keys}


@pytest.fixture
def two() -> TwoBranches:
    return TwoBranches()


def surfaces(two: TwoBranches, key: str) -> dict[str, tuple[str, set[str]]]:
    """Addresses with the titles that the author of a branch must see there, and not more."""
    root = two.pages[f"{key}队党支部"]
    index = root.get_parent()
    branch, activities = {f"{key}队党支部"}, {f"{key}队已发布", f"{key}队草稿"}
    word = "?q=%E9%98%9F"
    return {
        # Leads on to the only branch there is to explore.
        "explorer of the section": (
            reverse("wagtailadmin_explore", args=[index.pk]),
            branch | activities,
        ),
        "root of the explorer": (reverse("wagtailadmin_explore_root"), branch | activities),
        "explorer of the branch": (
            reverse("wagtailadmin_explore", args=[root.pk]),
            branch | activities,
        ),
        "chooser below the section": (
            reverse("wagtailadmin_choose_page_child", args=[index.pk]),
            branch,
        ),
        "chooser below the branch": (
            reverse("wagtailadmin_choose_page_child", args=[root.pk]),
            branch | activities,
        ),
        "chooser of activities": (
            reverse("wagtailadmin_choose_page") + "?page_type=branches.BranchPage",
            branch,
        ),
        "pages of a type": (
            reverse("wagtailadmin_pages:type_use", args=["branches", "activitypage"]),
            branch | activities,
        ),
        "menu of the explorer": (
            reverse("wagtailadmin_api:pages:listing") + f"?child_of={index.pk}&for_explorer=1",
            branch,
        ),
        "search": (reverse("wagtailadmin_pages:search") + word, branch | activities),
        "search of the chooser": (
            reverse("wagtailadmin_choose_page_search") + word,
            branch | activities,
        ),
        "history of the site": (
            reverse("wagtailadmin_reports:site_history"),
            branch | activities,
        ),
    }


@pytest.mark.parametrize("key", ["甲", "乙"])
def test_every_list_shows_the_own_branch_and_not_more(two, key):
    client = signed_in(two.authors[key])

    wrong = {}
    for name, (address, expected) in surfaces(two, key).items():
        shown = two.shown(client.get(address, follow=True))
        # What was created without an account is in no history.
        missing, surplus = expected - shown - {f"{key}队党支部"}, shown - expected
        if missing or surplus:
            wrong[name] = {"missing": missing, "surplus": surplus}

    assert wrong == {}


def test_a_general_branch_covers_the_branches_below_it_and_not_more(two):
    secretary = make_user("branch_secretary", unit=two.general)
    client = signed_in(secretary)
    index = two.pages["甲队党支部"].get_parent()

    listed = two.shown(client.get(reverse("wagtailadmin_explore", args=[index.pk])))
    searched = two.shown(client.get(reverse("wagtailadmin_choose_page_search") + "?q=%E9%98%9F"))
    edited = {
        title: client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code
        for title, page in two.pages.items()
    }

    assert listed == {"甲队党支部", "丙队党支部"}
    assert searched == two.of("甲", "丙")
    allowed = {title for title, status in edited.items() if status == 200}
    assert allowed == two.of("甲", "丙")


@pytest.mark.parametrize("first", ["secretary", "branches"])
def test_files_are_those_of_the_unit_and_below(first):
    """Whichever role was assigned first: folders of branches may come later than the secretary."""
    general = make_unit(UnitKind.GENERAL_BRANCH, name="矿总支")
    if first == "secretary":
        secretary = make_user("branch_secretary", unit=general)
    folders = {}
    for name, parent in (("甲队", general), ("丙队", general), ("乙队", None)):
        unit = make_branch(name, parent=parent)
        make_user("organization_member", unit=unit)
        folders[name] = Collection.objects.get(name=f"{unit.code} {name}")
        PortalDocument.objects.create(
            title=f"{name}的附件",
            file=ContentFile(b"%PDF-1.4", name="t.pdf"),
            collection=folders[name],
        )
    if first == "branches":
        secretary = make_user("branch_secretary", unit=general)
    client = signed_in(secretary)

    for address in ("wagtaildocs:index", "wagtaildocs_chooser:choose"):
        text = client.get(reverse(address)).content.decode()
        text += text.encode().decode("unicode_escape", "replace")
        shown = {name for name in folders if f"{name}的附件" in text}
        assert shown == {"甲队", "丙队"}, address


def test_reviews_of_a_general_branch_are_those_below_it(two):
    for key in two.units:
        submit(two.pages[f"{key}队草稿"], two.authors[key])
    secretary = make_user("branch_secretary", unit=two.general)

    listed = two.shown(signed_in(secretary).get(reverse("reviews")))

    assert {title for title in listed if title.endswith("草稿")} == {"甲队草稿", "丙队草稿"}


def test_workflow_reports_show_the_own_branch_and_not_more(two):
    for key in two.units:
        submit(two.pages[f"{key}队草稿"], two.authors[key])
    client = signed_in(two.authors["甲"])

    for report in ("workflow", "workflow_tasks"):
        shown = two.shown(client.get(reverse(f"wagtailadmin_reports:{report}")))
        assert shown - {"甲队党支部"} == {"甲队草稿"}, report


def test_a_role_that_ended_yesterday_opens_nothing(two):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    person = make_person(unit=two.units["甲"])
    user = make_user(person=person, unit=two.units["甲"])
    make_assignment(
        person,
        "organization_member",
        two.units["甲"],
        valid_from=yesterday - datetime.timedelta(days=30),
        valid_to=yesterday,
    )
    client = signed_in(user)

    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_pages:edit", args=[two.pages["甲队草稿"].pk]),
        reverse("reviews"),
    ):
        assert client.get(address).status_code in (302, 403), address


def test_a_role_that_ends_today_opens_nothing_tomorrow(two, time_machine):
    time_machine.move_to("2026-12-20 10:00+08:00")
    person = make_person(unit=two.units["甲"])
    user = make_user(person=person, unit=two.units["甲"])
    make_assignment(
        person,
        "branch_secretary",
        two.units["甲"],
        valid_from=datetime.date(2026, 1, 1),
        valid_to=datetime.date(2026, 12, 20),
    )
    state = submit(two.pages["甲队草稿"], two.authors["甲"])
    client = signed_in(user)
    address = reverse("review", args=[state.pk])
    assert client.get(address).status_code == 200

    time_machine.move_to("2026-12-21 00:01+08:00")
    client = signed_in(user)

    assert client.get(address).status_code in (302, 403)
    form = {"seen_revision": state.revision_id, "decision": "approve"}
    assert client.post(address, form).status_code in (302, 403)
    assert not Page.objects.get(pk=two.pages["甲队草稿"].pk).live


def test_an_editor_cannot_hand_a_page_to_another_unit(two):
    client = signed_in(two.authors["甲"])
    address = reverse("wagtailadmin_pages:edit", args=[two.pages["甲队党支部"].pk])

    form = client.get(address).context["form"]

    for name in ("unit", "branch"):
        offered = set(form.fields[name].queryset.values_list("name", flat=True))
        assert offered == {"甲队党支部"}, name
