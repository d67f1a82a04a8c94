"""Drafts, the launch and what the database keeps of it."""

from __future__ import annotations

import datetime
import io
import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from openpyxl import Workbook

from portal.refusals import NotYours
from tests.factories.organizations import company, make_unit
from tests.factories.people import make_person, make_user
from tests.factories.surveys import (
    DAY,
    design_with,
    make_crew,
    make_draft,
    make_open_survey,
    union_officer,
)
from union.models import AnswerUrn, Invitation, Survey, SurveyQuestion, SurveyState
from union.surveys import guards
from union.surveys.designing import design_problems, digest_of, questionnaire_of
from union.surveys.drafting import copy_survey, new_version
from union.surveys.invitees import Chosen, listed_numbers
from union.surveys.launching import age_band, launch, plan_launch
from union.surveys.office_refusals import CannotLaunch, NotAtThisPoint, WrongList

pytestmark = pytest.mark.django_db


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Return an Excel workbook with these rows."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# ---- Drafts


def test_ready_made_sections_ask_what_the_bank_holds() -> None:
    """Six templates of five statements, and a closing section of five questions."""
    draft = make_draft(("pay", "career", "conditions", "democracy", "culture", "mind"))
    assert design_problems(draft) == []
    snapshot = questionnaire_of(draft, {})
    assert [len(section["questions"]) for section in snapshot["sections"]] == [5] * 7
    first = snapshot["sections"][0]["questions"][0]
    assert first["code"] == "pay-level"
    assert first["dimension"] == {"code": "pay", "name": "薪酬福利"}
    assert snapshot["sections"][6]["questions"][1]["scale"] == "agreement-5"


def test_the_veterans_template_asks_how_it_went_only_whom_it_concerns() -> None:
    """Conditions of ready-made sections work."""
    draft = make_draft(("veterans-support",))
    assert design_problems(draft) == []
    asked = questionnaire_of(draft, {})["sections"][0]["questions"]
    assert [row["code"] for row in asked if row["after"]] == [
        *("veterans-apply", "veterans-speed", "veterans-amount")
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"after": "culture-access", "answers": "1"}, "不在它前面"),
        ({"after": "joined-activities", "answers": "9"}, "没有答案9"),
        ({"after": "joined-activities", "answers": ""}, "用逗号"),
        ({"after": "joined-activities", "answers": "一"}, "用逗号"),
        ({"after": "", "answers": "1"}, "没有写"),
        ({"after": "most-satisfied", "answers": "1"}, "不能决定"),
    ],
)
def test_conditions_that_cannot_work_are_named(condition: dict[str, str], words: str) -> None:
    """Only after an earlier question, only with answers it has."""
    design = design_with(
        {"code": "joined-activities"},
        {"code": "most-satisfied"},
        {"code": "why-not-joined", **condition},
        {"code": "culture-access"},
    )
    problems = design_problems(make_draft(design=design))
    assert len(problems) == 1
    assert words in problems[0]


def test_no_question_is_asked_twice_and_an_empty_draft_is_none() -> None:
    """Both are named."""
    twice = design_with({"code": "overall"}, {"code": "overall"})
    assert len(design_problems(make_draft(design=twice))) == 1
    empty = make_draft()
    empty.design = []
    assert len(design_problems(empty)) == 1


def test_the_copy_is_a_year_later_with_the_newest_words() -> None:
    """A question that was reworded meanwhile is asked in its new version."""
    former = make_open_survey(code="culture-2026", title="2026年文体活动调查")
    question = SurveyQuestion.objects.get(code="culture-number")
    assert question.is_bound
    later = new_version(question.pk, union_officer())
    draft = copy_survey(former.pk, union_officer())
    assert (draft.code, draft.title) == ("culture-2027", "2027年文体活动调查")
    assert draft.is_draft
    assert draft.opens_on == former.opens_on.replace(year=former.opens_on.year + 1)
    asked = questionnaire_of(draft, {})["sections"][0]["questions"]
    assert (asked[0]["code"], asked[0]["version"]) == ("culture-number", 2)
    assert later.version == 2
    with pytest.raises(NotAtThisPoint):
        new_version(question.pk, union_officer())


