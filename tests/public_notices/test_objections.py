"""Objections by name, the clock that stands still, answers, and the end."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.public_notices.models import NoticeEvent, NoticePause, Objection
from portal.public_notices.refusals import (
    AlreadyAnswered,
    NoticeMoved,
    ObjectionClosed,
    ObjectionRefused,
)
from portal.public_notices.services import (
    answer_objection,
    cancel,
    end_due_notices,
    is_over,
    open_objections,
    pause,
    raise_objection,
    resume,
)
from portal.publishing.refusals import NotReviewer
from portal.workdays.published import PublishedDay
from portal.workdays.services import write_year
from tests.factories.people import make_user
from tests.factories.public_notices import MONDAY, make_running_notice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

REASON = "名单第一行的同志已在外地领取过同一补贴，有文件为证。"
ANSWER = "经核查，外地领取的是另一项补贴，与本公示无关。"
LAST = datetime.date(2026, 11, 30)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{text}")


@pytest.fixture
def notice(owner):
    return make_running_notice()


@pytest.fixture
def colleague():
    return make_user("party_staff", name="何静")


@pytest.fixture
def objector():
    return make_user(name="周立本")


def test_it_is_over_after_its_last_day_and_not_on_it(notice, owner):
    key = ("test", notice.owner_id)
    assert not is_over(*key, LAST)
    assert is_over(*key, LAST + datetime.timedelta(days=1))
    assert end_due_notices(LAST) == "0 public notices ended, 0 failed"
    assert end_due_notices(day("12-01")) == "1 public notices ended, 0 failed"
    assert end_due_notices(day("12-01")) == "0 public notices ended, 0 failed"
    notice.refresh_from_db()
    assert (notice.state, notice.ends_on, notice.closed_on) == ("ended", LAST, day("12-01"))
    assert is_over(*key, day("12-01"))
    assert [told for told, _key in owner.told if told != "lock"] == ["over"]


def test_of_nothing_nothing_is_over():
    assert not is_over("test", "unheard-of", day("12-31"))


def test_an_objection_stops_the_clock_until_it_is_answered(notice, owner, objector, colleague):
    objection = raise_objection(notice, objector, f"  {REASON}\n", today=day("11-25"))
    notice.refresh_from_db()
    assert (notice.state, notice.ends_on) == ("paused", None)
    assert objection.reason == REASON
    assert list(open_objections("test", notice.owner_id)) == [objection]
    assert not is_over("test", notice.owner_id, day("12-31"))
    assert end_due_notices(day("12-31")) == "0 public notices ended, 0 failed"

    answer_objection(objection.pk, colleague, "dismissed", ANSWER, today=day("11-26"))

    notice.refresh_from_db()
    assert (notice.state, notice.ends_on) == ("running", day("12-02"))
    assert not open_objections("test", notice.owner_id).exists()
    told = [(what, about) for what, about in owner.told if what != "lock"]
    assert told == [("objection", notice.owner_id), ("answer", "dismissed")]


def test_the_first_of_two_answers_does_not_let_it_run(notice, objector, colleague):
    first = raise_objection(notice, objector, REASON, today=day("11-24"))
    second = raise_objection(notice, make_user(), REASON, today=day("11-25"))
    answer_objection(first.pk, colleague, "dismissed", ANSWER, today=day("11-25"))
    notice.refresh_from_db()
    assert notice.state == "paused"
    answer_objection(second.pk, colleague, "dismissed", ANSWER, today=day("11-27"))
    notice.refresh_from_db()
    # The 24th to the 27th did not count; the five days begin on Monday the 30th.
    assert (notice.state, notice.ends_on) == ("running", day("12-04"))


def test_an_upheld_objection_calls_the_notice_off(notice, owner, objector, colleague):
    objection = raise_objection(notice, objector, REASON, today=day("11-25"))
    answer_objection(objection.pk, colleague, "upheld", ANSWER, today=day("11-26"))
    notice.refresh_from_db()
    assert (notice.state, notice.closed_on) == ("cancelled", day("11-26"))
    assert not is_over("test", notice.owner_id, day("12-31"))
    assert ("answer", "upheld") in owner.told
    assert not NoticePause.objects.filter(last_on=None).exists()
    # The owner starts again with a new notice, which is the one that counts.
    again = make_running_notice(owner_id=notice.owner_id, today=day("11-27"))
    assert is_over("test", notice.owner_id, day("12-31"))
    assert again.page_id != notice.page_id


def test_two_upheld_objections_move_the_owner_once(notice, owner, objector, colleague):
    first = raise_objection(notice, objector, REASON, today=day("11-25"))
    second = raise_objection(notice, make_user(), REASON, today=day("11-25"))
    for objection in (first, second):
        answer_objection(objection.pk, colleague, "upheld", ANSWER, today=day("11-26"))
    assert [told for told in owner.told if told[0] == "answer"] == [("answer", "upheld")]
    second.refresh_from_db()
    assert second.state == "upheld"
    assert not open_objections("test", notice.owner_id).exists()


def test_an_objection_that_still_waits_holds_a_later_notice(notice, objector, colleague):
    """Called off with one objection open: the next notice cannot be over before its answer."""
    waiting = raise_objection(notice, objector, REASON, today=day("11-25"))
    cancel(notice, colleague, "名单有误，重新公示", today=day("11-25"))
    make_running_notice(owner_id=notice.owner_id, today=day("11-26"))
    assert not is_over("test", notice.owner_id, day("12-31"))
    assert end_due_notices(day("12-31")) == "0 public notices ended, 0 failed"
    answer_objection(waiting.pk, colleague, "dismissed", ANSWER, today=day("12-31"))
    assert is_over("test", notice.owner_id, day("12-31"))
    assert end_due_notices(day("12-31")) == "1 public notices ended, 0 failed"


def test_nobody_objects_after_the_end(notice, objector):
    with pytest.raises(ObjectionClosed) as refused:
        raise_objection(notice, objector, REASON, today=day("12-01"))
    assert notice.phone in str(refused.value)
    end_due_notices(day("12-01"))
    with pytest.raises(ObjectionClosed):
        raise_objection(notice, objector, REASON, today=LAST)
    assert not Objection.objects.exists()


def test_on_the_last_day_one_may_still_object(notice, objector):
    raise_objection(notice, objector, REASON, today=LAST)
    assert not is_over("test", notice.owner_id, day("12-31"))


def test_one_open_objection_each(notice, objector, colleague):
    first = raise_objection(notice, objector, REASON, today=day("11-24"))
    with pytest.raises(ObjectionClosed):
        raise_objection(notice, objector, REASON, today=day("11-24"))
    answer_objection(first.pk, colleague, "dismissed", ANSWER, today=day("11-25"))
    raise_objection(notice, objector, REASON, today=day("11-25"))
    assert Objection.objects.count() == 2


@pytest.mark.parametrize("text", ["", "   \n  ", "不同意", "字" * 2001])
def test_a_reason_of_no_or_endless_words_is_refused(notice, objector, colleague, text):
    with pytest.raises(ValidationError):
        raise_objection(notice, objector, text, today=day("11-24"))
    objection = raise_objection(notice, objector, REASON, today=day("11-24"))
    with pytest.raises(ValidationError):
        answer_objection(objection.pk, colleague, "dismissed", text)
    with pytest.raises(ValidationError):
        answer_objection(objection.pk, colleague, "maybe", ANSWER)


def test_an_account_without_a_name_cannot_object(notice):
    nameless = make_user()
    nameless.person = None
    with pytest.raises(ObjectionClosed):
        raise_objection(notice, nameless, REASON, today=day("11-24"))


def test_who_may_not_answer(owner):
    drafter = make_user("veterans_officer")
    objector = make_user("party_staff")
    subject = make_user("party_approver")
    notice = make_running_notice(drafted_by=drafter, subjects=[subject.person])
    assert notice.approved_by is not None
    objection = raise_objection(notice, objector, REASON, today=day("11-24"))
    for user in (drafter, notice.approved_by, objector, subject):
        with pytest.raises(ObjectionRefused):
            answer_objection(objection.pk, user, "dismissed", ANSWER)
    for role in ("employee", "branch_secretary", "archivist", "discipline_auditor"):
        with pytest.raises(NotReviewer):
            answer_objection(objection.pk, make_user(role), "dismissed", ANSWER)
    objection.refresh_from_db()
    assert objection.is_open


def test_the_second_answer_is_told_who_was_first(notice, objector, colleague):
    objection = raise_objection(notice, objector, REASON, today=day("11-24"))
    answer_objection(objection.pk, colleague, "dismissed", ANSWER, today=day("11-25"))
    with pytest.raises(AlreadyAnswered, match="何静"):
        answer_objection(objection.pk, make_user("party_staff"), "upheld", ANSWER)
    notice.refresh_from_db()
    assert notice.state == "running"


def test_pause_and_resume_by_hand(notice, colleague, objector):
    with pytest.raises(ValidationError):
        pause(notice, colleague, "  ")
    pause(notice, colleague, "系统停机检修", today=day("11-24"))
    assert (notice.state, notice.ends_on) == ("paused", None)
    with pytest.raises(NoticeMoved):
        pause(notice, colleague, "系统停机检修", today=day("11-24"))
    # An objection comes in meanwhile: going on by hand does not let the clock run past it.
    objection = raise_objection(notice, objector, REASON, today=day("11-25"))
    resume(notice, colleague, today=day("11-26"))
    assert notice.state == "paused"
    answer_objection(
        objection.pk, make_user("party_staff"), "dismissed", ANSWER, today=day("11-27")
    )
    notice.refresh_from_db()
    assert (notice.state, notice.ends_on) == ("running", day("12-04"))
    with pytest.raises(NoticeMoved):
        resume(notice, colleague)


def test_cancel_says_why_and_only_once(notice, colleague):
    with pytest.raises(ValidationError):
        cancel(notice, colleague, "")
    cancel(notice, colleague, "名单有误", today=day("11-24"))
    assert (notice.state, notice.closed_on) == ("cancelled", day("11-24"))
    with pytest.raises(NoticeMoved):
        cancel(notice, colleague, "名单有误")


def test_the_end_follows_the_calendar(owner):
    notice = make_running_notice(today=day("12-30"))
    assert (notice.ends_on, notice.estimated) == (datetime.date(2027, 1, 6), True)
    other = make_running_notice(today=MONDAY)
    new_year = [
        PublishedDay(datetime.date(2027, 1, number), "holiday", "元旦") for number in (1, 2, 3, 4)
    ]
    write_year(2027, new_year, source="国办发明电〔2026〕7号", moment=timezone.now())
    notice.refresh_from_db()
    assert (notice.ends_on, notice.estimated) == (datetime.date(2027, 1, 8), False)
    assert [event.kind for event in notice.events.all()] == ["published", "recomputed"]
    assert other.events.count() == 1


def test_an_owner_that_fails_keeps_nobody_waiting(notice, owner):
    from portal.public_notices.owners import register_notice_owner

    def fail(_notice):
        raise RuntimeError("the case is broken")

    register_notice_owner("broken", fail, fail)
    broken = make_running_notice(owner_kind="broken")
    assert end_due_notices(day("12-01")) == "1 public notices ended, 1 failed"
    broken.refresh_from_db()
    notice.refresh_from_db()
    assert (broken.state, notice.state) == ("running", "ended")
    with pytest.raises(RuntimeError):
        raise_objection(broken, make_user(), REASON, today=day("11-24"))
    assert not Objection.objects.exists()


def test_the_office_and_then_the_objector_are_told_and_nobody_else(objector, colleague):
    """No message says who objects or to what."""
    from portal.notifications.models import Message

    drafter = make_user("veterans_officer")
    notice = make_running_notice(drafted_by=drafter, subjects=[make_user().person, objector.person])
    approver = notice.approved_by
    objection = raise_objection(notice, make_user(name="周立本"), REASON, today=day("11-24"))
    answer_objection(objection.pk, colleague, "dismissed", ANSWER, today=day("11-25"))
    told = {(message.code, message.user_id) for message in Message.objects.all()}
    assert told == {
        ("objection-raised", drafter.pk),
        ("objection-raised", approver.pk),
        ("objection-answered", objection.raised_by_id),
    }
    for message in Message.objects.all():
        assert message.variables == {}
        assert message.url == objection.get_absolute_url()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_happened_to_a_notice_is_never_changed(notice, change):
    """Refused by the database itself, whoever asks."""
    events = NoticeEvent.objects.filter(notice=notice)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        if change == "update":
            events.update(note="别的说法")
        else:
            events._raw_delete(events.db)
    assert [event.kind for event in events] == ["published"]
