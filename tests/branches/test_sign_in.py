"""Signing in by the code on the screen: fresh codes, one line a person, leave, corrections."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from branches.activities import codes, services, signing_in
from branches.activities.signing_in import Entry
from branches.models import AbsenceReason, Activity, Attendance, Presence
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours, TooLate
from tests.factories.activities import (
    HOUR,
    BranchWorld,
    enter_attendance,
    make_held,
    make_notified,
    make_plan,
    make_reviewed,
    make_world,
    write_minutes,
)
from tests.factories.people import make_person, make_user

START = 1_800_000_000.0
FIVE_MINUTES = datetime.timedelta(minutes=5)


@given(st.floats(0, 3600), st.floats(0, 600))
def test_a_code_is_good_for_half_a_minute_and_never_for_more_than_a_minute(
    moment: float, later: float
) -> None:
    code = codes.code_of(7, START + moment)
    fresh = codes.is_fresh(code, 7, START + moment + later)
    if later <= codes.SHOWN_SECONDS:
        assert fresh
    if later > codes.SHOWN_SECONDS * (codes.TOLERATED + 1):
        assert not fresh


@pytest.mark.parametrize("code", ["", "7-1", "x", "7-99999999999.AAAA", "\x00", "７-1.x"])
def test_a_code_nobody_signed_is_refused(code: str) -> None:
    assert not codes.is_fresh(code, 7)


def test_a_code_of_another_meeting_is_refused() -> None:
    assert not codes.is_fresh(codes.code_of(8), 7)
    assert not codes.slip_holds(codes.slip_of(8), 7)
    assert not codes.slip_holds(codes.code_of(7), 7)


@pytest.fixture
def world(db: None) -> BranchWorld:
    """A branch of nine."""
    return make_world()


def account(world: BranchWorld, number: int = 0) -> User:
    """Give an ordinary member an account."""
    person = world.ordinary[number]
    return User.objects.filter(person=person).first() or make_user(person=person)


def scanned(user: User | None, activity: Activity, code: str = "") -> Any:
    """Return the client of a phone that read a code, and what it saw."""
    phone = Client()
    if user is not None:
        phone.force_login(user)
    address = reverse(
        "branch_activity_scan", args=[activity.pk, code or codes.code_of(activity.pk)]
    )
    return phone, phone.get(address)


def test_a_phone_reads_the_code_and_signs_in_by_one_tap(world: BranchWorld) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    phone, answer = scanned(account(world), activity)
    address = reverse("branch_activity_sign_in", args=[activity.pk])
    assert answer.url == address
    assert phone.get(address).status_code == 200
    assert phone.post(address, follow=True).status_code == 200
    row = Attendance.objects.get(activity=activity, person=world.ordinary[0])
    assert row.presence == Presence.ON_TIME
    assert row.entered == "scan"


def test_who_is_not_signed_in_to_an_account_signs_in_first_and_still_has_the_slip(
    world: BranchWorld,
) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    phone, answer = scanned(None, activity)
    led = phone.get(answer.url)
    assert led.status_code == 302
    assert "/account/login/" in led.url
    phone.force_login(account(world))
    assert phone.get(answer.url).status_code == 200


def test_a_photograph_of_the_code_is_worth_nothing_five_minutes_later(
    world: BranchWorld, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 14:50+08:00", tick=False)
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=10))
    code = codes.code_of(activity.pk)
    time_machine.move_to("2026-11-23 14:55+08:00", tick=False)
    phone, answer = scanned(account(world), activity, code)
    assert answer.status_code == 403
    assert "照片" in answer.content.decode() or "photograph" in answer.content.decode()
    # Neither is the address of the next page, sent on to somebody else.
    assert phone.get(reverse("branch_activity_sign_in", args=[activity.pk])).status_code == 403
    assert not Attendance.objects.exclude(presence=Presence.EXPECTED).exists()


def test_the_slip_of_one_phone_signs_in_once(world: BranchWorld) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    phone, answer = scanned(account(world), activity)
    phone.post(answer.url)
    phone.force_login(account(world, 1))
    assert phone.post(answer.url).status_code == 403


def test_after_the_planned_start_one_is_late_and_the_first_time_counts(
    world: BranchWorld, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 14:30+08:00", tick=False)
    activity = make_notified(world, starts_in=HOUR / 2)
    signing_in.sign_in(activity.pk, world.ordinary[0])
    time_machine.move_to("2026-11-23 15:01+08:00", tick=False)
    late = signing_in.sign_in(activity.pk, world.ordinary[1])
    again = signing_in.sign_in(activity.pk, world.ordinary[0])
    assert late.presence == Presence.LATE
    assert again.presence == Presence.ON_TIME
    assert timezone.localtime(again.signed_at).strftime("%H:%M") == "14:30"  # type: ignore[arg-type]


def test_who_is_not_on_the_list_sits_in_without_a_vote(world: BranchWorld) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    row = signing_in.sign_in(activity.pk, make_person("来宾"))
    assert (row.is_guest, row.has_vote) == (True, False)
    numbers = signing_in.counts(list(activity.attendances.all()))
    assert (numbers.should, numbers.attended, numbers.guests) == (9, 0, 1)


def test_nobody_signs_in_to_a_plan_or_long_before_or_after(world: BranchWorld) -> None:
    for activity in (
        make_plan(world),
        make_notified(world, starts_in=3 * HOUR),
        make_held(world, starts_in=-9 * HOUR),
        make_reviewed(world),
    ):
        with pytest.raises(TooLate):
            signing_in.sign_in(activity.pk, world.ordinary[0])


def test_expected_are_those_of_the_roster_and_only_full_members_vote(world: BranchWorld) -> None:
    activity = make_notified(world)
    rows = {row.person: row.has_vote for row in activity.attendances.select_related("person")}
    assert set(rows) == set(world.members)
    assert [person for person, votes in rows.items() if not votes] == [world.members[-1]]


def test_leave_is_asked_for_beforehand_with_a_reason(world: BranchWorld) -> None:
    activity = make_notified(world)
    person = world.ordinary[0]
    with pytest.raises(NotPossible):
        signing_in.ask_leave(activity.pk, person, "", "")
    with pytest.raises(NotPossible):
        signing_in.ask_leave(activity.pk, make_person(), AbsenceReason.SICK, "")
    row = signing_in.ask_leave(activity.pk, person, AbsenceReason.SICK, "牙痛")
    assert (row.presence, row.reason) == (Presence.LEAVE, AbsenceReason.SICK)
    # Who comes nevertheless is there.
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    signing_in.ask_leave(activity.pk, person, AbsenceReason.ON_SHIFT, "")
    assert signing_in.sign_in(activity.pk, person).presence == Presence.ON_TIME
    with pytest.raises(TooLate):
        signing_in.ask_leave(activity.pk, person, AbsenceReason.SICK, "")


def test_the_recorder_enters_by_hand_with_a_reason_only(world: BranchWorld) -> None:
    activity = make_held(world)
    person = world.ordinary[0].pk
    with pytest.raises(NotPossible):
        signing_in.enter(activity.pk, world.recorder, None, {person: Entry("on-time")}, " ")
    with pytest.raises(NotPossible):
        signing_in.enter(activity.pk, world.recorder, None, {person: Entry("absent")}, "补录")
    with pytest.raises(NotPossible):
        signing_in.enter(
            activity.pk, world.recorder, None, {make_person().pk: Entry("on-time")}, "补录"
        )
    with pytest.raises(NotYours):
        signing_in.enter(activity.pk, account(world), None, {person: Entry("on-time")}, "我来了")
    assert signing_in.enter(
        activity.pk, world.recorder, None, {person: Entry("absent", "on-shift")}, "区队报告"
    )
    row = Attendance.objects.get(activity=activity, person=person)
    assert (row.reason, row.change_reason, row.changed_by) == (
        "on-shift",
        "区队报告",
        world.recorder,
    )


def test_attended_and_absent_make_should(world: BranchWorld) -> None:
    activity = make_held(world)
    before = signing_in.counts(list(activity.attendances.all()))
    assert (before.should, before.unknown) == (9, 9)
    enter_attendance(world, activity, absent=2)
    after = signing_in.counts(list(activity.attendances.all()))
    assert (after.should, after.attended, after.absent) == (9, 7, 2)


def attendance_form(activity: Activity, **typed: str) -> dict[str, Any]:
    """Return the form of attendance as the page shows it now, with what is typed over it."""
    form: dict[str, Any] = {"version": activity.version, "why": "现场核对"}
    for row in activity.attendances.all():
        form[f"was-{row.person_id}"] = signing_in.shown(row)
        form[f"presence-{row.person_id}"] = row.presence
        form[f"reason-{row.person_id}"] = row.reason
    return {**form, **typed}


def test_what_arrived_since_the_form_was_opened_stays(world: BranchWorld) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    came, away, typed = world.ordinary[:3]
    form = attendance_form(
        activity, **{f"presence-{typed.pk}": "absent", f"reason-{typed.pk}": "on-shift"}
    )
    signing_in.ask_leave(activity.pk, away, AbsenceReason.SICK, "")
    signing_in.sign_in(activity.pk, came)
    keeper = Client()
    keeper.force_login(world.recorder)
    address = reverse("branch_activity_attendance", args=[activity.pk])
    page = keeper.get(address).content.decode()
    assert f'name="was-{came.pk}" value="on-time:"' in page
    assert f'name="was-{away.pk}" value="leave:sick"' in page
    assert keeper.post(address, form).status_code == 302
    now = {row.person: row for row in activity.attendances.select_related("person")}
    assert (now[came].presence, now[came].entered) == (Presence.ON_TIME, "scan")
    assert now[came].signed_at is not None
    assert (now[away].presence, now[away].reason) == (Presence.LEAVE, AbsenceReason.SICK)
    assert now[typed].presence == Presence.ABSENT


def test_a_line_that_changed_since_the_form_was_opened_is_refused_once(world: BranchWorld) -> None:
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    typed, other = world.ordinary[:2]
    form = attendance_form(
        activity, **{f"presence-{typed.pk}": "absent", f"reason-{typed.pk}": "on-shift"}
    )
    for person in (typed, other):
        signing_in.sign_in(activity.pk, person)
    keeper = Client()
    keeper.force_login(world.recorder)
    address = reverse("branch_activity_attendance", args=[activity.pk])
    told = keeper.post(address, form)
    page = told.content.decode()
    assert told.status_code == 409
    assert f"{typed.name}（" in page
    assert f"{other.name}（" not in page
    assert 'value="现场核对"' in page
    shown = {row.person_id: row for row in told.context["rows"]}
    assert shown[typed.pk].shown_presence == "absent"
    # What was not typed is shown as it is now, so that saving again does not take it back.
    assert shown[other.pk].shown_presence == "on-time"
    again = {"version": activity.version, "why": "现场核对"}
    for row in told.context["rows"]:
        again[f"was-{row.person_id}"] = row.was
        again[f"presence-{row.person_id}"] = row.shown_presence
        again[f"reason-{row.person_id}"] = row.shown_reason
    assert keeper.post(address, again).status_code == 302
    now = {row.person_id: row.presence for row in activity.attendances.all()}
    assert (now[typed.pk], now[other.pk]) == (Presence.ABSENT, Presence.ON_TIME)


@pytest.mark.parametrize("signer", ["host", "recorder"])
def test_nobody_signs_in_once_one_of_the_two_signed_off(world: BranchWorld, signer: str) -> None:
    activity = make_held(world)
    write_minutes(world, activity)
    assert signing_in.is_open(Activity.objects.get(pk=activity.pk))
    activity = services.sign_off(activity.pk, getattr(world, signer))
    assert not signing_in.is_open(activity)
    for person in (world.ordinary[0], make_person("来宾")):
        with pytest.raises(TooLate):
            signing_in.sign_in(activity.pk, person)
    assert not activity.attendances.exclude(presence=Presence.EXPECTED).exists()


def test_the_words_of_who_asks_for_leave_are_kept_out_of_reports(world: BranchWorld) -> None:
    activity = make_notified(world)
    phone = Client()
    phone.force_login(account(world))
    address = reverse("branch_activity_leave", args=[activity.pk])
    answer: Any = phone.post(address, {"reason": "sick", "note": "牙痛"})
    assert answer.status_code == 302
    assert answer.wsgi_request.sensitive_post_parameters == ("note",)


def test_two_recorders_at_once_one_wins_and_the_other_keeps_what_was_typed(
    world: BranchWorld,
) -> None:
    activity = make_held(world)
    first, second = Client(), Client()
    first.force_login(world.recorder)
    second.force_login(world.host)
    address = reverse("branch_activity_attendance", args=[activity.pk])
    person = world.ordinary[0].pk

    def form(presence: str) -> dict[str, Any]:
        return {
            "version": activity.version,
            f"presence-{person}": presence,
            f"reason-{person}": "holiday",
            "why": "现场核对",
        }

    assert first.post(address, form("on-time")).status_code == 302
    told = second.post(address, form("absent"))
    page = told.content.decode()
    assert told.status_code == 409
    assert "段小龙" in page
    assert 'value="现场核对"' in page
    assert re.search(r'value="absent" selected', page)
    assert Attendance.objects.get(activity=activity, person=person).presence == "on-time"
    with pytest.raises(ChangedMeanwhile):
        signing_in.enter(activity.pk, world.host, activity.version, {}, "x")
    nobody = f"version=x&presence-{'9' * 5000}=absent&presence-x=absent"
    answer = first.post(address, nobody, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 409


def test_who_was_away_is_told_later_also_when_the_record_is_locked(world: BranchWorld) -> None:
    activity = make_reviewed(world, absent=1)
    row = activity.attendances.get(presence=Presence.ABSENT)
    today = timezone.localdate()
    with pytest.raises(NotPossible):
        signing_in.make_up(row.pk, world.recorder, today + HOUR * 48, "段小龙", "面谈")
    with pytest.raises(NotPossible):
        there = activity.attendances.filter(presence=Presence.ON_TIME)[0]
        signing_in.make_up(there.pk, world.recorder, today, "段小龙", "面谈")
    told = signing_in.make_up(row.pk, world.recorder, today, "段小龙", "面谈传达会议精神")
    assert told.made_up_on == today


@pytest.mark.database
@pytest.mark.django_db
def test_signing_in_is_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    world = make_world(full=12)
    activity = make_notified(world, starts_in=FIVE_MINUTES)
    for person in (world.ordinary[0], make_person()):
        with django_assert_max_num_queries(6):
            signing_in.sign_in(activity.pk, person)
