"""What a visitor finds in the loaded demo; runs inside a portal that has it.

``manage.py shell -c "from tests.demo.whole_demo import main; main()"``. Ends with a traceback that
names what is wrong, otherwise in silence.
"""

from __future__ import annotations

import io
from collections import Counter

from django.core.management import call_command
from django.test import Client
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
COUNTED = (
    *(Unit, Person, User, RoleAssignment, Page, Revision, PageLogEntry, TaskState),
    *(Record, LedgerEntry, Publication, Activity, PortalImage, PortalDocument),
)


def main() -> None:
    """Look at everything; then load a second time, which changes nothing."""
    everything_published_answers()
    two_people_published_everything()
    every_body_is_one_the_editor_accepts()
    whoever_works_has_something_to_do()
    before = sizes()
    output = io.StringIO()
    call_command("load_demo", stdout=output)
    assert "没有变化" in output.getvalue(), output.getvalue()
    assert sizes() == before, (before, sizes())


def everything_published_answers() -> None:
    """Everything live answers 200 to somebody signed in with the demo password."""
    client = Client()
    assert client.login(username="100006", password=DEMO_PASSWORD)
    answers = Counter(
        (client.get(publication.url).status_code, publication.kind)
        for publication in Publication.objects.all()
    )
    assert {status for status, _kind in answers} == {200}, answers
    texts = [text for part in parts() for text in part.texts if text.state == "live"]
    assert sum(answers.values()) >= len(texts) + BranchPage.objects.count()
    titles = Counter(Publication.objects.values_list("title", flat=True))
    assert max(titles.values()) == 1, titles.most_common(3)


def two_people_published_everything() -> None:
    """Published by two people, at a time that fits the event, and recorded."""
    assert list(differences()) == []
    for state in TaskState.objects.filter(status=TaskState.STATUS_APPROVED):
        assert state.finished_by_id != state.revision.user_id, state.pk
        assert state.started_at <= state.finished_at, state.pk
    live = Page.objects.get(slug="2026-11-20-accident-free-theme-day")
    assert str(live.first_published_at.date()) == "2026-11-20"
    # The other activities are lines of the handbook without a page.
    published = Activity.objects.filter(page__isnull=False)
    assert published.count() == Publication.objects.of_kind("activity").count()


def every_body_is_one_the_editor_accepts() -> None:
    """The editor would save each page as it is."""
    for page in Page.objects.filter(depth__gt=3).specific():
        page.body.stream_block.clean(page.body)
        page.full_clean()


def whoever_works_has_something_to_do() -> None:
    """Each shown login of a working role has three open tasks."""
    for login in LOGINS:
        if login.shown and login.role in WORKING_ROLES:
            user = User.objects.get(username=login.number)
            drafts = [page for page in submissions_of(user) if page.has_unpublished_changes]
            assert len(reviewable_by(user)) + len(drafts) >= 3, login


def sizes() -> dict[str, int]:
    """Count what a second load could double."""
    return {model.__name__: model._default_manager.count() for model in COUNTED}
