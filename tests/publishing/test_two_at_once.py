"""Two people who act in the same moment, in threads with connections of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from branches.models import ActivityPage
from portal.archives.models import Record
from tests.factories.organizations import make_branch
from tests.factories.pages import change_draft, make_activity_page, make_branch_page, submit
from tests.factories.people import make_user
from tests.infrastructure.at_once import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# On SQLite one writer waits for the other anyway; there a few trials show that nothing breaks.
TRIALS, FEWER_TRIALS = (30, 10) if connection.vendor == "postgresql" else (4, 3)


class Branch:
    """A branch with an author and two secretaries who may both review."""

    def __init__(self) -> None:
        unit = make_branch("采煤二队党支部")
        self.page = make_branch_page(unit)
        self.author = make_user("organization_member", unit=unit, name="田小禾")
        self.secretaries = [
            make_user("branch_secretary", unit=unit, name=name) for name in ("秦伯安", "何静")
        ]
        self.clients = [self._signed_in(user) for user in self.secretaries]

    @staticmethod
    def _signed_in(user: Any) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client

    def draft(self, number: int) -> tuple[ActivityPage, Any]:
        """A draft and its open review."""
        page = make_activity_page(self.page, self.author, f"第{number}次学习")
        return page, submit(page, self.author)


@pytest.fixture
def branch() -> Branch:
    return Branch()


def approval(client: Client, state: Any) -> Callable[[], Any]:
    """A post of the review form with the revision that is under review."""
    address = reverse("review", args=[state.pk])
    form = {"seen_revision": state.revision_id, "decision": "approve"}
    return lambda: client.post(address, form)


def test_of_two_who_approve_exactly_one_wins_and_the_other_is_told_who(branch):
    winners = set()
    for number in range(TRIALS):
        page, state = branch.draft(number)

        responses = together(*(approval(client, state) for client in branch.clients))

        statuses = [getattr(response, "status_code", response) for response in responses]
        assert sorted(statuses, key=str) == [302, 409], statuses
        winner = branch.secretaries[statuses.index(302)]
        refusal = responses[statuses.index(409)].content.decode()
        assert f"{winner.person.name}" in refusal
        winners.add(winner.pk)
        state.refresh_from_db()
        assert state.finished_by_id == winner.pk
        page.refresh_from_db()
        assert page.live
        assert page.live_revision_id == state.revision_id
        assert not page.has_unpublished_changes
        approvals = PageLogEntry.objects.filter(page=page.pk, action="wagtail.workflow.approve")
        assert [entry.user_id for entry in approvals] == [winner.pk]
        assert Record.objects.filter(source_id=str(page.pk)).count() == 1


def test_one_approves_while_the_other_returns(branch):
    for number in range(FEWER_TRIALS):
        page, state = branch.draft(number)
        address = reverse("review", args=[state.pk])
        returning = {
            "seen_revision": state.revision_id,
            "decision": "return",
            "comment": "请补充参加人数",
        }

        responses = together(
            approval(branch.clients[0], state),
            partial(branch.clients[1].post, address, returning),
        )

        statuses = [getattr(response, "status_code", response) for response in responses]
        assert sorted(statuses, key=str) == [302, 409], statuses
        page.refresh_from_db()
        assert page.live == (statuses[0] == 302)


def test_a_draft_saved_in_the_moment_of_approval_is_never_published_unseen(branch):
    for number in range(FEWER_TRIALS):
        page, state = branch.draft(number)
        seen = page.title

        response, revision = together(
            approval(branch.clients[0], state),
            partial(change_draft, page, branch.author, title="没有人看过的内容"),
        )

        assert not isinstance(revision, Exception), revision
        stored = ActivityPage.objects.get(pk=page.pk)
        status = getattr(response, "status_code", response)
        assert status in (302, 409), status
        if stored.live:
            assert status == 302
            assert stored.title == seen
            assert stored.live_revision_id == state.revision_id
        else:
            assert status == 409
