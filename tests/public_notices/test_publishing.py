"""A notice becomes a page: four eyes, one transaction, a record; nobody makes one by hand."""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import override

from portal.archives.actors import act_as
from portal.archives.capture import capture_payload
from portal.archives.models import Record
from portal.pages.models import Publication
from portal.public_notices.models import NoticeEvent, PublicNotice, PublicNoticePage
from portal.public_notices.refusals import NoticeMoved, NoticeRefused
from portal.public_notices.services import publish_notice
from portal.publishing.refusals import NotReviewer, OwnWork, PublishingRefused
from tests.factories.people import make_user
from tests.factories.public_notices import MONDAY, make_notice, make_running_notice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def officer():
    return make_user("veterans_officer", name="田小禾")


@pytest.fixture
def approver():
    return make_user("party_approver", name="秦伯安")


def in_the_web(user):
    """As a request of this account runs."""
    return act_as(user_id=user.pk, in_request=True)


def test_it_is_published_and_captured_in_the_transaction_of_the_caller(officer, approver):
    notice = make_notice()
    with in_the_web(approver), transaction.atomic():
        publish_notice(notice, officer, approver, today=MONDAY)
        assert not Record.objects.filter(kind="public-notice").exists()
    page = PublicNoticePage.objects.get()
    record = Record.objects.get(kind="public-notice")
    assert (notice.state, notice.page_id) == ("running", page.pk)
    assert (notice.starts_on, notice.ends_on) == (MONDAY, datetime.date(2026, 11, 30))
    assert page.live
    assert (page.starts_on, page.ends_on) == (notice.starts_on, notice.ends_on)
    assert record.source_id == str(page.pk)
    assert record.access_level == "open"
    assert Publication.objects.get(pk=page.pk).audience == "public"
    steps = [(step["action"], step["person"]) for step in capture_payload(record)["process"]]
    assert steps == [
        *(("draft", "田小禾"), ("submit", "田小禾")),
        *(("approve", "秦伯安"), ("publish", "秦伯安")),
    ]
    assert [event.kind for event in notice.events.all()] == [NoticeEvent.Kind.PUBLISHED]


def test_the_record_says_what_the_notice_must_say_and_no_whole_name(officer, approver):
    notice = make_running_notice(drafted_by=officer, approved_by=approver)
    payload = capture_payload(Record.objects.get(kind="public-notice"))
    payload["content"]["fields"]["body"] = json.loads(payload["content"]["fields"]["body"])
    text = str(payload)
    for words in (
        *("张*", "欧阳**", "采煤一队", "住房补贴", "5000元至10000元"),
        *("2026年11月23日", "2026年11月30日", notice.basis, notice.phone, notice.unit.name),
    ):
        assert words in text, words
    for name in ("张三", "欧阳明月"):
        assert name not in text


def test_nothing_remains_of_a_transaction_that_was_rolled_back(officer, approver):
    notice = make_notice()
    with pytest.raises(RuntimeError), in_the_web(approver), transaction.atomic():
        publish_notice(notice, officer, approver, today=MONDAY)
        raise RuntimeError
    assert not PublicNoticePage.objects.exists()
    assert not Record.objects.filter(kind="public-notice").exists()
    assert PublicNotice.objects.get().state == "draft"


def test_the_authority_ends_with_the_transaction(officer, approver):
    """What one approval allowed does not let the next transaction change the page."""
    notice = make_notice()
    with in_the_web(approver):
        publish_notice(notice, officer, approver, today=MONDAY)
        page = PublicNoticePage.objects.get()
        page.basis = "没有人批准过的依据"
        with pytest.raises(PublishingRefused):
            page.save_revision(user=officer).publish(user=officer, skip_permission_checks=True)
    page.refresh_from_db()
    assert page.basis == notice.basis


def test_the_authority_covers_the_approved_revision_only(officer, approver):
    notice = make_notice()
    with pytest.raises(PublishingRefused), in_the_web(approver), transaction.atomic():
        publish_notice(notice, officer, approver, today=MONDAY)
        page = PublicNoticePage.objects.get()
        page.basis = "没有人批准过的依据"
        page.save_revision(user=officer).publish(user=officer, skip_permission_checks=True)
    assert not PublicNoticePage.objects.exists()


def test_one_person_is_not_enough(officer):
    for twice in (officer, make_user(is_superuser=True)):
        with pytest.raises((OwnWork, NotReviewer)):
            publish_notice(make_notice(), twice, twice)
    assert not PublicNoticePage.objects.exists()


@pytest.mark.parametrize(
    "role", ["employee", "branch_secretary", "archivist", "system_administrator"]
)
def test_both_need_the_rights_of_the_section(officer, approver, role):
    stranger = make_user(role)
    for pair in ((officer, stranger), (stranger, approver)):
        with pytest.raises(NotReviewer):
            publish_notice(make_notice(), *pair)
    assert not PublicNoticePage.objects.exists()


def test_nobody_publishes_a_notice_about_oneself(officer, approver):
    for subject in (officer, approver):
        notice = make_notice(subjects=[subject.person])
        with pytest.raises(NoticeRefused):
            publish_notice(notice, officer, approver)
        given_with_it = make_notice()
        with pytest.raises(NoticeRefused):
            publish_notice(given_with_it, officer, approver, subjects=[subject.person])
    assert not PublicNoticePage.objects.exists()


def test_a_notice_is_published_once(officer, approver):
    notice = make_running_notice(drafted_by=officer, approved_by=approver)
    with pytest.raises(NoticeMoved):
        publish_notice(notice, officer, approver)
    assert PublicNoticePage.objects.count() == 1


def test_an_owner_has_one_open_notice(officer, approver):
    make_notice(owner_id="7")
    with pytest.raises(ValidationError):
        make_notice(owner_id="7")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("entries", [{"name": "张三", "unit": "采煤一队", "item": "住房补贴"}]),
        *(("days", 0), ("days", 61), ("phone", "请打电话"), ("section", "kitchen"), ("basis", "")),
    ],
)
def test_wrong_fields_are_named(field, value):
    with pytest.raises(ValidationError) as refused:
        make_notice(**{field: value})
    assert set(refused.value.message_dict) == {field}


def test_the_database_is_of_the_kind_the_tests_mean():
    assert connection.features.supports_table_check_constraints


def test_what_is_published_is_chinese_whatever_the_approver_reads(officer, approver):
    with override("en"):
        notice = make_running_notice(drafted_by=officer, approved_by=approver)
    page = PublicNoticePage.objects.get(pk=notice.page_id)
    text = f"{page.summary}{page.how_to_object}{page.body.raw_data[0]['value']}"
    assert "姓名" in text
    for word in ("Name", "Unit", "object", "people"):
        assert word not in text
