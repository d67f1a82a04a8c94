"""Consultations on drafts: by name, editable once, one answer each, the result without names."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.archives.models import Record
from portal.people.models import User
from portal.publishing.queue import flush
from portal.refusals import NotPossible, NotYours, TooLate
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.publicity import DAY, make_consultation
from tests.factories.standards import HOUSING_2025, draft, officer, published, publisher
from veterans.models import Comment, ConsultationPage, ConsultationResultPage
from veterans.publicity import consultations
from veterans.standards.services import copy_version

pytestmark = [pytest.mark.database, pytest.mark.django_db]
WORDS = "建议第二条写明按月发还是按季发。"


@pytest.fixture(autouse=True)
def monday(time_machine):
    """A Monday without holidays near it."""
    time_machine.move_to("2026-11-23 09:00+08:00")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page() -> ConsultationPage:
    """A consultation that takes comments for a week."""
    return make_consultation()


def body_text(page: ConsultationPage) -> str:
    return str(page.body)


def test_the_page_holds_the_draft_and_what_changes_and_is_a_record() -> None:
    published(HOUSING_2025, effective_from=datetime.date(2026, 11, 23))
    version = draft(effective_from=datetime.date(2027, 1, 1))
    page = make_consultation(version=version)
    text = body_text(page)
    assert "与现行标准相比的变化" in text
    assert "1,400元" in text
    assert "1,500元" in text
    flush()
    assert Record.objects.filter(source_kind="page", source_id=str(page.pk)).count() == 1


def test_comments_are_named_and_changed_once(page: ConsultationPage) -> None:
    writer, other = make_user(), make_user()
    comment = consultations.write_comment(page.pk, writer, f"  {WORDS} ")
    assert comment.text == WORDS
    with pytest.raises(NotYours):
        consultations.edit_comment(comment.pk, other, "别人的话")
    consultations.edit_comment(comment.pk, writer, "改过一次")
    with pytest.raises(TooLate):
        consultations.edit_comment(comment.pk, writer, "改第二次")
    assert Comment.objects.get().text == "改过一次"


@pytest.mark.parametrize("words", ["", "   ", "字" * 1001])
def test_no_words_and_too_many_are_refused_and_stay(page: ConsultationPage, words: str) -> None:
    with pytest.raises(NotPossible):
        consultations.write_comment(page.pk, make_user(), words)
    flush()
    answer = client_of(make_user()).post(
        reverse("support_comment", args=[page.pk]), {"text": words}
    )
    assert answer.status_code == 422
    assert words.strip() in answer.content.decode()


def test_comments_are_taken_from_the_first_to_the_last_day(time_machine) -> None:
    today = timezone.localdate()
    page = make_consultation(first_day=today + DAY, last_day=today + 2 * DAY)
    writer = make_user()
    with pytest.raises(TooLate):
        consultations.write_comment(page.pk, writer, WORDS)
    time_machine.shift(2 * DAY)
    comment = consultations.write_comment(page.pk, writer, WORDS)
    time_machine.shift(DAY)
    for write in (
        lambda: consultations.write_comment(page.pk, writer, WORDS),
        lambda: consultations.edit_comment(comment.pk, writer, WORDS),
    ):
        with pytest.raises(TooLate):
            write()


def test_an_answered_comment_is_changed_no_more(page: ConsultationPage) -> None:
    writer = make_user()
    comment = consultations.write_comment(page.pk, writer, WORDS)
    consultations.answer_comment(comment.pk, officer(), "adopted", "采纳，写明按月发。")
    with pytest.raises(TooLate):
        consultations.edit_comment(comment.pk, writer, "改一改")


def test_nobody_answers_what_they_wrote(page: ConsultationPage) -> None:
    comment = consultations.write_comment(page.pk, officer(), WORDS)
    with pytest.raises(NotYours):
        consultations.answer_comment(comment.pk, officer(), "adopted", "好")
    with pytest.raises(NotYours):
        consultations.answer_comment(comment.pk, publisher(), "adopted", "好")
    with pytest.raises(NotPossible):
        consultations.answer_comment(comment.pk, make_user("veterans_officer"), "x", "好")


def test_the_result_waits_for_the_last_day_and_the_last_answer(
    page: ConsultationPage, time_machine
) -> None:
    writer = make_user()
    first = consultations.write_comment(page.pk, writer, WORDS)
    second = consultations.write_comment(page.pk, make_user(), "<b>金额</b>太低。")
    consultations.answer_comment(first.pk, officer(), "partly", "部分采纳。")
    with pytest.raises(TooLate):
        consultations.write_result_draft(page.pk, officer())
    time_machine.move_to("2026-12-01 09:00+08:00")
    with pytest.raises(NotPossible):
        consultations.write_result_draft(page.pk, officer())
    consultations.answer_comment(second.pk, officer(), "explained", "今年预算已定。")
    result = consultations.write_result_draft(page.pk, officer())
    assert not result.live
    assert (result.received, result.adopted) == (2, 1)
    text = str(result.body)
    assert str(writer.person) not in text
    assert "&lt;b&gt;" in text
    assert "今年预算已定" in text
    # Asked again, the same draft is written anew.
    assert consultations.write_result_draft(page.pk, officer()).pk == result.pk
    result.get_latest_revision().publish(user=publisher(), skip_permission_checks=True)
    with pytest.raises(TooLate):
        consultations.answer_comment(first.pk, officer(), "adopted", "改主意")
    assert ConsultationResultPage.objects.live().count() == 1


def test_who_reads_which_names(page: ConsultationPage) -> None:
    flush()
    writer, reader = make_user(), make_user()
    consultations.write_comment(page.pk, writer, WORDS)
    name = str(writer.person)
    assert name in client_of(writer).get(page.url).content.decode()
    seen = client_of(officer()).get(page.url).content.decode()
    assert name in seen
    masked = client_of(reader).get(page.url).content.decode()
    assert WORDS in masked
    assert f">{name}<" not in masked
    assert Client().get(page.url).status_code in (302, 403, 404)


def test_exactly_the_officer_answers_and_finishes(page: ConsultationPage) -> None:
    comment = consultations.write_comment(page.pk, make_user(), WORDS)
    version = draft()
    addresses = [
        reverse("support_comment_answer", args=[comment.pk]),
        reverse("support_standard_consult", args=[version.pk]),
    ]
    for code in ROLES:
        client = client_of(make_user(code))
        expected = 200 if code == "veterans_officer" else 403
        for address in addresses:
            assert client.get(address).status_code == expected, (code, address)
        finish = client.post(reverse("support_consultation_result", args=[page.pk]))
        assert finish.status_code == (302 if code == "veterans_officer" else 403), code
    stranger = client_of(make_user())
    assert stranger.get(reverse("support_comment_edit", args=[comment.pk])).status_code == 404


def test_from_the_draft_to_its_page(page: ConsultationPage) -> None:
    version = draft()
    client = client_of(officer())
    address = reverse("support_standard_consult", args=[version.pk])
    for days in ({}, {"first_day": "2026-12-09", "last_day": "2026-12-01"}, {"first_day": "x"}):
        answer = client.post(address, days)
        assert answer.status_code == 422
    made = client.post(address, {"first_day": "2026-12-01", "last_day": "2026-12-09"})
    assert made.status_code == 302
    written = ConsultationPage.objects.exclude(pk=page.pk).get()
    assert not written.live
    assert "住房补贴" in written.title
    in_force = published()
    assert (
        client.post(
            reverse("support_standard_consult", args=[in_force.pk]),
            {"first_day": "2026-12-01", "last_day": "2026-12-09"},
        ).status_code
        == 422
    )


def test_a_draft_is_copied_to_a_new_item() -> None:
    from veterans.models import SupportItem

    source = draft(region="149902", region_name="桐湖市")
    item = SupportItem.objects.create(
        code="thirteenth", name="第十三项", category="health", unit=source.item.unit
    )
    made = copy_version(source.pk, officer(), source.effective_from, item)
    assert (made.item, made.number, made.region) == (item, 1, "")
    assert made.materials.count() == source.materials.count()
    assert made.limits.count() == source.limits.count()
