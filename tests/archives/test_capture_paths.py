"""Every route on which something goes live leaves exactly the records it should."""

from __future__ import annotations

import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from portal.archives import capture as capture_module
from portal.archives.models import LedgerEntry, Record
from portal.pages.models import NewsIndexPage, NewsPage, NoticeIndexPage, Publication
from tests.archives.observation import (
    assert_recorded,
    assert_sound,
    events,
    fields,
    records,
    stored,
)
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

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

RICH = "<p>第一段，正文。</p>"


def total() -> tuple[int, int]:
    """How many records and ledger entries there are."""
    return Record.objects.count(), LedgerEntry.objects.count()


def test_an_approval_records_who_drafted_submitted_and_approved():
    branch = make_branch("采煤一队党支部")
    author = make_user("organization_member", unit=branch, name="田小禾")
    reviewer = make_user("branch_secretary", unit=branch, name="秦伯安")
    page = make_activity_page(make_branch_page(branch), author, "开展主题党日")

    approve(submit(page, author), reviewer)

    assert_recorded(page, "开展主题党日")
    assert events(page) == ["capture"]
    record = records(page)[0]
    assert record.captured_by == reviewer
    assert record.unit == branch
    payload = capture_module.capture_payload(record)
    assert [(step["action"], step["person"]) for step in payload["process"]] == [
        ("draft", "田小禾"),
        ("submit", "田小禾"),
        ("approve", "秦伯安"),
        ("publish", "秦伯安"),
    ]
    assert Publication.objects.get(pk=page.pk).title == "开展主题党日"


def test_a_scheduled_publication_is_recorded_when_it_happens(time_machine):
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    page = make_news_page(title="预约发布", live=False)
    draft = page.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + datetime.timedelta(hours=2)
    draft.save_revision().publish()
    assert not stored(page).live
    assert records(page) == []

    time_machine.move_to("2026-11-20 11:00+08:00", tick=False)
    call_command("publish_scheduled")

    assert stored(page).live
    assert_recorded(page, "预约发布")


def test_a_scheduled_end_is_an_event(time_machine):
    time_machine.move_to("2026-11-20 08:00+08:00", tick=False)
    page = make_news_page(
        title="到期下线", live=True, expire_at=timezone.now() + datetime.timedelta(hours=2)
    )
    time_machine.move_to("2026-11-20 11:00+08:00", tick=False)
    call_command("publish_scheduled")

    assert not stored(page).live
    assert events(page) == ["capture", "end"]
    assert records(page)[0].ended_at == timezone.now()
    assert not Publication.objects.filter(pk=page.pk).exists()
    assert_sound()


def test_many_publications_in_one_transaction_make_one_record_each():
    drafts = [make_news_page(title=f"批量{number}") for number in range(5)]
    before = total()

    with transaction.atomic():
        for page in drafts:
            page.get_latest_revision().publish()
        assert total() == before, "the ledger is written once, before the commit"

    for number, page in enumerate(drafts):
        assert_recorded(page, f"批量{number}")


def test_a_live_copy_has_its_own_record():
    page = make_news_page(title="原件", live=True)
    copied = page.copy(update_attrs={"slug": "copied", "title": "副本"}, keep_live=True)
    draft = page.copy(update_attrs={"slug": "draft"}, keep_live=False)

    assert_recorded(page, "原件")
    assert_recorded(copied, "副本")
    assert records(draft) == []


def test_a_copied_branch_of_the_tree_is_recorded_page_by_page():
    branch_page = make_branch_page(make_branch())
    make_activity_page(branch_page, title="甲", live=True)
    unit = make_branch()
    before = Record.objects.count()

    copied = branch_page.copy(
        recursive=True, update_attrs={"slug": "second", "branch": unit}, keep_live=True
    )

    assert Record.objects.count() == before + 2
    assert_recorded(copied.get_children().get(), "甲")


