"""Results: who reads them, what a reader is shown, comments seen by two, the list of changes."""

from __future__ import annotations

import datetime
import io
import random
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import TaskState

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.people.models import User
from portal.publishing import services as publishing
from portal.refusals import ChangedMeanwhile, NotPossible, NotYours
from tests.factories.organizations import company
from tests.factories.people import make_user
from tests.factories.survey_answers import QUESTIONS, a_sheet, make_open_survey, question
from union.models import (
    CommentState,
    Improvement,
    ImprovementState,
    Survey,
    SurveyComment,
    SurveyResultPage,
)
from union.survey_results import comments, improvements, report
from union.survey_results.pages import write_page
from union.survey_results.reading import read
from union.surveys import closing
from union.surveys.submitting import submit

pytestmark = pytest.mark.django_db


def closed(count: int = 40, *, code: str = "satisfaction-2026", **more: Any) -> Survey:
    """Return a closed survey that so many answered."""
    survey, chance = make_open_survey(count, code=code, **more), random.Random(7)
    questions = survey.questions
    for invitation in survey.invitations.order_by("pk"):
        submit(survey, invitation, a_sheet(chance, questions) | {"words": "食堂晚班没有热饭"})
    closing.close(survey.pk)
    survey.refresh_from_db()
    return survey


@pytest.fixture
def staff() -> User:
    """The union officer."""
    return make_user("union_staff")


@pytest.fixture
def chair() -> User:
    """The union chair."""
    return make_user("union_chair")


ADDRESSES = ("survey_results", "survey_comments", "survey_improvements")


def statuses(user: User, survey: Survey) -> list[int]:
    """Return what an account gets at the pages of the office."""
    client = Client()
    client.force_login(user)
    return [client.get(reverse(name, args=[survey.pk])).status_code for name in ADDRESSES]


def test_the_office_reads_results_and_nobody_else(staff: User, chair: User) -> None:
    survey = closed()
    assert statuses(staff, survey) == [200, 200, 200]
    assert statuses(chair, survey) == [200, 200, 200]
    auditor = make_user("discipline_auditor")
    assert statuses(auditor, survey) == [200, 403, 200]
    for role in ("party_staff", "archivist", "veterans_officer", "system_administrator"):
        other = make_user(role)
        assert statuses(other, survey) == [404, 404, 404], role
    assert statuses(make_user(), survey) == [404, 404, 404]


def test_nothing_can_be_read_while_the_survey_is_open(staff: User) -> None:
    survey = make_open_survey(20)
    assert statuses(staff, survey) == [404, 404, 404]
    client = Client()
    client.force_login(staff)
    for name in ("survey_result_sheet", "survey_result_report"):
        assert client.get(reverse(name, args=[survey.pk])).status_code == 404


def test_a_change_of_words_breaks_the_comparison() -> None:
    first = closed(code="wave-1")
    Survey.objects.filter(pk=first.pk).update(
        opens_on=first.opens_on - datetime.timedelta(days=200)
    )
    changed = [row if row["code"] != "canteen" else row | {"version": 2} for row in QUESTIONS]
    second = closed(code="wave-2", questions=changed)
    reading = read(second.result)
    by_code = {row.code: row.score for row in reading.questions}
    assert by_code["pay"].change == 0
    assert by_code["canteen"].broken and by_code["canteen"].change is None
    assert [row.score.broken for row in reading.dimensions] == [True]
    assert reading.overall.broken


def test_the_lowest_score_stands_first() -> None:
    scores = [row.score.now or 0 for row in read(closed().result).questions]
    assert scores == sorted(scores)


