"""Answering over HTTP: who may, what is refused, what is kept and what is not."""

from __future__ import annotations

import datetime
import json
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.people.models import User
from portal.roles.table import ROLES
from portal.workspace.tasks import task_lists
from tests.factories.people import make_user
from tests.factories.surveys import (
    design_with,
    full_answers,
    make_crew,
    make_draft,
    make_open_survey,
    union_officer,
)
from tests.infrastructure.at_once import failures, together
from union.models import AnswerUrn, Invitation, NamedSheet, Survey
from union.surveys import tokens
from union.surveys.invitees import Chosen
from union.surveys.launching import launch

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def address(survey: Survey) -> str:
    """Return where a survey is answered."""
    return reverse("survey_answer", args=[survey.pk])


def sheets(survey: Survey) -> list[dict]:
    """Return the sheets in the urns."""
    rows = AnswerUrn.objects.filter(survey=survey)
    return [sheet for urn in rows for sheet in json.loads(urn.sheets)]


def test_an_answer_is_taken_once_and_the_page_says_thank_you() -> None:
    """Sent, thanked, and after that nothing but thanks."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    client = client_of(crew[0])
    page = client.get(address(survey)).content.decode()
    assert "保存什么" in page
    assert page.index("保存什么") < page.index("我对文体活动的数量")
    assert "不便回答" in page
    sent = client.post(address(survey), full_answers(survey), follow=True)
    assert "谢谢您，答卷已收到" in sent.content.decode()
    assert len(sheets(survey)) == 1
    assert sheets(survey)[0]["answers"]["culture-number"] == 2
    again = client.post(address(survey), full_answers(survey))
    assert again.status_code == 409
    assert "您已经答过了，谢谢" in again.content.decode()
    assert "您已经答过了，谢谢" in client.get(address(survey)).content.decode()
    assert len(sheets(survey)) == 1


def test_a_mistake_is_named_beside_its_question_and_everything_typed_is_kept() -> None:
    """A missing answer, a level out of the scale."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    form = full_answers(survey) | {"q-culture-places": "9", "q-culture-money": "none"}
    del form["q-culture-number"]
    response = client_of(crew[0]).post(address(survey), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#q-culture-number"' in page
    assert 'href="#q-culture-places"' in page
    assert page.count("field--error") == 2
    assert "多一些晚场活动" in page
    assert re.search(r'name="q-culture-money" value="none" checked', page)
    assert re.search(r'name="q-culture-access" value="2" checked', page)
    assert sheets(survey) == []
    assert Invitation.objects.filter(survey=survey, is_done=True).count() == 0


def test_forged_codes_are_refused() -> None:
    """A question the survey does not have."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    form = full_answers(survey) | {"q-salary": "2"}
    response = client_of(crew[0]).post(address(survey), form)
    assert response.status_code == 422
    assert "本次调查没有这道题" in response.content.decode()
    assert sheets(survey) == []


def test_every_kind_of_question_and_its_condition() -> None:
    """Lines, several choices, 0 to 10, own words; what is not asked is dropped."""
    crew = make_crew(12)
    design = design_with(
        {"code": "joined-activities"},
        {"code": "why-not-joined", "after": "joined-activities", "answers": "3"},
        {"code": "services-lines"},
        {"code": "recommend"},
        {"code": "one-proposal", "required": False},
    )
    survey = make_open_survey(crew, design=design)
    lines = {f"q-services-lines-{place}": "4" for place in (1, 2, 3)}
    first = {
        "q-joined-activities": "3",
        "q-why-not-joined": ["1", "4"],
        **lines,
        "q-services-lines-4": "none",
        "q-recommend": "0",
        "q-one-proposal-none": "yes",
    }
    client_of(crew[0]).post(address(survey), first)
    # Asked only of who did not take part; one line is missing at first.
    second = {**first, "q-joined-activities": "1", "q-services-lines-4": ""}
    client = client_of(crew[1])
    response = client.post(address(survey), second)
    assert response.status_code == 422
    assert "请给每一行选一项" in response.content.decode()
    assert 'name="q-services-lines-3" value="4" checked' in response.content.decode()
    client.post(address(survey), {**second, "q-services-lines-none": "yes"})
    found = sorted(sheets(survey), key=lambda sheet: sheet["answers"]["joined-activities"])
    assert found[0]["answers"] == {
        "joined-activities": 1,
        "services-lines": None,
        "recommend": 0,
    }
    assert found[1]["answers"] == {
        "joined-activities": 3,
        "why-not-joined": [1, 4],
        "services-lines": [4, 4, 4, None],
        "recommend": 0,
    }


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"system_administrator"}))
def test_only_who_is_invited_answers(role: str) -> None:
    """No role opens the questionnaire, the office and superusers included."""
    survey = make_open_survey()
    user = make_user(role)
    assert client_of(user).get(address(survey)).status_code == 403
    assert client_of(user).post(address(survey), full_answers(survey)).status_code == 403
    superuser = make_user(is_superuser=True)
    assert client_of(superuser).get(address(survey)).status_code == 403


def test_a_draft_is_unknown_and_a_survey_outside_of_its_days_is_refused() -> None:
    """404, 409 before and after."""
    crew = make_crew(12)
    assert client_of(crew[0]).get(address(make_draft())).status_code == 404
    survey = make_open_survey(crew)
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    for opens, closes in ((today + day, today + day), (today - day, today - day)):
        Survey.objects.filter(pk=survey.pk).update(opens_on=opens, closes_on=closes)
        client = client_of(crew[0])
        assert client.get(address(survey)).status_code == 409
        response = client.post(address(survey), full_answers(survey))
        assert response.status_code == 409
        assert "多一些晚场活动" in response.content.decode()
    assert sheets(survey) == []


def test_who_was_signed_out_gets_everything_back_and_nothing_is_kept() -> None:
    """No draft on the server: not in the session either."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    client = Client()
    assert client.get(address(survey)).status_code == 302
    response = client.post(address(survey), full_answers(survey))
    page = response.content.decode()
    assert response.status_code == 409
    assert "多一些晚场活动" in page
    assert "登录已失效" in page
    assert not Session.objects.exists()
    assert sheets(survey) == []


def test_a_form_made_before_the_last_sign_in_comes_back_filled_in() -> None:
    """The key of the form is an old one; nothing is taken, nothing is lost."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    client = Client(enforce_csrf_checks=True)
    client.force_login(crew[0])
    response = client.post(address(survey), full_answers(survey))
    page = response.content.decode()
    assert response.status_code == 409
    assert "请再提交一次" in page
    assert "多一些晚场活动" in page
    key = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert key is not None
    form = full_answers(survey) | {"csrfmiddlewaretoken": key[1]}
    assert client.post(address(survey), form).status_code == 302
    assert len(sheets(survey)) == 1


def test_answers_with_names_may_be_changed() -> None:
    """The page shows what was answered, and the later answer counts."""
    crew = make_crew(12)
    survey = make_open_survey(crew, mode="named")
    client = client_of(crew[0])
    assert "与您的姓名一起保存" in client.get(address(survey)).content.decode()
    client.post(address(survey), full_answers(survey))
    page = client.get(address(survey)).content.decode()
    assert 'name="q-culture-number" value="2" checked' in page
    client.post(address(survey), full_answers(survey) | {"q-culture-number": "5"})
    assert json.loads(NamedSheet.objects.get().answers)["culture-number"] == 5


def test_nothing_of_an_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the level, right or wrong."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    with caplog.at_level(logging.DEBUG):
        client = client_of(crew[0])
        client.post(address(survey), full_answers(survey) | {"q-culture-number": "77"})
        with CaptureQueriesContext(connection):
            client.post(address(survey), full_answers(survey))
    said = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not any("晚场" in record.getMessage() for record in said)


def test_the_number_of_queries_does_not_grow() -> None:
    """The page and the answer cost the same with many invited and many answered."""
    crew = make_crew(16)
    survey = make_open_survey(crew)

    def cost(user: User) -> tuple[int, int]:
        client = client_of(user)
        client.get(address(survey))
        with CaptureQueriesContext(connection) as shown:
            client.get(address(survey))
        with CaptureQueriesContext(connection) as sent:
            client.post(address(survey), full_answers(survey))
        return len(shown), len(sent)

    first = cost(crew[0])
    for user in crew[1:15]:
        client_of(user).post(address(survey), full_answers(survey))
    assert cost(crew[15]) == first


# ---- Where it is found


def test_the_workspace_holds_what_can_be_answered_and_not_more() -> None:
    """Until it is answered, and for nobody else."""
    crew = make_crew(12)
    survey = make_open_survey(crew)

    def waiting(user: User) -> list[str]:
        return [
            task.title
            for found in task_lists(User.objects.get(pk=user.pk))
            for task in found.tasks
            if task.url == address(survey)
        ]

    assert waiting(crew[0]) == [survey.title]
    assert waiting(union_officer()) == []
    client = client_of(crew[0])
    assert survey.title in client.get(reverse("survey_list")).content.decode()
    client.post(address(survey), full_answers(survey))
    assert waiting(crew[0]) == []
    assert "已作答" in client.get(reverse("survey_list")).content.decode()


# ---- With a printed token


@pytest.fixture
def printed() -> tuple[Survey, list[str]]:
    """A survey of twelve people and ten slips of the first unit."""
    crew = make_crew(12)
    draft = make_draft(segments=[])
    chosen = Chosen(
        listed=tuple((user.username, "") for user in crew),
        tokens=((crew[0].person.unit_id, 10),),  # type: ignore[union-attr,arg-type]
    )
    survey = launch(draft.pk, chosen, union_officer())
    return survey, tokens.print_tokens(survey.pk, tokens.EVERYBODY, union_officer())


def test_a_token_is_good_for_one_answer(printed: tuple[Survey, list[str]]) -> None:
    """No account, no cookie; the token stands in the form only."""
    survey, slips = printed
    client = Client()
    typed = slips[0].lower().replace("-", " ")
    page = client.post(reverse("survey_token"), {"token": typed})
    assert page.status_code == 200
    assert "我对文体活动的数量" in page.content.decode()
    form = {**full_answers(survey), "token": typed, "sent": "yes"}
    wrong = client.post(reverse("survey_token"), {**form, "q-culture-number": "8"})
    assert wrong.status_code == 422
    assert "多一些晚场活动" in wrong.content.decode()
    sent = client.post(reverse("survey_token"), form)
    assert "谢谢您，答卷已收到" in sent.content.decode()
    assert client.post(reverse("survey_token"), form).status_code == 409
    assert len(sheets(survey)) == 1
    assert not client.cookies
    assert Invitation.objects.filter(survey=survey, is_done=True, person=None).count() == 1
    # The plain token is nowhere.
    assert not Invitation.objects.filter(token_digest__contains=slips[0][:9]).exists()


def test_wrong_tokens_get_one_answer_and_are_slowed_down(
    printed: tuple[Survey, list[str]], settings
) -> None:
    """Unknown, unprinted, of another alphabet: the same page; then the computer is stopped."""
    settings.TRACKING_FAILURES_PER_ADDRESS = 3
    _survey, slips = printed
    client = Client()
    pages = set()
    for typed in ("0000-0000-0000-0000", "unprinted:1", "", "？？"):
        response = client.post(reverse("survey_token"), {"token": typed})
        assert response.status_code == 422
        pages.add(response.content)
    assert len(pages) == 1
    # The right one opens nothing from this computer within the hour either.
    assert client.post(reverse("survey_token"), {"token": slips[0]}).status_code == 422


def test_a_sheet_is_printed_anew_until_somebody_answered(
    printed: tuple[Survey, list[str]],
) -> None:
    """The earlier paper opens nothing then."""
    survey, slips = printed
    again = tokens.print_tokens(survey.pk, tokens.EVERYBODY, union_officer())
    assert tokens.invitation_of(slips[0]) is None
    found = tokens.invitation_of(again[0])
    assert found is not None
    Invitation.objects.filter(pk=found.pk).update(is_done=True)
    with pytest.raises(tokens.NotAtThisPoint):
        tokens.print_tokens(survey.pk, tokens.EVERYBODY, union_officer())


# ---- Twenty at once


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_are_one_answer() -> None:
    """One is thanked, nineteen are told that they have answered."""
    crew = make_crew(12)
    survey = make_open_survey(crew)
    form = full_answers(survey)
    browsers = [client_of(crew[0]) for _number in range(20)]

    def send(browser: Client) -> int:
        return browser.post(address(survey), form).status_code

    results = together(*(lambda browser=browser: send(browser) for browser in browsers))
    assert failures(results) == []
    assert sorted(results) == [302] + [409] * 19
    assert len(sheets(survey)) == 1