def test_an_alias_and_its_synchronization_are_recorded():
    page = make_news_page(title="第一版", live=True)
    alias = page.create_alias(update_slug="alias", parent=NewsIndexPage.objects.get())
    assert_recorded(alias, "第一版")

    change_draft(stored(page), None, title="第二版").publish()

    assert_recorded(page, "第一版", "第二版")
    assert_recorded(alias, "第一版", "第二版")

    stored(page).unpublish()
    assert events(alias) == ["capture", "capture", "end"]
    assert_sound()


def test_a_page_added_live_is_recorded():
    page = NewsIndexPage.objects.get().add_child(
        instance=NewsPage(title="直接添加", slug="direct", live=True)
    )
    assert_recorded(page, "直接添加")


def test_a_revision_published_in_code_is_recorded_with_its_log_entry():
    page = make_news_page(title="代码发布")
    page.get_latest_revision().publish()
    assert_recorded(page, "代码发布")
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count() == 1


def test_a_changed_republication_is_a_version_and_an_unchanged_one_is_nothing():
    page = make_news_page(title="第一版", live=True, body=[("text", RICH)])
    before = total()

    stored(page).save_revision().publish()
    assert total() == before

    change_draft(stored(page), None, title="第二版").publish()
    assert_recorded(page, "第一版", "第二版")


def test_going_back_to_an_old_revision_is_a_version_of_its_own():
    page = make_news_page(title="第一版", live=True)
    first = page.live_revision
    change_draft(stored(page), None, title="第二版").publish()

    reverted = first.as_object().save_revision(previous_revision=first, log_action=True)
    reverted.publish(previous_revision=first)

    assert_recorded(page, "第一版", "第二版", "第一版")


def test_a_live_page_that_is_saved_is_recorded_whichever_class_saves_it():
    page = make_news_page(title="第一版", live=True)
    live = stored(page)
    live.summary = "补充摘要"
    live.save()
    plain = Page.objects.get(pk=page.pk)
    plain.title = "第三版"
    plain.save()

    assert_recorded(page, "第一版", "第一版", "第三版")
    assert fields(records(page)[1])["summary"] == "补充摘要"


def test_a_draft_over_a_live_page_makes_no_record_and_never_enters_one():
    page = make_news_page(title="第一版", live=True)
    before = total()
    live = stored(page)
    live.title = live.summary = "未经审核的草稿"
    live.save_revision()
    assert total() == before

    # Something of the live page changes while the draft waits.
    fresh = stored(page)
    assert fresh.title == "第一版"
    fresh.summary = "线上摘要"
    fresh.save()

    assert_recorded(page, "第一版", "第一版")
    assert "未经审核的草稿" not in str(capture_module.capture_payload(records(page)[1]))


def test_withdrawing_and_publishing_again_are_an_event_and_a_new_version():
    page = make_news_page(title="第一版", live=True)
    stored(page).unpublish()
    assert events(page) == ["capture", "end"]

    stored(page).get_latest_revision().publish()
    assert events(page) == ["capture", "end", "capture"]
    assert_recorded(page, "第一版", "第一版")


def test_withdrawing_a_tree_ends_every_page_of_it():
    from wagtail.actions.unpublish_page import UnpublishPageAction

    branch_page = make_branch_page(make_branch())
    activity = make_activity_page(branch_page, title="甲", live=True)
    superuser = make_user(is_superuser=True)

    UnpublishPageAction(stored(branch_page), include_descendants=True, user=superuser).execute(
        skip_permission_checks=True
    )

    assert events(branch_page) == ["capture", "end"]
    assert events(activity) == ["capture", "end"]
    assert_sound()


def test_deleting_a_live_page_ends_its_record_and_keeps_it():
    page = make_news_page(title="删除", live=True)
    stored(page).delete()

    assert not Page.objects.filter(pk=page.pk).exists()
    assert events(page) == ["capture", "end"]
    assert records(page)[0].ended_at is not None
    end = LedgerEntry.objects.filter(kind="end").latest("sequence")
    from portal.archives.ledger import payload_of

    assert payload_of(end.sequence)["event"] == "delete"
    assert_sound()


