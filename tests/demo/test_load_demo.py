"""The demo world as a visitor finds it, and what a second run does: nothing."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from wagtail.models import Page, PageLogEntry, Revision, TaskState

from branches.models import Activity, BranchPage
from portal.archives.models import LedgerEntry, Record
from portal.archives.reconciliation import differences
from portal.demo.organization import LOGINS
from portal.demo.registry import parts
from portal.demo.texts import DEMO_PASSWORD
from portal.organizations.models import Unit
from portal.pages.models import PortalDocument, PortalImage, Publication
from portal.people.models import Person, User
from portal.publishing.reviews import reviewable_by
from portal.roles.models import RoleAssignment
from portal.workspace.submissions import submissions_of

# Roles that have something to do with what this portal can do so far.
WORKING_ROLES = {
    "branch_secretary",
    "organization_member",
    "party_staff",
    "party_approver",
    "union_staff",
    "union_chair",
    "veterans_officer",
}


def _load() -> str:
    output = io.StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def _sizes() -> dict[str, int]:
    models = (
        *(Unit, Person, User, RoleAssignment, Page, Revision, PageLogEntry, TaskState),
        *(Record, LedgerEntry, Publication, Activity, PortalImage, PortalDocument),
    )
    return {model.__name__: model._default_manager.count() for model in models}


def _open_tasks(user: User) -> int:
    drafts = [page for page in submissions_of(user) if page.has_unpublished_changes]
    return len(reviewable_by(user)) + len(drafts)


@pytest.mark.django_db(transaction=True)
def test_the_whole_demo(settings: Settings, client: Client) -> None:
    settings.DEMO = True
    assert "载入完成" in _load()

    # Everything live answers 200 to somebody signed in with the demo password.
    assert client.login(username="100006", password=DEMO_PASSWORD)
    answers = Counter(
        (client.get(publication.url).status_code, publication.kind)
        for publication in Publication.objects.all()
    )
    assert {status for status, _kind in answers} == {200}
    texts = [text for part in parts() for text in part.texts if text.state == "live"]
    assert sum(answers.values()) >= len(texts) + BranchPage.objects.count()
    titles = Counter(Publication.objects.values_list("title", flat=True))
    assert max(titles.values()) == 1

    # Published by two people, at a time that fits the event, and recorded.
    assert list(differences()) == []
    for state in TaskState.objects.filter(status=TaskState.STATUS_APPROVED):
        assert state.finished_by_id != state.revision.user_id
        assert state.started_at <= state.finished_at
    live = Page.objects.get(slug="2026-11-20-accident-free-theme-day")
    assert str(live.first_published_at.date()) == "2026-11-20"
    # The other activities are lines of the handbook without a page.
    published = Activity.objects.filter(page__isnull=False)
    assert published.count() == Publication.objects.of_kind("activity").count()

    # Every body is one the editor accepts.
    for page in Page.objects.filter(depth__gt=3).specific():
        page.body.stream_block.clean(page.body)
        page.full_clean()

    for login in LOGINS:
        if login.shown and login.role in WORKING_ROLES:
            assert _open_tasks(User.objects.get(username=login.number)) >= 3, login

    before = _sizes()
    assert "没有变化" in _load()
    assert _sizes() == before


@pytest.mark.django_db
def test_without_demo_mode_no_known_password_is_created(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        _load()
    assert not User.objects.filter(username=LOGINS[0].number).exists()
