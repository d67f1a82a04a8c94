"""Papers of a case: who opens them, and that every look by the office is written down."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal.personal_data.models import Reveal
from tests.factories.people import make_user
from tests.factories.support import make_journey

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def journey():
    made = make_journey()
    made.to("submitted")
    return made


def look(user, journey, method="get"):
    client = Client()
    client.force_login(user)
    file = journey.case.documents.select_related("file").first().file
    response = getattr(client, method)(reverse("stored_file", args=[file.pk]))
    if response.status_code == 200:
        b"".join(response)
    return response.status_code


def test_exactly_those_whose_step_needs_the_papers_open_them(journey):
    auditor, colleague = make_user("discipline_auditor"), make_user("employee")
    allowed = {
        name: look(user, journey)
        for name, user in {
            "applicant": journey.applicant,
            "station": journey.office.station,
            "reviewer": journey.office.reviewer,
            "approver": journey.office.approver,
            "payer": journey.office.payer,
            "auditor": auditor,
            "colleague": colleague,
        }.items()
    }

    assert {name for name, status in allowed.items() if status == 200} == {
        *("applicant", "station", "reviewer", "approver", "auditor"),
    }


def test_every_look_of_the_office_is_written_down_and_none_of_the_applicant(journey):
    look(journey.applicant, journey)
    look(journey.office.station, journey, "head")
    assert not Reveal.objects.exists()

    look(journey.office.station, journey)

    row = Reveal.objects.get()
    assert (row.user, row.person_id) == (journey.office.station, journey.applicant.person_id)
    assert journey.case.number in row.reason
    client = Client()
    client.force_login(make_user("discipline_auditor"))
    page = client.get(reverse("reveals")).content.decode()
    assert "提交的材料" in page


def test_finance_reads_which_papers_there_are_and_opens_none(journey):
    client = Client()
    client.force_login(journey.office.payer)
    page = client.get(reverse("case", args=[journey.case.pk])).content.decode()

    document = journey.case.documents.first()
    assert document.title in page
    assert reverse("stored_file", args=[document.file_id]) not in page
