"""The flow of a record: who takes which step when, locks, versions, notices, the page."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState

from branches.activities import planning, publication, recording, services, signing_in
from branches.activities.flow import STEPS
from branches.activities.permissions import records_seen
from branches.activities.reading import waiting_for
from branches.activities.roster import named_people
from branches.activities.training import credit_hours
from branches.dates import in_words
from branches.models import (
    Activity,
    ActivityKind,
    ActivityPage,
    ActivityState,
    Attendance,
    LifeRequirement,
    Presence,
    TrainingHours,
)
from branches.year.reading import year_of
from branches.year.standing import Standing
from portal.archives.models import Record
from portal.notifications.models import Message
from portal.people.models import User
from portal.publishing import queue
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours, Refusal, TooLate
from tests.factories.activities import (
    HOUR,
    BranchWorld,
    enter_attendance,
    make_held,
    make_notified,
    make_plan,
    make_reviewed,
    make_signed,
    make_world,
    plan_values,
    write_minutes,
)
from tests.factories.branches_members import make_group, make_member, make_post
from tests.factories.organizations import make_branch
from tests.factories.pages import approve, make_branch_page
from tests.factories.people import make_person, make_user


@pytest.fixture
def world(db: None) -> BranchWorld:
    """A branch of nine."""
    return make_world()


def states(activity: Activity) -> list[tuple[str, str]]:
    """Return the steps of a record and where each led."""
    return list(activity.events.values_list("step", "after"))


def test_from_plan_to_reviewed(world: BranchWorld) -> None:
    activity = make_reviewed(world, absent=2)
    assert activity.state == ActivityState.REVIEWED
    assert activity.recorded_on == timezone.localdate()
    assert activity.reviewed_by == world.reviewer
    taken = [row for row in states(activity) if row[0] in {step.code for step in STEPS}]
    assert taken == [("hold", "held"), ("hand-in", "in-review"), ("approve", "reviewed")]


@pytest.mark.parametrize("state", ActivityState.values[1:])
def test_every_step_is_refused_from_every_other_state(world: BranchWorld, state: str) -> None:
    activity = make_plan(world)
    Activity.objects.filter(pk=activity.pk).update(state=state)
    for step in STEPS:
        if state in step.before:
            continue
        with pytest.raises(ChangedMeanwhile):
            services.take(activity.pk, step.code, world.reviewer, reason="x")
    activity.refresh_from_db()
    assert activity.state == state


def test_notice_goes_to_everybody_expected_once(world: BranchWorld) -> None:
    member = make_user(person=world.ordinary[0])
    make_notified(world)
    told = Message.objects.filter(code="activity-notice")
    assert {row.user for row in told} == {member, world.host, world.recorder}


def test_a_changed_time_is_told_again_and_a_cancelled_meeting_too(world: BranchWorld) -> None:
    make_user(person=world.ordinary[0])
    activity = make_notified(world)
    values = plan_values(world, timezone.now() + 5 * HOUR)
    planning.change_plan(activity.pk, world.recorder, activity.version, values)
    services.take(activity.pk, "cancel", world.host, reason="停产检修")
    codes = Message.objects.order_by("pk").values_list("code", flat=True).distinct()
    assert set(codes) == {"activity-notice", "activity-changed", "activity-cancelled"}


def test_a_committee_expects_its_committee_and_a_group_its_members(world: BranchWorld) -> None:
    for person, kind in zip(
        world.members[:3], ("secretary", "organization", "member"), strict=True
    ):
        make_post(world.branch, person, kind)
    group = make_group(world.branch)
    newcomer = make_member(world.branch, group=group).person
    committee = make_notified(world, kind=ActivityKind.COMMITTEE_MEETING)
    grouped = make_notified(world, kind=ActivityKind.GROUP_MEETING, group=group)
    assert committee.attendances.count() == 3
    assert [row.person for row in grouped.attendances.all()] == [newcomer]
    assert make_notified(world).attendances.count() == 10


def test_a_branch_that_ended_plans_nothing(world: BranchWorld) -> None:
    world.branch.valid_to = timezone.localdate()
    world.branch.save()
    with pytest.raises(NotPossible):
        make_plan(world, starts_in=48 * HOUR)


def test_nothing_is_handed_in_before_it_is_complete(world: BranchWorld) -> None:
    activity = make_held(world)
    with pytest.raises(NotPossible) as empty:
        services.take(activity.pk, "hand-in", world.recorder)
    assert "9" in str(empty.value.message)
    enter_attendance(world, activity, absent=1)
    write_minutes(world, activity)
    with pytest.raises(NotPossible) as unsigned:
        services.take(activity.pk, "hand-in", world.recorder)
    assert "贺守田" in str(unsigned.value.message)
    assert "段小龙" in str(unsigned.value.message)
    services.sign_off(activity.pk, world.host)
    with pytest.raises(NotYours):
        services.sign_off(activity.pk, world.reviewer)
    services.sign_off(activity.pk, world.recorder)
    assert services.take(activity.pk, "hand-in", world.recorder).state == ActivityState.IN_REVIEW


def test_a_change_takes_both_signatures_away(world: BranchWorld) -> None:
    activity = make_signed(world)
    write_minutes(world, activity, minutes="另一段话。")
    activity.refresh_from_db()
    assert not activity.host_signed_at
    assert not activity.recorder_signed_at


def test_the_reviewer_is_neither_host_nor_recorder_nor_who_handed_in(world: BranchWorld) -> None:
    activity = make_signed(world)
    services.take(activity.pk, "hand-in", world.reviewer)
    assert world.host.person is not None
    for user in (world.host, world.recorder, world.reviewer):
        with pytest.raises(NotYours):
            services.take(activity.pk, "approve", user)
    outsider = make_user("branch_secretary", unit=make_branch())
    with pytest.raises(NotYours):
        services.take(activity.pk, "approve", outsider)
    colleague = make_user("party_staff")
    assert waiting_for(colleague, Activity.objects.all()).get() == activity
    assert not waiting_for(world.host, Activity.objects.all()).exists()
    assert services.take(activity.pk, "approve", colleague).state == ActivityState.REVIEWED


def test_a_returned_record_is_corrected_and_signed_again(world: BranchWorld) -> None:
    activity = make_signed(world)
    services.take(activity.pk, "hand-in", world.recorder)
    with pytest.raises(NotPossible):
        services.take(activity.pk, "return", world.reviewer, reason="  ")
    activity = services.take(activity.pk, "return", world.reviewer, reason="发言要点太少")
    assert activity.state == ActivityState.HELD
    assert (activity.host_signed_at, activity.recorder_signed_at) == (None, None)
    assert Message.objects.filter(code="activity-returned").count() == 2


def test_a_record_to_review_is_told_to_somebody_who_may_review_it(world: BranchWorld) -> None:
    secretary = make_user("branch_secretary", unit=world.branch)
    activity = make_signed(world)
    told = Message.objects.filter(code="activity-to-review")
    services.take(activity.pk, "hand-in", secretary)
    assert {row.user for row in told} == {world.reviewer}
    other = make_signed(world)
    told.delete()
    services.take(other.pk, "hand-in", world.recorder)
    assert {row.user for row in told} == {secretary}


def test_nothing_is_handed_in_or_reviewed_that_lies_ahead(world: BranchWorld) -> None:
    activity = make_signed(world)
    start = timezone.now() + 48 * HOUR
    moved = {"starts_at": start, "ends_at": None, "held_on": timezone.localdate(start)}
    Activity.objects.filter(pk=activity.pk).update(**moved)
    with pytest.raises(NotPossible):
        services.take(activity.pk, "hand-in", world.recorder)
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.IN_REVIEW)
    with pytest.raises(NotPossible):
        services.take(activity.pk, "approve", world.reviewer)
    # Nor what was held on a day on which there was no branch.
    Activity.objects.filter(pk=activity.pk).update(
        starts_at=start - 96 * HOUR, held_on=timezone.localdate(start - 96 * HOUR)
    )
    world.branch.valid_to = timezone.localdate() - datetime.timedelta(days=9)
    world.branch.save()
    with pytest.raises(NotPossible) as refused:
        services.take(activity.pk, "approve", world.reviewer)
    assert in_words(timezone.localdate(start - 96 * HOUR)) in str(refused.value.message)


def test_of_two_who_decide_at_once_one_is_told(world: BranchWorld) -> None:
    activity = make_signed(world)
    activity = services.take(activity.pk, "hand-in", world.recorder)
    services.take(activity.pk, "approve", world.reviewer, activity.version)
    with pytest.raises(ChangedMeanwhile) as late:
        services.take(activity.pk, "return", make_user("party_staff"), activity.version, "不行")
    assert str(world.reviewer) in str(late.value.message)


def test_a_locked_record_takes_supplements_only(world: BranchWorld) -> None:
    activity = make_reviewed(world)
    person = world.ordinary[0].pk
    from branches.activities.signing_in import Entry, enter

    refused: list[Any] = [
        lambda: write_minutes(world, activity),
        lambda: enter(activity.pk, world.recorder, None, {person: Entry("on-time")}, "x"),
        lambda: recording.add_vote(
            activity.pk, world.recorder, None, {"matter": "x", "present": 8, "yes": 8}
        ),
        lambda: services.sign_off(activity.pk, world.host),
        lambda: planning.change_plan(
            activity.pk, world.recorder, None, plan_values(world, timezone.now())
        ),
    ]
    for call in refused:
        with pytest.raises(TooLate):
            call()
    with pytest.raises(NotPossible):
        services.supplement(activity.pk, world.recorder, "更正一处人名。", "")
    services.supplement(activity.pk, world.recorder, "更正一处人名。", "笔误")
    activity.refresh_from_db()
    assert activity.minutes == "会议按议程进行。"
    assert activity.supplements.get().reason == "笔误"


def test_a_resolution_that_was_just_taken_out_is_not_carried_out(
    world: BranchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = make_reviewed(world)
    resolution, lock = activity.resolutions.get(), recording.locked

    def locked_too_late(activity_id: int) -> Activity:
        activity.resolutions.all().delete()
        return lock(activity_id)

    monkeypatch.setattr(recording, "locked", locked_too_late)
    with pytest.raises(ChangedMeanwhile):
        recording.carry_out(resolution.pk, world.recorder, timezone.localdate(), "已补装")


# ---- Votes in a record


def test_a_vote_without_a_quorum_is_recorded_as_not_opened(world: BranchWorld) -> None:
    activity = make_held(world)
    enter_attendance(world, activity, absent=6)
    values = {"matter": "接收预备党员", "present": 2, "yes": 0, "no": 0, "abstain": 0}
    with pytest.raises(NotPossible):
        recording.add_vote(activity.pk, world.recorder, None, {**values, "yes": 2})
    vote, outcome = recording.add_vote(activity.pk, world.recorder, None, values)
    assert (vote.should, outcome.result.value) == (8, "not-opened")
    assert "人数不足" in outcome.why


def test_a_vote_fits_the_list_of_attendance(world: BranchWorld) -> None:
    activity = make_held(world)
    enter_attendance(world, activity, absent=2)
    values = {"matter": "年度评优", "present": 8, "yes": 8, "no": 0, "abstain": 0}
    with pytest.raises(NotPossible):
        recording.add_vote(activity.pk, world.recorder, None, values)
    recording.add_vote(activity.pk, world.recorder, None, {**values, "present": 6, "yes": 6})
    write_minutes(world, activity)
    enter_attendance(world, activity, absent=5)
    services.sign_off(activity.pk, world.host)
    services.sign_off(activity.pk, world.recorder)
    with pytest.raises(NotPossible) as refused:
        services.take(activity.pk, "hand-in", world.recorder)
    assert "年度评优" in str(refused.value.message)


def test_the_grades_of_an_appraisal_are_not_more_than_the_members(world: BranchWorld) -> None:
    activity = make_held(world, kind=ActivityKind.APPRAISAL)
    enter_attendance(world, activity)
    write_minutes(world, activity, details={"excellent": 3, "qualified": 8})
    services.sign_off(activity.pk, world.host)
    services.sign_off(activity.pk, world.recorder)
    with pytest.raises(NotPossible) as refused:
        services.take(activity.pk, "hand-in", world.recorder)
    assert "11" in str(refused.value.message)


# ---- Who sees what


def test_who_sees_which_records_and_not_more(world: BranchWorld) -> None:
    member = make_user(person=world.ordinary[0])
    other = make_world()
    plan, notified = make_plan(world), make_notified(world)
    foreign = make_notified(other)
    everything = {plan, notified, foreign}
    seen: dict[str, tuple[User, set[Activity]]] = {
        "staff": (world.reviewer, everything),
        "secretary of the Party committee": (make_user("party_approver"), everything),
        "auditor": (make_user("discipline_auditor"), everything),
        "secretary": (world.host, {plan, notified}),
        "organization member": (world.recorder, {plan, notified}),
        "member": (member, {notified}),
        "other secretary": (other.host, {foreign}),
        "employee": (make_user("employee"), set()),
        "archivist": (make_user("archivist"), set()),
        "superuser": (make_user(is_superuser=True), set()),
    }
    for name, (user, expected) in seen.items():
        assert set(records_seen(user)) == expected, name


def test_a_member_sees_what_concerns_him_and_nothing_of_the_minutes(world: BranchWorld) -> None:
    activity = make_signed(world, absent=1)
    client = Client()
    client.force_login(make_user(person=world.ordinary[0]))
    page = client.get(reverse("branch_activity", args=[activity.pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "讨论接收预备党员" in text
    for private in ("会议按议程进行", "皮带巷照明已恢复", "值班下井", "纸质签到"):
        assert private not in text
    for name in ("attendance", "minutes", "vote", "edit", "screen"):
        address = reverse(f"branch_activity_{name}", args=[activity.pk])
        assert client.get(address).status_code == 403


def test_words_of_who_asked_for_leave_are_for_the_keepers(world: BranchWorld) -> None:
    from branches.activities.signing_in import ask_leave

    activity = make_notified(world)
    ask_leave(activity.pk, world.ordinary[0], "sick", "腰椎复查")
    stored = Attendance.objects.filter(note__isnull=False)
    assert "腰椎" not in str(stored.query) + repr(stored)
    for user, visible in (
        (world.recorder, True),
        (make_user("branch_secretary", unit=world.branch), True),
        (world.reviewer, False),
        (make_user("discipline_auditor"), False),
        (make_user(person=world.ordinary[1]), False),
    ):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("branch_activity", args=[activity.pk])).content.decode()
        assert ("腰椎复查" in page) == visible, user
        shown = client.get(reverse("branch_activity_attendance", args=[activity.pk]))
        assert ("腰椎复查" in shown.content.decode()) == visible, user


def test_what_a_kind_records_is_read_by_readers_and_by_those_who_were_expected(
    world: BranchWorld,
) -> None:
    guest, outsider = make_user(), make_user()
    assert guest.person is not None
    assert outsider.person is not None
    guests = f"{guest.person.employee_number}\n上级领导"
    activity = make_held(world, kind=ActivityKind.LIFE_MEETING, guests=guests)
    signing_in.sign_in(activity.pk, outsider.person)
    enter_attendance(world, activity)
    details = {"opinions": "征求到的意见原文", "problems": "查摆的问题原文"}
    write_minutes(world, activity, details=details)
    activity.resolutions.update(problem="整改对应的问题原文")
    for user in (world.host, world.recorder):
        services.sign_off(activity.pk, user)
    private = {"征求到的意见原文", "查摆的问题原文", "整改对应的问题原文"}
    expected = make_user(person=world.ordinary[0])

    def read(user: User) -> set[str]:
        client = Client()
        client.force_login(user)
        page = client.get(reverse("branch_activity", args=[activity.pk]))
        assert page.status_code == 200
        return {words for words in private if words in page.content.decode()}

    readers = (world.host, world.reviewer, make_user("discipline_auditor"))
    nobody: tuple[User, ...] = (guest, outsider, expected)
    for user in readers:
        assert read(user) == private, user
    for user in nobody:
        assert read(user) == set(), user
    services.take(activity.pk, "hand-in", world.recorder)
    services.take(activity.pk, "approve", world.reviewer)
    for user in (*readers, expected):
        assert read(user) == private, user
    for user in (guest, outsider):
        assert read(user) == set(), user


def test_a_guest_is_a_person_by_number_or_by_a_name_of_the_branch(world: BranchWorld) -> None:
    member, stranger = world.ordinary[0], make_person("远方")
    namesake = make_person(member.name)
    lines = f"{member.name}\n{stranger.name}\n{stranger.employee_number}\n{world.branch.name}"
    today = timezone.localdate()
    people, outside, ambiguous = named_people(lines, world.branch, today)
    assert people == [member, stranger]
    assert outside == [stranger.name, world.branch.name]
    assert ambiguous == []
    # Whoever belonged to the branch on no such day is a name in words.
    before = datetime.date(2019, 12, 31)
    assert named_people(member.name, world.branch, before) == ([], [member.name], [])
    make_member(world.branch, person=namesake)
    assert named_people(member.name, world.branch, today) == ([], [], [member.name])


def test_the_list_makes_the_same_number_of_queries_for_more_records(
    world: BranchWorld, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_notified(world)
    client = Client()
    client.force_login(world.reviewer)
    address = reverse("branch_activities")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(3):
        make_notified(world)
    with django_assert_num_queries(len(few)):
        client.get(address)


# ---- The page


def test_a_reviewed_record_is_published_in_two_clicks_and_archived(world: BranchWorld) -> None:
    make_branch_page(world.branch)
    activity = make_reviewed(world, absent=2)
    page = publication.prepare_page(activity.pk, world.recorder)
    with pytest.raises(TooLate):
        publication.prepare_page(activity.pk, world.recorder)
    publication.submit_page(activity.pk, world.recorder)
    activity.refresh_from_db()
    assert activity.state == ActivityState.REVIEWED
    state = TaskState.objects.get(revision=page.latest_revision)
    approve(state, world.host)
    queue.flush()
    activity.refresh_from_db()
    assert activity.state == ActivityState.ARCHIVED
    record = Record.objects.get(source_id=str(page.pk))
    assert record.kind == "activity"
    reader = Client()
    reader.force_login(make_user(person=world.ordinary[0]))
    shown = reader.get(reverse("branch_activity", args=[activity.pk]))
    assert shown.context["page"] == page
    assert page.url in shown.content.decode()


def test_nothing_private_is_on_the_page(world: BranchWorld) -> None:
    make_branch_page(world.branch)
    activity = make_signed(world, absent=2)
    services.take(activity.pk, "hand-in", world.recorder)
    services.take(activity.pk, "approve", world.reviewer)
    services.supplement(activity.pk, world.recorder, "补充的一句话", "遗漏")
    publication.prepare_page(activity.pk, world.recorder)
    page = ActivityPage.objects.get(activity=activity)
    content = str(page.latest_revision.content) + str(page.body)
    assert "支部召开党员大会" in content
    assert "应到9人，实到7人" in content
    absent = activity.attendances.filter(presence=Presence.ABSENT).select_related("person")
    private = [row.person.name for row in absent]
    private += ["会议按议程进行", "皮带巷照明", "补装照明", "值班下井", "补充的一句话", "纸质签到"]
    for words in private:
        assert words not in content


def test_a_page_without_a_record_still_makes_an_activity(world: BranchWorld) -> None:
    from tests.factories.pages import make_activity_page

    page = make_activity_page(make_branch_page(world.branch), world.recorder, live=True)
    queue.flush()
    made = ActivityPage.objects.get(pk=page.pk).activity
    assert made is not None
    assert not made.has_record
    assert made not in records_seen(world.reviewer)


def test_a_page_says_no_other_day_than_its_record(world: BranchWorld) -> None:
    make_branch_page(world.branch)
    activity = make_reviewed(world)
    page = publication.prepare_page(activity.pk, world.recorder)
    page.full_clean()
    page.held_on = activity.held_on - datetime.timedelta(days=1)
    with pytest.raises(ValidationError):
        page.full_clean()
    page.held_on, page.activity_kind = activity.held_on, ActivityKind.PARTY_CLASS
    with pytest.raises(ValidationError):
        page.full_clean()


def test_a_reviewed_class_gives_hours_to_those_who_came_once(world: BranchWorld) -> None:
    activity = make_held(world, kind=ActivityKind.PARTY_CLASS)
    enter_attendance(world, activity, absent=2)
    write_minutes(world, activity, details={"lecturer": "贺守田", "hours": "2.0"})
    services.sign_off(activity.pk, world.host)
    services.sign_off(activity.pk, world.recorder)
    services.take(activity.pk, "hand-in", world.recorder)
    activity = services.take(activity.pk, "approve", world.reviewer)
    rows = TrainingHours.objects.filter(activity=activity)
    assert {row.hours for row in rows} == {2}
    assert {row.member_id for row in rows} == set(
        activity.attendances.filter(presence=Presence.ON_TIME).values_list("person", flat=True)
    )
    assert rows.count() == 7
    assert credit_hours(activity, world.reviewer) == 0


# ---- The year


def test_plans_count_as_planned_and_what_was_held_as_held(world: BranchWorld) -> None:
    rule = LifeRequirement.objects.get(kind=ActivityKind.GENERAL_MEETING)
    today = timezone.localdate()

    def standing() -> Standing:
        view = year_of([world.branch], rule, today.year, today)
        return view.rows[0].cells[(today.month - 1) // 3].standing

    world.branch.valid_from = datetime.date(2018, 1, 1)
    activity = make_notified(world, starts_in=datetime.timedelta(minutes=10))
    assert standing() is Standing.PLANNED
    services.take(activity.pk, "cancel", world.host, reason="改期")
    assert standing() in {Standing.OPEN, Standing.DUE}
    held = make_held(world, starts_in=-datetime.timedelta(minutes=10))
    assert standing() is Standing.PLANNED
    week = datetime.timedelta(days=7)
    view = year_of([world.branch], rule, today.year, held.held_on + 2 * week)
    assert view.rows[0].cells[(today.month - 1) // 3].standing is Standing.LATE
    Activity.objects.filter(pk=held.pk).update(
        state=ActivityState.IN_REVIEW, recorded_on=held.held_on
    )
    assert standing() is Standing.DONE


def test_no_refusal_is_without_words(world: BranchWorld) -> None:
    activity = make_plan(world)
    client = Client()
    client.force_login(world.host)
    for code in ("hand-in", "approve", "hold", "return", "supplement", "page", "submit"):
        answer = client.post(
            reverse("branch_activity_step", args=[activity.pk, code]),
            {"version": activity.version, "reason": "理由原样保留"},
        )
        assert answer.status_code in {403, 409, 422}, code
        assert 'role="alert"' in answer.content.decode()
    assert issubclass(TooLate, Refusal)