# ---- Whom to ask


def test_a_list_names_every_mistake_by_row_and_column() -> None:
    """Duplicates, unknown numbers and people without account; nobody is taken."""
    person = make_crew(1)[0].person
    assert person is not None
    alone = make_person()
    body = workbook(
        ("名单",),
        ("姓名", "工号", "岗位类别"),
        ("甲", person.employee_number, "采掘"),
        ("乙", person.employee_number, ""),
        ("丙", "NOBODY1", ""),
        ("丁", None, "机电"),
        ("戊", alone.employee_number, ""),
    )
    with pytest.raises(WrongList) as refused:
        listed_numbers(body)
    problems = refused.value.problems
    assert [problem.split("：")[0] for problem in problems] == [
        *("第4行B列", "第5行B列", "第6行B列", "第7行B列")
    ]
    assert "第3行" in problems[0]
    assert "NOBODY1" in problems[1]


def test_a_file_that_is_no_list_is_refused() -> None:
    """No workbook, or one without the column."""
    with pytest.raises(CannotLaunch):
        listed_numbers(b"no workbook")
    with pytest.raises(CannotLaunch):
        listed_numbers(workbook(("姓名",), ("甲",)))
    person = make_crew(1)[0].person
    assert person is not None
    good = workbook(("工号", "岗位"), (person.employee_number, "采掘"))
    assert listed_numbers(good) == ((person.employee_number, "采掘"),)


def test_everybody_is_asked_once_however_chosen() -> None:
    """Units, roles and list overlap."""
    mine = make_unit()
    crew = make_crew(10, mine)
    chosen = Chosen(units=(mine.pk,), listed=((crew[0].username, "采掘"),))
    plan = plan_launch(make_draft(segments=[]), chosen)
    assert plan.total == 10
    assert {person for person, _groups in plan.rows} == {user.person_id for user in crew}


def test_families_are_no_employees_of_the_unit_that_serves_them() -> None:
    """They are asked by their role or by token, not with the unit."""
    mine = make_unit()
    crew = make_crew(10, mine)
    family = make_user("military_family", unit=mine)
    both = make_user("military_family", "employee", unit=mine)
    plan = plan_launch(make_draft(segments=[]), Chosen(units=(mine.pk,)))
    asked = {person for person, _groups in plan.rows}
    assert asked == {user.person_id for user in [*crew, both]}
    plan = plan_launch(
        make_draft(segments=[]), Chosen(units=(mine.pk,), roles=("military_family",))
    )
    assert family.person_id in {person for person, _groups in plan.rows}


def test_too_few_people_are_refused_with_the_reason() -> None:
    """Fewer than twice the smallest group."""
    crew = make_crew(9)
    chosen = Chosen(listed=tuple((user.username, "") for user in crew))
    with pytest.raises(CannotLaunch) as refused:
        plan_launch(make_draft(), chosen)
    assert "9" in str(refused.value)
    assert "10" in str(refused.value)


def test_a_survey_with_names_has_no_tokens() -> None:
    """Nobody would know whose answers they are."""
    mine = make_unit()
    crew = make_crew(12, mine)
    listed = tuple((user.username, "") for user in crew)
    with pytest.raises(CannotLaunch):
        plan_launch(make_draft(mode="named"), Chosen(listed=listed, tokens=((mine.pk, 5),)))


def test_a_survey_that_is_over_does_not_begin() -> None:
    """The days are corrected first."""
    today = timezone.localdate()
    draft = make_draft(opens_on=today - 9 * DAY, closes_on=today - DAY)
    crew = make_crew(10)
    with pytest.raises(CannotLaunch):
        plan_launch(draft, Chosen(listed=tuple((user.username, "") for user in crew)))


def test_age_bands() -> None:
    """The birthday counts."""
    day = datetime.date(2026, 11, 22)
    assert age_band("140000199111220010", day) == 0
    assert age_band("140000199011230010", day) == 0
    assert age_band("140000199011220010", day) == 1
    assert age_band("140000197011220010", day) == 3
    assert age_band("", day) == 4