def test_a_comment_is_shown_after_two_people_looked_at_it(staff: User, chair: User) -> None:
    survey = closed()
    comment = survey.comments.first()
    assert comment is not None
    comments.redact(comment.pk, "食堂晚班没有热饭", staff)
    with pytest.raises(NotYours):
        comments.decide(comment.pk, staff, seen="食堂晚班没有热饭", show=True)
    with pytest.raises(ChangedMeanwhile):
        comments.decide(comment.pk, chair, seen="别的话", show=True)
    comments.decide(comment.pk, chair, seen="食堂晚班没有热饭", show=True)
    assert comments.shown_by_question(survey) == [
        {"question": "关于words的问题", "words": ["食堂晚班没有热饭"]}
    ]
    with pytest.raises(ChangedMeanwhile):
        comments.redact(comment.pk, "改过", staff)


def test_a_comment_nobody_redacted_cannot_be_approved(chair: User) -> None:
    comment = closed().comments.first()
    assert comment is not None
    with pytest.raises(NotPossible):
        comments.decide(comment.pk, chair, seen="", show=True)
    comments.decide(comment.pk, chair, seen="", show=False)
    comment.refresh_from_db()
    assert comment.state == CommentState.WITHHELD


def test_comments_of_few_answers_are_not_shown(staff: User, chair: User) -> None:
    survey = closed(8)
    survey.comments.update(
        state=CommentState.APPROVED, redacted="热饭", redacted_by=staff, decided_by=chair
    )
    assert comments.shown_by_question(survey) == []


def improvement(survey: Survey) -> Improvement:
    """Return a line that is not saved yet."""
    unit = Unit.objects.get(pk=company().pk)
    return Improvement(
        survey=survey,
        problem="晚班吃不到热饭",
        measure="食堂延长供应到凌晨一点",
        unit=unit,
        due_on=timezone.localdate() + datetime.timedelta(days=20),
    )


def test_the_page_waits_for_its_reviewer_and_shows_what_was_copied(staff: User) -> None:
    survey = closed()
    line = improvements.write(improvement(survey), staff)
    page = write_page(survey.pk, staff)
    assert not page.live
    assert page.current_workflow_state is not None
    assert page.figures == survey.result.content
    assert page.improvements[0]["problem"] == "晚班吃不到热饭"
    with pytest.raises(NotPossible):
        write_page(survey.pk, staff)
    improvements.report_progress(
        line.pk, staff, state=ImprovementState.RUNNING, words="已试行一周", seen=line.state
    )
    again = write_page(survey.pk, staff)
    assert again.pk == page.pk
    assert again.improvements[0]["progress"][0]["words"] == "已试行一周"


def test_whoever_does_not_run_the_survey_writes_nothing(chair: User) -> None:
    survey = closed()
    with pytest.raises(NotYours):
        write_page(survey.pk, chair)
    with pytest.raises(NotYours):
        improvements.write(improvement(survey), chair)


def test_two_who_report_at_the_same_time_do_not_write_over_each_other(staff: User) -> None:
    line = improvements.write(improvement(closed()), staff)
    report = {"state": ImprovementState.DONE, "words": "已完成", "seen": ImprovementState.PLANNED}
    improvements.report_progress(line.pk, staff, **report)
    with pytest.raises(ChangedMeanwhile):
        improvements.report_progress(line.pk, staff, **report)
    with pytest.raises(NotPossible):
        improvements.remove(line.pk, staff)


