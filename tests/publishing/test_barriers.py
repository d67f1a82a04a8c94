"""The last barrier before the commit: whatever route is opened, one person is not enough."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from branches.models import ActivityPage
from portal.archives.actors import act_as
from portal.archives.models import Record
from portal.people.models import User
from portal.publishing import services
from portal.publishing.refusals import PublishingRefused
from tests.factories.organizations import make_branch
from tests.factories.pages import (
    approve,
    change_draft,
    make_activity_page,
    make_branch_page,
    make_news_page,
    submit,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def branch_page():
    return make_branch_page(make_branch("地测科党支部"))


@pytest.fixture
def author(branch_page):
    return make_user("organization_member", unit=branch_page.branch, name="田小禾")


@pytest.fixture
def secretary(branch_page):
    return make_user("branch_secretary", unit=branch_page.branch, name="秦伯安")


@pytest.fixture
def superuser():
    return make_user(is_superuser=True)


def in_the_web(user: User):
    """As a request of this account runs."""
    return act_as(user_id=user.pk, in_request=True)


def live_titles() -> set[str]:
    return set(Page.objects.filter(live=True, depth__gt=3).values_list("title", flat=True))


def test_a_workflow_of_ones_own_publishes_nothing(branch_page, superuser):
    """A superuser builds a workflow with a task for an own group and approves in it."""
    group = superuser.groups.create(name="自己批")
    task = GroupApprovalTask.objects.create(name="自己批")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="自己批")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=branch_page)
    page = make_activity_page(branch_page, superuser, "自己批的文章")
    state = submit(page, superuser)
    client = Client(raise_request_exception=False)
    client.force_login(superuser)

    response = client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]),
        {"comment": "同意"},
    )

    assert response.status_code == 403
    assert "第二" in response.content.decode()
    assert "自己批的文章" not in live_titles()
    assert not Record.objects.filter(source_id=str(page.pk)).exists()


@pytest.mark.parametrize("route", ["publish", "save", "add_child", "copy", "unpublish and back"])
def test_no_call_made_in_a_request_puts_content_live(branch_page, author, superuser, route):
    live = make_activity_page(branch_page, author, "已发布", live=True)
    draft = make_activity_page(branch_page, author, "草稿")
    news = make_news_page(author, "新闻", live=True)
    if route == "unpublish and back":
        with in_the_web(superuser):
            live.unpublish(user=superuser)
        live = ActivityPage.objects.get(pk=live.pk)
    before = live_titles()

    with in_the_web(superuser), pytest.raises(PublishingRefused) as refused:
        if route == "publish":
            draft.get_latest_revision().publish(user=superuser, skip_permission_checks=True)
        elif route == "save":
            draft.live = True
            draft.save()
        elif route == "add_child":
            branch_page.refresh_from_db()
            branch_page.add_child(
                instance=ActivityPage(
                    title="直接加上",
                    slug="direct",
                    activity_kind="other",
                    held_on=datetime.date(2026, 11, 2),
                    live=True,
                )
            )
        elif route == "copy":
            news.copy(keep_live=True, update_attrs={"slug": "copied"}, user=superuser)
        else:
            live.get_latest_revision().publish(user=superuser, skip_permission_checks=True)

    assert live_titles() == before
    assert "第二" in str(refused.value)


def test_a_live_page_cannot_be_changed_in_place(branch_page, author, superuser):
    live = make_activity_page(branch_page, author, "原来的标题", live=True)

    with in_the_web(superuser), pytest.raises(PublishingRefused):
        live.title = "改过的标题"
        live.save()

    assert Page.objects.get(pk=live.pk).title == "原来的标题"


def test_a_draft_saved_over_a_page_published_meanwhile_does_not_withdraw_it(
    branch_page, author, secretary
):
    page = make_activity_page(branch_page, author, "刚刚批准的")
    state = submit(page, author)
    # The editor has read the draft, then the reviewer publishes it, then the editor saves.
    stale = ActivityPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    approve(state, secretary)

    with in_the_web(author):
        stale.title = "迟到的改动"
        stale.save()
        stale.save_revision(user=author)

    stored = ActivityPage.objects.get(pk=page.pk)
    assert (stored.live, stored.title) == (True, "刚刚批准的")
    assert stored.has_unpublished_changes
    assert stored.get_latest_revision_as_object().title == "迟到的改动"
    assert Record.objects.get(source_id=str(page.pk)).ended_at is None


def test_a_page_may_still_be_withdrawn(branch_page, author, superuser):
    live = make_activity_page(branch_page, author, "要撤回的", live=True)

    with in_the_web(superuser):
        ActivityPage.objects.get(pk=live.pk).unpublish(user=superuser)

    assert "要撤回的" not in live_titles()


def test_approval_of_one_page_opens_no_door_for_another(branch_page, author, secretary):
    state = submit(make_activity_page(branch_page, author, "审过的"), author)
    other = make_activity_page(branch_page, author, "没审的")

    approve(state, secretary)

    with in_the_web(secretary), pytest.raises(PublishingRefused):
        other.get_latest_revision().publish(user=secretary, skip_permission_checks=True)
    assert live_titles() >= {"审过的"}
    assert "没审的" not in live_titles()


def test_a_schedule_publishes_exactly_what_was_approved(
    branch_page, author, secretary, time_machine
):
    time_machine.move_to("2026-12-01 10:00+08:00")
    page = make_activity_page(branch_page, author, "定时发布")
    change_draft(page, author, go_live_at=timezone.now() + datetime.timedelta(hours=2))
    state = submit(page, author)

    approve(state, secretary)

    assert "定时发布" not in live_titles()
    # Anything saved after the approval stays a draft, and it does not stop the schedule either.
    change_draft(page, author, title="没有人审过的改动")
    time_machine.move_to("2026-12-01 13:00+08:00")
    call_command("publish_scheduled")
    assert "定时发布" in live_titles()
    assert "没有人审过的改动" not in live_titles()
    assert Record.objects.filter(source_id=str(page.pk)).count() == 1


def test_reviews_send_no_mail_in_a_foreign_tongue(branch_page, author, secretary, superuser):
    User.objects.filter(pk__in=[author.pk, secretary.pk, superuser.pk]).update(
        email="somebody@example.test"
    )
    client = Client()
    client.force_login(author)
    # The admin is loaded, so Wagtail has connected whatever it connects.
    client.get(reverse("wagtailadmin_home"))

    first = submit(make_activity_page(branch_page, author, "通过的"), author)
    second = submit(make_activity_page(branch_page, author, "退回的"), author)
    approve(first, secretary)
    with in_the_web(secretary):
        services.return_for_changes(
            second.pk, seen_revision_id=second.revision_id, user=secretary, comment="请补充"
        )

    assert mail.outbox == []


def test_bulk_publishing_is_offered_to_nobody_and_refused(branch_page, author, superuser):
    page = make_activity_page(branch_page, author, "未经审核的活动")
    client = Client(raise_request_exception=False)
    client.force_login(superuser)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    listing = client.get(reverse("wagtailadmin_explore", args=[branch_page.pk])).content.decode()

    assert address not in listing
    assert reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]) in listing
    assert client.post(f"{address}?id={page.pk}").status_code == 403
    assert "未经审核的活动" not in live_titles()


def test_the_dialog_for_outside_links_tells_no_titles(branch_page, author, superuser):
    page = make_activity_page(branch_page, author, "只给本支部看的活动", live=True)
    client = Client()
    client.force_login(make_user("union_staff"))
    answer = client.post(
        reverse("wagtailadmin_choose_page_external_link"),
        {
            "external-link-chooser-url": f"http://localhost{page.url_path.removeprefix('/home')}",
            "external-link-chooser-link_text": "看这里",
        },
    )
    assert answer.status_code == 200
    assert page.title not in str(answer.json())
    assert "id" not in answer.json()["result"]