# ---- The launch


def test_the_launch_freezes_the_questionnaire_and_merges_small_groups() -> None:
    """Snapshot, digest, invitations, urns; no group is below five."""
    east, west, small = make_unit(), make_unit(), make_unit()
    crew = [*make_crew(6, east), *make_crew(6, west, "19700312"), *make_crew(3, small)]
    draft = make_draft(segments=["unit", "age"], crossed=True)
    survey = launch(
        draft.pk,
        Chosen(units=(company().pk,), tokens=((small.pk, 2),)),
        union_officer(),
    )
    survey.refresh_from_db()
    assert survey.state == SurveyState.OPEN
    assert survey.snapshot_digest == digest_of(survey.snapshot)
    rows = Invitation.objects.filter(survey=survey)
    assert rows.filter(person=None).count() == 2
    # The officer sits at the top of the tree and is asked, too.
    assert rows.count() == len(crew) + 2 + 1
    for segment in survey.snapshot["segments"]:
        codes = {group["code"] for group in segment["groups"]}
        kept = [row.segments[segment["code"]] for row in rows]
        assert set(kept) == codes
        assert min(kept.count(code) for code in codes) >= survey.minimum
    assert AnswerUrn.objects.filter(survey=survey, is_sealed=False).exists()


def test_nobody_launches_twice_or_for_another_office() -> None:
    """The second is told; the veterans officer runs his own."""
    crew = make_crew(12)
    chosen = Chosen(listed=tuple((user.username, "") for user in crew))
    draft = make_draft()
    with pytest.raises(NotYours):
        launch(draft.pk, chosen, make_user("veterans_officer"))
    with pytest.raises(NotYours):
        launch(draft.pk, chosen, make_user("union_chair"))
    launch(draft.pk, chosen, union_officer())
    with pytest.raises(NotAtThisPoint):
        launch(draft.pk, chosen, union_officer())


def test_what_was_confirmed_is_what_is_launched() -> None:
    """A draft that changed since the preview is looked at again."""
    crew = make_crew(12)
    chosen = Chosen(listed=tuple((user.username, "") for user in crew))
    draft = make_draft()
    plan = plan_launch(draft, chosen)
    seen = plan.digest(questionnaire_of(draft, plan.groups))
    Survey.objects.filter(pk=draft.pk).update(purpose="别的目的")
    with pytest.raises(NotAtThisPoint):
        launch(draft.pk, chosen, union_officer(), seen)


@pytest.mark.database
@pytest.mark.parametrize(
    "change",
    [
        {"mode": "named"},
        {"minimum": 3},
        {"comment_minimum": 3},
        {"segments": ["unit", "age"]},
        {"crossed": True},
        {"snapshot": {}},
        {"state": "draft"},
        {"code": "another"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_keeps_the_rules_of_a_launched_survey(change: dict[str, object]) -> None:
    """Whatever program writes."""
    survey = make_open_survey()
    with pytest.raises(DatabaseError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(**change)
    Survey.objects.filter(pk=survey.pk).update(closes_on=survey.closes_on + DAY)


@pytest.mark.database
def test_a_launched_survey_is_not_deleted_and_a_closed_one_stays_closed() -> None:
    """A draft may be thrown away."""
    make_draft().delete()
    survey = make_open_survey()
    with pytest.raises(DatabaseError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk)._raw_delete(using="default")
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.CLOSED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state=SurveyState.OPEN)


@pytest.mark.database
def test_missing_triggers_are_named() -> None:
    """They come back with migrate."""
    assert guards.missing(connection) == []
    guards.remove(connection)
    try:
        assert guards.missing(connection) == ["union_survey_fixed", "union_survey_kept"]
    finally:
        guards.install(connection)
    assert guards.missing(connection) == []


def test_the_snapshot_has_one_spelling() -> None:
    """Sorted keys, no spaces, Chinese signs as they are."""
    assert digest_of({"b": 1, "a": "题"}) == digest_of(json.loads('{"a": "题", "b": 1}'))
