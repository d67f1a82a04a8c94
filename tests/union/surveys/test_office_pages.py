"""The office of surveys over HTTP: by role and not more, from the draft to the end."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from wagtail.log_actions import registry as log_registry

from portal.notifications.models import Message
from portal.people.models import User
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.surveys import (
    DAY,
    full_answers,
    make_crew,
    make_draft,
    make_open_survey,
    union_officer,
)
from tests.permissions.survey_routes import survey_routes
from union.models import Invitation, Survey, SurveyPage, SurveyQuestion, SurveyState
from union.surveys import reminding
from union.surveys.reading import turnout

pytestmark = pytest.mark.django_db
RUNS = {"union_staff"}
LOOKS_ON = {"union_chair", "discipline_auditor"}


def client_of(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office() -> Client:
    """The browser of the union officer."""
    return client_of(union_officer())


# ---- Who may


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_its_pages_and_not_more(role: str) -> None:
    """The officer runs, the chair and the auditor look on, nobody else knows of it."""
    draft, survey = make_draft(), make_open_survey()
    client = client_of(make_user(role))
    seen = {
        "surveys_office": client.get(reverse("surveys_office")).status_code,
        "survey_office": client.get(reverse("survey_office", args=[survey.pk])).status_code,
        "survey_preview": client.get(reverse("survey_preview", args=[survey.pk])).status_code,
        "survey_new": client.get(reverse("survey_new")).status_code,
        "survey_launch": client.get(reverse("survey_launch", args=[draft.pk])).status_code,
        "survey_close": client.get(reverse("survey_close", args=[survey.pk])).status_code,
        "remind": client.post(reverse("survey_remind", args=[survey.pk])).status_code,
        "copy": client.post(reverse("survey_copy", args=[survey.pk])).status_code,
        "page": client.post(reverse("survey_write_page", args=[survey.pk])).status_code,
        "tokens": client.post(reverse("survey_token_sheet", args=[survey.pk, "all"])).status_code,
    }
    if role in RUNS:
        wanted = dict.fromkeys(list(seen)[:6], 200) | dict.fromkeys(list(seen)[6:], 302)
    elif role in LOOKS_ON:
        wanted = dict.fromkeys(list(seen)[:3], 200) | dict.fromkeys(list(seen)[3:], 403)
    elif role == "veterans_officer":
        # Runs surveys of its own office; those of the union are unknown to it.
        wanted = dict.fromkeys(seen, 404) | {"surveys_office": 200, "survey_new": 200}
    else:
        wanted = dict.fromkeys(seen, 403)
    assert seen == wanted
    assert Survey.objects.exclude(pk__in=[draft.pk, survey.pk]).count() == (role in RUNS)


@pytest.mark.parametrize("role", ["union_staff", "union_chair", "branch_secretary", ""])
def test_the_admin_of_surveys_is_for_who_runs_them(role: str) -> None:
    """Lists, forms and dialogues; a superuser without the role is nobody here."""
    draft = make_draft()
    question = SurveyQuestion.objects.get(code="pay-level")
    client = client_of(make_user(role) if role else make_user(is_superuser=True))
    addresses = [
        reverse("wagtailsnippets_union_survey:list"),
        reverse("wagtailsnippets_union_survey:edit", args=[draft.pk]),
        reverse("wagtailsnippets_union_surveyquestion:list"),
        reverse("wagtailsnippets_union_surveyquestion:edit", args=[question.pk]),
        reverse("wagtailsnippets_union_surveyquestion:add"),
        reverse("wagtailsnippets_union_surveydimension:list"),
        reverse("wagtailsnippetchoosers_union_surveyquestion:choose"),
        reverse("wagtailsnippetchoosers_union_survey:choose"),
        reverse("wagtailsnippets_union_survey:history", args=[draft.pk]),
    ]
    found = [client.get(address).status_code for address in addresses]
    if role == "union_staff":
        assert found == [200] * len(addresses)
    else:
        assert 200 not in found


def test_the_admin_tells_one_office_nothing_of_the_drafts_of_the_other() -> None:
    """Neither its form nor its history nor where it is used."""
    draft = make_draft()
    client = client_of(make_user("veterans_officer"))
    for view in ("edit", "delete", "history", "usage"):
        address = reverse(f"wagtailsnippets_union_survey:{view}", args=[draft.pk])
        assert client.get(address).status_code == 403, view


def test_not_even_a_superuser_deletes_drafts_by_the_actions_on_many() -> None:
    """Drafts go one by one, by who runs them."""
    draft = make_draft()
    address = reverse("wagtail_bulk_action", args=[Survey._meta.app_label, "survey", "delete"])
    client = client_of(make_user("system_administrator", is_superuser=True))
    assert client.post(f"{address}?id={draft.pk}").status_code < 500
    assert Survey.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("role", ["union_staff", "veterans_officer", "employee"])
def test_no_address_answers_nonsense_with_an_error(role: str) -> None:
    """Every row of the table of addresses, with what is sent to it."""
    client = client_of(make_user(role))
    for name, calls in survey_routes().items():
        for call in calls:
            address = reverse(name, args=call.arguments)
            assert client.get(f"{address}?{call.query}").status_code < 500, name
            for form in call.forms:
                assert client.post(address, form).status_code < 500, (name, form)


# ---- From the draft to the end


def test_a_survey_is_begun_previewed_and_launched_on_the_pages(office: Client) -> None:
    """New draft, preview, whom to ask, groups, launch, message to those asked."""
    crew = make_crew(12)
    day = union_officer().person.roles.first().valid_from  # type: ignore[union-attr]
    form = {
        **{"office": "union", "title": "2026年末职工满意度调查", "code": "workers-2026"},
        **{"series": "workers", "purpose": "听听大家的看法。", "mode": "anonymous"},
        **{"unit": str(crew[0].person.unit_id), "minimum": "5", "comment_minimum": "10"},  # type: ignore[union-attr]
        **{"opens_on": f"{day:%Y-%m-%d}", "closes_on": f"{day + 14 * DAY:%Y-%m-%d}"},
        "segments": ["unit"],
    }
    missing = office.post(reverse("survey_new"), form)
    assert missing.status_code == 422
    assert "请至少选一个题组" in missing.content.decode()
    office.post(reverse("survey_new"), {**form, "templates": ["pay", "mind"]})
    draft = Survey.objects.get(code="workers-2026")
    preview = office.get(reverse("survey_preview", args=[draft.pk])).content.decode()
    assert "我对现在的工资水平" in preview
    assert "提交答卷" not in preview
    address = reverse("survey_launch", args=[draft.pk])
    assert office.post(address, {"level": "2"}).status_code == 422
    book = Workbook()
    assert book.active is not None
    book.active.append(("工号",))
    for user in crew:
        book.active.append((user.username,))
    target = io.BytesIO()
    book.save(target)
    target.name = "list.xlsx"
    target.seek(0)
    shown = office.post(address, {"level": "2", "workbook": target})
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "邀请12人" in page
    hidden = dict(re.findall(r'name="(chosen|seen)" value="([^"]+)"', page))
    forged = office.post(address, {**hidden, "chosen": "x" + hidden["chosen"], "confirmed": "yes"})
    assert forged.status_code == 302
    assert Survey.objects.get(pk=draft.pk).is_draft
    office.post(address, {**hidden, "confirmed": "yes"})
    draft.refresh_from_db()
    assert draft.state == SurveyState.OPEN
    assert Invitation.objects.filter(survey=draft).count() == 12
    assert Message.objects.filter(code=reminding.INVITATION).count() == 12


def test_a_wrong_list_names_rows_on_the_page(office: Client) -> None:
    """The choice of units is still there."""
    draft = make_draft()
    book = Workbook()
    assert book.active is not None
    for row in (("工号",), ("NOBODY",), ("NOBODY",)):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    target.name = "list.xlsx"
    target.seek(0)
    unit = draft.unit_id
    response = office.post(
        reverse("survey_launch", args=[draft.pk]),
        {"level": "3", "workbook": target, "units": [str(unit)]},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "第2行A列" in page
    assert "第3行A列" in page
    assert f'<option value="{unit}" selected>' in page


def test_the_office_sees_counts_in_steps_and_no_names(office: Client) -> None:
    """Four answers are fewer than five, seven are at least five."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    address = reverse("survey_office", args=[survey.pk])

    def answered(count: int) -> str:
        keys = list(Invitation.objects.filter(survey=survey).values_list("pk", flat=True))
        Invitation.objects.filter(pk__in=keys[:count]).update(is_done=True)
        page: str = office.get(address).content.decode()
        return page

    assert "不足5人" in answered(4)
    page = answered(7)
    assert "至少5人（41%）" in page
    assert turnout(survey).at_least == 5
    assert all(user.username not in page for user in crew)


