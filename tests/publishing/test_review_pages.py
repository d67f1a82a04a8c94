"""The review pages: what a reviewer sees, decides and is told."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState

from branches.models import ActivityPage
from portal.archives.models import Record
from tests.factories.organizations import make_branch
from tests.factories.pages import (
    approve,
    change_draft,
    make_activity_page,
    make_branch_page,
    submit,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """One branch with an author, a reviewer and a draft under review."""

    def __init__(self) -> None:
        self.branch = make_branch("洗煤厂党支部")
        self.branch_page = make_branch_page(self.branch)
        self.author = make_user("organization_member", unit=self.branch, name="田小禾")
        self.secretary = make_user("branch_secretary", unit=self.branch, name="秦伯安")
        self.page = make_activity_page(self.branch_page, self.author, "开展主题党日")
        self.state = submit(self.page, self.author)

    def decide(self, client: Client, decision: str, comment: str = "", seen: int | None = None):
        """Post a decision on the review page."""
        return client.post(
            reverse("review", args=[self.state.pk]),
            {
                "seen_revision": self.state.revision_id if seen is None else seen,
                "decision": decision,
                "comment": comment,
            },
        )

    def stored(self) -> ActivityPage:
        """The page as the database has it."""
        return ActivityPage.objects.get(pk=self.page.pk)


@pytest.fixture
def world() -> World:
    return World()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_review_page_shows_the_revision_that_its_form_carries(world):
    client = signed_in(world.secretary)

    listing = client.get(reverse("reviews")).content.decode()
    page = client.get(reverse("review", args=[world.state.pk]))

    assert "开展主题党日" in listing
    assert page.context["form"].initial["seen_revision"] == world.state.revision_id
    shown = reverse("review_preview", args=[world.state.pk, world.state.revision_id])
    assert f'src="{shown}"' in page.content.decode()
    preview = client.get(shown)
    assert preview.status_code == 200
    assert "开展主题党日" in preview.content.decode()
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_approved_draft_is_published_with_its_record(world):
    response = world.decide(signed_in(world.secretary), "approve")

    assert response.status_code == 302
    page = world.stored()
    assert page.live
    assert page.live_revision_id == world.state.revision_id
    assert Record.objects.filter(source_id=str(page.pk)).count() == 1
    assert mail.outbox == []


def test_a_return_needs_a_reason_and_keeps_what_was_typed(world):
    client = signed_in(world.secretary)

    refused = world.decide(client, "return", "   ")
    too_long = world.decide(client, "return", "改" * 501)
    nonsense = world.decide(client, "publish-all", "请补充地点")

    assert refused.status_code == 422
    assert "请说明" in refused.content.decode() or refused.context["form"].errors["comment"]
    assert too_long.status_code == 422
    assert "改" * 501 in too_long.content.decode()
    assert nonsense.status_code == 422
    assert "请补充地点" in nonsense.content.decode()
    assert not world.stored().live


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", "1 OR 1=1"])
def test_a_form_that_lost_its_revision_is_refused_in_words(world, seen):
    response = world.decide(signed_in(world.secretary), "approve", "同意", seen)

    assert response.status_code == 422
    assert "同意" in response.content.decode()
    assert not world.stored().live


def test_a_returned_draft_goes_back_with_the_reason(world):
    response = world.decide(signed_in(world.secretary), "return", "请补充参加人数")

    assert response.status_code == 302
    state = TaskState.objects.get(pk=world.state.pk)
    assert state.status == TaskState.STATUS_REJECTED
    assert state.comment == "请补充参加人数"
    assert not world.stored().live
    assert mail.outbox == []


def test_a_draft_saved_after_the_reviewer_looked_is_not_published(world):
    client = signed_in(world.secretary)
    seen = world.state.revision_id
    newer = change_draft(world.page, world.author, title="开展主题党日（已改）")

    response = world.decide(client, "approve", seen=seen)

    assert response.status_code == 409
    difference = reverse("review_difference", args=[world.state.pk, seen, newer.pk])
    assert difference in response.content.decode()
    assert not world.stored().live
    compared = client.get(difference)
    assert compared.status_code == 200
    assert "已改" in compared.content.decode()
    # The review goes on with the newer draft, and approving that one publishes exactly it.
    again = client.get(reverse("review", args=[world.state.pk]))
    assert again.context["form"].initial["seen_revision"] == newer.pk
    assert world.decide(client, "approve", seen=newer.pk).status_code == 302
    assert world.stored().title == "开展主题党日（已改）"


def test_a_draft_cannot_be_replaced_in_place_behind_the_reviewer(world):
    seen = world.page.get_latest_revision()
    draft = world.page.get_latest_revision_as_object()
    draft.title = "偷偷换掉的内容"

    written = draft.save_revision(user=world.author, overwrite_revision=seen)

    assert written.pk != seen.pk
    seen.refresh_from_db()
    assert seen.content["title"] == "开展主题党日"
    assert world.decide(signed_in(world.secretary), "approve", seen=seen.pk).status_code == 409
    assert not world.stored().live


def test_nobody_who_wrote_part_of_the_draft_approves_it(world):
    change_draft(world.page, world.secretary, place="会议室")
    world.state.refresh_from_db()
    client = signed_in(world.secretary)

    response = world.decide(client, "approve")

    assert response.status_code == 403
    assert not world.stored().live
    assert "开展主题党日" not in client.get(reverse("reviews")).content.decode()


def test_the_author_cannot_approve_even_as_a_secretary(world):
    both = make_user("organization_member", "branch_secretary", unit=world.branch, name="何静")
    page = make_activity_page(world.branch_page, both, "自己写自己批")
    state = submit(page, both)

    response = signed_in(both).post(
        reverse("review", args=[state.pk]),
        {"seen_revision": state.revision_id, "decision": "approve"},
    )

    assert response.status_code == 403
    assert not ActivityPage.objects.get(pk=page.pk).live


def test_a_reviewer_of_another_branch_neither_sees_nor_decides(world):
    other = make_branch("机电队党支部")
    make_branch_page(other)
    stranger = signed_in(make_user("branch_secretary", unit=other))

    assert "开展主题党日" not in stranger.get(reverse("reviews")).content.decode()
    addresses = [
        reverse("review", args=[world.state.pk]),
        reverse("review_preview", args=[world.state.pk, world.state.revision_id]),
        reverse(
            "review_difference",
            args=[world.state.pk, world.state.revision_id, world.state.revision_id],
        ),
    ]
    for address in addresses:
        response = stranger.get(address)
        assert response.status_code == 403, address
        assert "开展主题党日" not in response.content.decode()
    assert world.decide(stranger, "approve").status_code == 403
    assert not world.stored().live


def test_a_review_that_is_over_names_who_decided(world):
    approve(world.state, world.secretary)
    second = make_user("branch_secretary", unit=world.branch, name="许文竹")

    response = world.decide(signed_in(second), "return", "不同意")

    assert response.status_code == 409
    assert "秦伯安" in response.content.decode()
    assert world.stored().live
    closed = signed_in(second).get(reverse("review", args=[world.state.pk]))
    assert "秦伯安" in closed.content.decode()
    assert 'name="decision"' not in closed.content.decode()


def test_the_editor_submits_first_and_leads_a_reviewer_to_the_review(world):
    draft = make_activity_page(world.branch_page, world.author, "还没有提交")
    editor = signed_in(world.author).get(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    under_review = signed_in(world.secretary).get(
        reverse("wagtailadmin_pages:edit", args=[world.page.pk])
    )

    text = editor.content.decode()
    assert (
        text.index('name="action-submit"') < text.index("action-unpublish")
        if ("action-unpublish" in text)
        else 'name="action-submit"' in text
    )
    assert 'name="action-publish"' not in text
    assert "提交审核" in text
    assert reverse("review", args=[world.state.pk]) in under_review.content.decode()


def test_an_author_submits_from_the_editor_without_any_mail(world):
    draft = make_activity_page(world.branch_page, world.author, "从编辑页提交")
    make_user(is_superuser=True).__class__.objects.filter(is_superuser=True).update(
        email="admin@example.test"
    )
    submit(draft, world.author)

    assert mail.outbox == []


def test_the_list_of_reviews_costs_the_same_at_any_length(world):
    client = signed_in(world.secretary)
    address = reverse("reviews")
    client.get(address)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = queries()
    for number in range(6):
        author = make_user("organization_member", unit=world.branch)
        submit(make_activity_page(world.branch_page, author, f"第{number}篇"), author)
    many = queries()

    assert many == few