def test_excel_and_pdf_hold_what_the_page_shows(staff: User) -> None:
    survey = closed(43, units=("a", "b", "c"), sizes=(20, 19, 4))
    client = Client()
    client.force_login(staff)
    response = client.get(reverse("survey_result_sheet", args=[survey.pk]))
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    groups = book["单位"]
    shown = {row[0].value: row[1].value for row in groups.iter_rows(min_row=2)}
    assert shown["c区队"] == shown["b区队"] == "—"
    assert isinstance(shown["a区队"], int)
    pdf = client.get(reverse("survey_result_report", args=[survey.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_the_number_of_queries_does_not_grow_with_comments(
    staff: User, django_assert_max_num_queries: Any
) -> None:
    survey = closed(12)
    client = Client()
    client.force_login(staff)
    address = reverse("survey_comments", args=[survey.pk])
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    SurveyComment.objects.bulk_create(
        SurveyComment(pk=number, survey=survey, question="words", words="多一条")
        for number in range(1, 60)
    )
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_line_with_a_mistake_keeps_what_was_typed(staff: User) -> None:
    survey = closed()
    client = Client()
    client.force_login(staff)
    response = client.post(
        reverse("survey_improvement_new", args=[survey.pk]),
        {
            "problem": "晚班吃不到热饭",
            "measure": "延长供应",
            "unit": company().pk,
            "employee_number": "NOBODY1",
            "due_on": "2020-01-01",
        },
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "没有这个工号" in text
    assert "这一天已经过去" in text
    assert "晚班吃不到热饭" in text
    assert not Improvement.objects.exists()


def test_a_matrix_line_is_named_with_its_question() -> None:
    survey = closed(
        20,
        questions=[question("shift", "matrix", lines=["早班", "夜班"]), question("words", "text")],
    )
    assert {row.name for row in read(survey.result).questions} == {
        "关于shift的问题：早班",
        "关于shift的问题：夜班",
    }


def test_a_result_page_without_figures_in_its_preview_does_not_fail() -> None:
    assert SurveyResultPage(title="结果").facts() == []


def test_words_of_a_survey_that_few_answered_are_read_by_nobody(staff: User, chair: User) -> None:
    """Of few answers even the office would know whose words they are."""
    survey = closed(8)
    comment = survey.comments.first()
    assert comment is not None
    for user in (staff, chair):
        client = Client()
        client.force_login(user)
        page = client.get(reverse("survey_comments", args=[survey.pk]))
        assert page.status_code == 200
        assert "食堂晚班没有热饭" not in page.content.decode()
        assert f"comment-{comment.pk}" not in page.content.decode()
    with pytest.raises(NotPossible):
        comments.redact(comment.pk, "热饭", staff)
    client.force_login(staff)
    assert client.get(reverse("survey_results", args=[survey.pk])).context["waiting_comments"] == 0


def test_a_form_without_a_decision_decides_nothing(staff: User) -> None:
    survey = closed(12)
    comment = survey.comments.first()
    assert comment is not None
    client = Client()
    client.force_login(staff)
    address = reverse("survey_comment", args=[survey.pk, comment.pk])
    response = client.post(address, {"words": "热饭", "seen": ""}, follow=True)
    assert "请选择" in response.content.decode()
    comment.refresh_from_db()
    assert comment.state == CommentState.WAITING


def test_a_long_comment_with_lines_is_handed_on_whole(staff: User, chair: User) -> None:
    """A browser sends two signs for the end of a line; the longest comment must not be cut."""
    comment = closed(12).comments.first()
    assert comment is not None
    words = "\n".join(["饭" * 99] * 10)[:1000]
    typed = words.replace("\n", "\r\n") + "\x00"
    comments.redact(comment.pk, typed, staff)
    comment.refresh_from_db()
    assert comment.redacted == words
    comments.decide(comment.pk, chair, seen=words.replace("\n", "\r\n"), show=True)


def test_surveys_of_another_office_are_no_earlier_wave() -> None:
    """Who reads the results of one office must not read those of the other beside them."""
    first = closed(code="wave-1")
    Survey.objects.filter(pk=first.pk).update(
        opens_on=first.opens_on - datetime.timedelta(days=200)
    )
    second = closed(code="wave-2", office="veterans")
    reading = read(second.result)
    assert reading.before is None
    assert len(reading.waves) == 1


def test_a_change_of_a_line_does_not_take_back_its_progress(staff: User) -> None:
    line = improvements.write(improvement(closed()), staff)
    read_before = Improvement.objects.get(pk=line.pk)
    report = {"state": ImprovementState.DONE, "words": "已完成", "seen": ImprovementState.PLANNED}
    improvements.report_progress(line.pk, staff, **report)
    read_before.measure = "延长到凌晨两点"
    improvements.write(read_before, staff)
    line.refresh_from_db()
    assert (line.state, line.measure) == (ImprovementState.DONE, "延长到凌晨两点")


def test_a_line_that_is_gone_is_said_in_words(staff: User) -> None:
    """Two windows take the same line off, or one reports on it meanwhile."""
    line = improvements.write(improvement(closed()), staff)
    improvements.remove(line.pk, staff)
    with pytest.raises(ChangedMeanwhile):
        improvements.remove(line.pk, staff)
    with pytest.raises(ChangedMeanwhile):
        improvements.report_progress(
            line.pk, staff, state=ImprovementState.DONE, words="已完成", seen="planned"
        )


def test_the_parts_of_the_report_are_numbered_without_a_gap(
    staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "pdf_from_html", lambda html: html.encode())
    survey = closed(questions=[question("canteen", "likert"), question("words", "text")])
    line = improvements.write(improvement(survey), staff)
    improvements.report_progress(
        line.pk, staff, state=ImprovementState.RUNNING, words="已试行一周", seen=line.state
    )
    html = report.report_pdf(
        survey, read(survey.result), [], improvements.as_published(survey)
    ).decode()
    assert re.findall("<h2>(.*?)</h2>", html) == [
        "一、调查概况",
        "二、总体结果",
        "三、各题结果",
        "四、整改清单",
    ]
    assert chinese_date(line.due_on) in html
    assert line.due_on.isoformat() not in html
    assert "已试行一周" in html
    assert chinese_date(survey.closed_on) in html
    assert chinese_date(survey.closes_on) not in html


@pytest.mark.parametrize("changed", [True, False])
def test_a_page_that_was_returned_goes_to_its_reviewer_again(
    staff: User, chair: User, changed: bool
) -> None:
    """Or the office would read that it waits, while it is in nobody's list."""
    survey = closed()
    page = write_page(survey.pk, staff)
    state = page.current_workflow_task_state
    publishing.return_for_changes(
        state.pk, seen_revision_id=state.revision_id, user=chair, comment="请列出整改"
    )
    if changed:
        improvements.write(improvement(survey), staff)
    again = write_page(survey.pk, staff)
    waiting = again.current_workflow_task_state
    assert waiting is not None
    assert waiting.status == TaskState.STATUS_IN_PROGRESS
    assert waiting.revision_id == again.latest_revision_id
    with pytest.raises(NotPossible):
        write_page(survey.pk, staff)


def test_readers_are_not_shown_an_earlier_survey_that_was_not_published(staff: User) -> None:
    first = closed(code="wave-1")
    Survey.objects.filter(pk=first.pk).update(
        opens_on=first.opens_on - datetime.timedelta(days=200)
    )
    second = closed(code="wave-2")
    page = write_page(second.pk, staff)
    page.get_latest_revision().publish()
    client = Client()
    client.force_login(make_user())
    live = SurveyResultPage.objects.get(survey=second)
    assert client.get(live.url).context["reading"].before is None
    assert "持平" not in str(live.body)
    office = Client()
    office.force_login(staff)
    assert office.get(reverse("survey_results", args=[second.pk])).context["reading"].before
    write_page(first.pk, staff).get_latest_revision().publish()
    assert client.get(live.url).context["reading"].before is not None


def test_no_two_parts_of_the_page_have_the_same_name(staff: User) -> None:
    """Whoever moves from heading to heading, or from table to table, tells them apart."""
    dimension = {"code": "pay", "name": "薪酬福利"}
    asked = [
        question("pay", "likert", dimension=dimension),
        question("whole", "likert"),
        question("belong", "likert", scale="agreement-5"),
        question("words", "text"),
    ]
    survey = closed(questions=asked)
    client = Client()
    client.force_login(staff)
    html = client.get(reverse("survey_results", args=[survey.pk])).content.decode()
    names = re.findall(r'<(?:figcaption|h2)[^>]*id="[^"]*"[^>]*>(.*?)</', html)
    assert len(names) > 5
    assert len(set(names)) == len(names), names