def test_a_closed_survey_shows_its_frozen_count_after_the_invitations_are_gone(
    office: Client,
) -> None:
    """Seven of twelve, also when nobody's invitation is left."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    form = full_answers(survey)
    for user in crew[:7]:
        client_of(user).post(reverse("survey_answer", args=[survey.pk]), form)
    office.post(reverse("survey_close", args=[survey.pk]))
    Invitation.objects.filter(survey=survey).delete()
    page = office.get(reverse("survey_office", args=[survey.pk])).content.decode()
    assert "7人（58%）" in page


def test_tokens_are_a_pdf_that_holds_each_of_them_once(office: Client) -> None:
    """One slip each; the page of the survey offers the sheet."""
    crew = make_crew(12)
    draft = make_draft(segments=[])
    launch = reverse("survey_launch", args=[draft.pk])
    unit = crew[0].person.unit_id  # type: ignore[union-attr]
    shown = office.post(
        launch,
        {"level": "2", "units": [str(unit)], "token_unit_1": str(unit), "token_count_1": "7"},
    )
    hidden = dict(re.findall(r'name="(chosen|seen)" value="([^"]+)"', shown.content.decode()))
    office.post(launch, {**hidden, "confirmed": "yes"})
    assert "7张" in office.get(reverse("survey_office", args=[draft.pk])).content.decode()
    response = office.post(reverse("survey_token_sheet", args=[draft.pk, "all"]))
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    with pikepdf.open(io.BytesIO(response.content)) as book:
        assert len(book.pages) >= 1


def test_reminders_are_three_and_tell_who_is_pending_or_everybody(time_machine) -> None:
    """The same words; everybody when fewer than the smallest group are pending."""
    time_machine.move_to("2026-11-23 10:00+08:00")
    crew = make_crew(12)
    survey = make_open_survey(crew)
    address = reverse("survey_remind", args=[survey.pk])
    keys = list(Invitation.objects.filter(survey=survey).values_list("pk", flat=True))

    def remind() -> None:
        # Another day is another sign-in.
        client_of(union_officer()).post(address)

    told = Message.objects.filter(code=reminding.REMINDER)

    Invitation.objects.filter(pk__in=keys[:4]).update(is_done=True)
    remind()
    assert told.count() == 8
    remind()
    assert told.count() == 8  # once a day
    time_machine.move_to("2026-11-24 22:00+08:00")
    remind()
    assert told.count() == 8  # at night nobody is reminded
    time_machine.move_to("2026-11-25 10:00+08:00")
    Invitation.objects.filter(pk__in=keys[:9]).update(is_done=True)
    remind()
    assert told.count() == 8 + 12
    for day in (26, 27):
        time_machine.move_to(f"2026-11-{day} 10:00+08:00")
        remind()
    assert told.count() == 8 + 12 + 12
    assert len(set(told.values_list("url", flat=True))) == 1
    assert {tuple(sorted(row.variables.items())) for row in told} == {
        (("due_on", f"{survey.closes_on:%Y-%m-%d}"), ("title", survey.title))
    }


def test_the_daily_job_reminds_on_its_days(time_machine) -> None:
    """Seven, three and one day before the end; again on the same day it does nothing."""
    time_machine.move_to("2026-11-23 00:10+08:00")
    survey = make_open_survey()
    assert reminding.remind_all().startswith("0 ")
    time_machine.move_to(f"{survey.closes_on - 7 * DAY:%Y-%m-%d} 00:10+08:00")
    assert reminding.remind_all().startswith("1 ")
    assert reminding.remind_all().startswith("0 ")


def test_the_close_asks_once_more(office: Client) -> None:
    """A confirmation, then closed for good."""
    survey = make_open_survey()
    address = reverse("survey_close", args=[survey.pk])
    assert "不能撤销" in office.get(address).content.decode()
    survey.refresh_from_db()
    assert survey.state == SurveyState.OPEN
    office.post(address)
    office.post(address)
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    entry = log_registry.get_logs_for_instance(survey).get(action="union.survey.close")
    assert entry.user == union_officer()


def test_the_announcement_is_a_draft_of_a_page(office: Client) -> None:
    """It goes through the usual review and says what is stored."""
    survey = make_open_survey()
    office.post(reverse("survey_write_page", args=[survey.pk]))
    page = SurveyPage.objects.get(survey=survey)
    assert not page.live
    assert "不保存您与答卷的对应关系" in str(page.body)
    office.post(reverse("survey_write_page", args=[survey.pk]))
    assert SurveyPage.objects.filter(survey=survey).count() == 1


def test_a_question_that_was_asked_is_reworded_by_a_new_version(office: Client) -> None:
    """Neither changed nor deleted; one click makes the next version."""
    make_open_survey()
    question = SurveyQuestion.objects.get(code="culture-number")
    for name in ("edit", "delete"):
        address = reverse(f"wagtailsnippets_union_surveyquestion:{name}", args=[question.pk])
        assert office.get(address).status_code == 409
        assert office.post(address, {"text": "别的"}).status_code == 409
    office.post(reverse("survey_question_version", args=[question.pk]))
    assert SurveyQuestion.objects.get(code="culture-number", version=2).text == question.text


def test_a_launched_survey_is_not_edited_in_the_admin(office: Client) -> None:
    """Nor deleted; nor is the draft of the other office."""
    survey = make_open_survey()
    other = make_draft(office="veterans")
    for name in ("edit", "delete"):
        launched = reverse(f"wagtailsnippets_union_survey:{name}", args=[survey.pk])
        assert office.get(launched).status_code == 409
        assert office.post(launched, {}).status_code == 409
        foreign = reverse(f"wagtailsnippets_union_survey:{name}", args=[other.pk])
        assert office.post(foreign, {}).status_code == 403
    assert Survey.objects.filter(pk=other.pk).exists()


def test_the_list_costs_the_same_with_many_surveys(office: Client) -> None:
    """Twenty a page, equal queries."""
    for _number in range(3):
        make_draft()
    office.get(reverse("surveys_office"))
    with CaptureQueriesContext(connection) as few:
        office.get(reverse("surveys_office"))
    for _number in range(22):
        make_draft()
    with CaptureQueriesContext(connection) as many:
        assert office.get(reverse("surveys_office")).content.decode().count("调查") > 20
    assert len(many) == len(few)


def test_not_even_a_superuser_deletes_many_questions_at_once() -> None:
    """The admin's actions on many find what was asked kept."""
    make_open_survey()
    question = SurveyQuestion.objects.get(code="culture-number")
    address = reverse(
        "wagtail_bulk_action", args=[SurveyQuestion._meta.app_label, "surveyquestion", "delete"]
    )
    client = client_of(make_user("system_administrator", is_superuser=True))
    response = client.post(f"{address}?id={question.pk}")
    assert response.status_code < 500
    assert SurveyQuestion.objects.filter(pk=question.pk).exists()