def test_deleting_a_parent_ends_the_records_of_all_below():
    branch_page = make_branch_page(make_branch())
    activity = make_activity_page(branch_page, title="甲", live=True)
    stored(branch_page).delete()
    assert events(branch_page) == ["capture", "end"]
    assert events(activity) == ["capture", "end"]
    assert_sound()


def test_a_queryset_deletion_ends_records_too():
    page = make_news_page(title="甲", live=True)
    NewsPage.objects.filter(pk=page.pk).delete()
    assert events(page) == ["capture", "end"]
    assert_sound()


def test_moving_a_page_changes_its_address_and_no_record():
    page = make_news_page(title="搬家", live=True)
    before = total()
    stored(page).move(NoticeIndexPage.objects.get(), pos="last-child")
    assert total() == before
    assert Publication.objects.get(pk=page.pk).url_path == stored(page).url_path
    assert_sound()


def test_moving_a_parent_takes_the_addresses_of_all_below_along():
    branch_page = make_branch_page(make_branch())
    activity = make_activity_page(branch_page, title="甲", live=True)
    moved = stored(branch_page)
    moved.slug = "renamed"
    moved.save()
    assert "/renamed/" in stored(activity).url_path
    assert Publication.objects.get(pk=activity.pk).url_path == stored(activity).url_path


def test_a_rolled_back_transaction_leaves_nothing():
    page = make_news_page(title="回滚")
    before = total()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        page.get_latest_revision().publish()
        raise ZeroDivisionError
    assert not stored(page).live
    assert total() == before
    # Nothing of it is left for the next transaction either.
    stored(page).save_revision()
    assert total() == before
    assert_sound()


def test_a_rolled_back_savepoint_leaves_nothing_of_its_page():
    kept, dropped = make_news_page(title="保留"), make_news_page(title="放弃")
    with transaction.atomic():
        kept.get_latest_revision().publish()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            dropped.get_latest_revision().publish()
            raise ZeroDivisionError
    assert_recorded(kept, "保留")
    assert records(dropped) == []


def test_callbacks_after_the_commit_see_the_record():
    page = make_news_page(title="回调")
    seen: list[int] = []
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(len(records(page))))
        page.get_latest_revision().publish()
        assert seen == []
    assert seen == [1]
    assert connection.get_autocommit()


def test_a_publication_whose_record_fails_does_not_happen(monkeypatch):
    page = make_news_page(title="失败")
    before = total()

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the ledger cannot be written")

    monkeypatch.setattr(capture_module.ledger, "append", broken)
    with pytest.raises(RuntimeError):
        page.get_latest_revision().publish()
    monkeypatch.undo()

    assert not stored(page).live
    assert total() == before
    assert not PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").exists()
    # The connection serves on.
    page.get_latest_revision().publish()
    assert_recorded(page, "失败")


@pytest.mark.parametrize("action", ["publish", "unpublish", "copy", "alias", "delete"])
def test_an_action_is_one_transaction_with_its_log(action, monkeypatch):
    """What fails at the very end, in Wagtail's log, leaves nothing of the action."""
    page = make_news_page(title="整体", live=action != "publish")
    before = (total(), Page.objects.count(), stored(page).live)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no log")

    for module in ("publish_revision", "unpublish", "copy_page", "create_alias", "delete_page"):
        monkeypatch.setattr(f"wagtail.actions.{module}.log", broken)
    actions = {
        "publish": lambda: page.get_latest_revision().publish(),
        "unpublish": lambda: stored(page).unpublish(),
        "copy": lambda: page.copy(update_attrs={"slug": "copied"}),
        "alias": lambda: page.create_alias(update_slug="alias"),
        "delete": lambda: stored(page).delete(),
    }
    with pytest.raises(RuntimeError):
        actions[action]()
    monkeypatch.undo()
    assert (total(), Page.objects.count(), stored(page).live) == before
    assert_sound()
