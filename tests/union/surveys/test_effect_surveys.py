"""The veterans' office finds its published surveys beside its figures, and nothing unpublished."""

from __future__ import annotations

import random
import subprocess

import pytest
from django.test import Client
from django.urls import reverse

from portal.effect_surveys import effect_surveys, survey_office_url
from portal.people.models import User
from tests.factories.people import make_user
from tests.factories.survey_answers import a_sheet, make_open_survey, question
from union.models import Survey, SurveyOffice, SurveyResultPage
from union.survey_results.pages import write_page
from union.surveys import closing
from union.surveys.submitting import submit

pytestmark = pytest.mark.django_db

ASKED = [question("service", "likert", dimension={"code": "service", "name": "服务态度"})]


def closed(office: str, code: str) -> Survey:
    """Return a closed survey of an office that forty people answered."""
    survey, chance = (
        make_open_survey(40, code=code, questions=ASKED, office=office),
        random.Random(7),
    )
    for invitation in survey.invitations.order_by("pk"):
        submit(survey, invitation, a_sheet(chance, survey.questions))
    closing.close(survey.pk)
    survey.refresh_from_db()
    return survey


def words_of(document: bytes) -> str:
    """Return the text of a PDF as another program reads it."""
    read = subprocess.run(
        ["pdftotext", "-", "-"], input=document, stdout=subprocess.PIPE, check=True
    )
    return read.stdout.decode()


def statistics_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("support_statistics")).content.decode()


def test_the_office_reads_its_published_results_beside_its_figures() -> None:
    officer = make_user("veterans_officer")
    survey = closed(SurveyOffice.VETERANS, "support-2026")
    of_the_union = closed(SurveyOffice.UNION, "satisfaction-2026")
    write_page(of_the_union.pk, make_user("union_staff")).get_latest_revision().publish()
    page = write_page(survey.pk, officer)
    assert effect_surveys("veterans") == []
    assert "还没有公布调查结果" in statistics_of(officer)
    page.get_latest_revision().publish()
    live = SurveyResultPage.objects.get(pk=page.pk)
    (row,) = effect_surveys("veterans")
    assert (row.title, row.url, row.invited, row.rate) == (live.title, live.url, 40, 100)
    assert row.scores == [("服务态度", live.figures["dimensions"][0]["whole"])]
    body = statistics_of(officer)
    assert live.url in body and f"服务态度 {row.scores[0][1]}" in body


def test_only_who_runs_them_is_led_to_the_surveys_of_the_office() -> None:
    address = reverse("surveys_office")
    officer, chair = make_user("veterans_officer"), make_user("union_chair")
    assert survey_office_url(officer, "veterans") == address
    assert survey_office_url(officer, "union") == ""
    assert survey_office_url(chair, "veterans") == ""
    assert f'href="{address}"' in statistics_of(officer)


def test_the_bulletin_tells_the_results_of_its_year() -> None:
    officer = make_user("veterans_officer")
    survey = closed(SurveyOffice.VETERANS, "support-2026")
    write_page(survey.pk, officer).get_latest_revision().publish()
    client = Client()
    client.force_login(officer)
    (row,) = effect_surveys("veterans")
    for year, told in ((row.closed_on.year, True), (row.closed_on.year - 1, False)):
        answer = client.get(reverse("support_bulletin"), {"year": year})
        assert answer["Content-Type"] == "application/pdf"
        assert ("效果调查" in words_of(answer.content)) is told, year