def test_the_question_bank_costs_the_same_with_many_surveys_and_questions(office: Client) -> None:
    """Which questions were asked is read once for the page."""
    address = reverse("wagtailsnippets_union_surveyquestion:list")
    make_open_survey()
    office.get(address)
    with CaptureQueriesContext(connection) as few:
        office.get(address)
    make_open_survey()
    with CaptureQueriesContext(connection) as many:
        assert office.get(address).status_code == 200
    assert len(many) == len(few)
    assert len(many) < 40


def test_the_preview_and_the_plan_read_dimensions_once(office: Client) -> None:
    """Thirty-five questions cost no more than ten."""
    small, large = make_draft(("pay",)), make_draft(("pay", "career", "conditions", "mind"))
    costs = []
    for draft in (small, small, large):
        with CaptureQueriesContext(connection) as found:
            office.get(reverse("survey_preview", args=[draft.pk]))
        costs.append(len(found))
    assert costs[1] == costs[2]


def test_an_announcement_is_of_the_day_it_is_published(office: Client) -> None:
    """A survey is announced before it begins; no record is of a day to come."""
    survey = make_open_survey()
    Survey.objects.filter(pk=survey.pk).update(opens_on=survey.opens_on + 5 * DAY)
    office.post(reverse("survey_write_page", args=[survey.pk]))
    page = SurveyPage.objects.get(survey=survey)
    assert page.opens_on > timezone.localdate()
    assert page.business_date() == timezone.localdate()
