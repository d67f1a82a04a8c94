"""Each of the twelve items from the self-check to the archive; those in kind without an account."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from portal.archives.models import Record
from portal.cases.models import CaseEvent
from portal.public_notices.models import PublicNotice
from tests.factories.organizations import company
from tests.factories.standards import TWELVE, item_text, officer
from tests.factories.support import ANSWERS, Journey, make_journey
from veterans.applications.granting import granted_words
from veterans.applications.letters import letter_pdf
from veterans.demo.standard_loading import write_draft, write_item
from veterans.models import Application, Payment
from veterans.standards.services import check_eligibility, compute
from veterans.standards.vocabulary import FIELDS

pytestmark = [pytest.mark.django_db(transaction=True)]

CODES = [text.item["code"] for text in TWELVE]
IN_KIND = {"recuperation", "reinstatement"}
WITHOUT_NOTICE = {"greetings", "bereaved-care", *IN_KIND}
# What the applicant of tests/factories/support.py is granted by the version of 2026.
AMOUNTS = {
    "housing": "18000",
    "medical": "6600",
    "education": "5000",
    "merit": "2000",
    "conscript-family": "6000",
    "greetings": "1500",
    "hardship": "2000",
    "spouse-employment": "2700",
    "care-and-aids": "3360",
    "bereaved-care": "5000",
    "recuperation": "0",
    "reinstatement": "0",
}


@pytest.fixture(autouse=True)
def monday(time_machine, tmp_path, settings):
    """A Monday without holidays near it, and folders of its own."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "private"
    settings.ARCHIVE_ROOT = tmp_path / "archive"
    time_machine.move_to("2026-11-23 09:00+08:00")


def test_there_are_twelve_with_two_versions_each() -> None:
    assert len(CODES) == len(set(CODES)) == 12
    assert set(ANSWERS) == set(CODES)
    for text in TWELVE:
        years = [version.fields["effective_from"].year for version in text.versions]
        assert years == [2025, 2026], text.item["code"]


@pytest.mark.parametrize("code", CODES)
def test_an_item_runs_from_the_self_check_to_the_archive(code: str) -> None:
    journey = make_journey(item=code)
    answers = {name: value for name, value in ANSWERS[code].items() if name in FIELDS}
    page = Client().post(
        reverse("support_self_check", args=[code]), {**answers, "seen": list(answers)}
    )
    assert page.status_code == 200
    assert page.context["verdict"] == "passed", [
        (result.title, result.outcome) for result in page.context["results"]
    ]
    assert page.context["calculation"].amount == Decimal(AMOUNTS[code])

    case = journey.to("closed")
    application = Application.objects.get(pk=case.pk)
    assert application.amount == Decimal(AMOUNTS[code])
    assert application.trace
    states = list(case.events.order_by("sequence").values_list("to_state", flat=True))
    shown = [] if code in WITHOUT_NOTICE else ["notice"]
    granted = ["arranging", "provided"] if code in IN_KIND else ["approved", "paying", "paid"]
    assert states == ["submitted", "accepted", "reviewed", *shown, *granted, "closed"]
    assert Payment.objects.filter(application=application).count() == (code not in IN_KIND)
    record = Record.objects.get(source_kind="case", source_id=str(case.pk))
    assert record.title == f"{item_text(code).item['name']} {case.number}"
    # Whoever decided is never who reviewed.
    actors = dict(CaseEvent.objects.filter(case=case).values_list("transition", "actor"))
    assert actors["review"] not in {
        actor for step, actor in actors.items() if step.startswith("approve")
    }


@pytest.mark.parametrize("code", CODES)
def test_the_older_version_grants_what_it_said(code: str) -> None:
    """Computed from its own rows; only merit is the same in both years."""
    text = item_text(code)
    item = write_item(text.item, company())
    before, now = (write_draft(item, version, officer()) for version in text.versions)
    earlier = compute(before, ANSWERS[code]).amount
    later = compute(now, ANSWERS[code]).amount
    if code == "merit" or code in IN_KIND:
        assert earlier == later
    elif code == "medical":
        # The share stayed, the cap rose.
        much = ANSWERS[code] | {"own_payment": "90000"}
        assert [compute(rule, much).amount for rule in (before, now)] == [15000, 20000]
    else:
        assert earlier < later
    assert all(result.message for result in check_eligibility(now, ANSWERS[code]))


@pytest.mark.parametrize("code", sorted(IN_KIND))
def test_what_is_granted_in_kind_needs_no_account(code: str) -> None:
    journey = make_journey(item=code)
    application = journey.application
    assert not application.bank_card
    client = Client()
    client.force_login(journey.applicant)
    listed = client.get(reverse("support_application", args=[application.pk])).content.decode()
    assert "/bank/" not in listed
    assert client.get(reverse("support_part", args=[application.pk, "bank"])).status_code == 404

    case = journey.to("provided")
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "集合" in page
    assert "0元" not in page
    assert granted_words(Application.objects.get(pk=case.pk)) in page
    event = case.events.get(transition="provide")
    assert letter_pdf(case, event).startswith(b"%PDF")


def test_finance_is_not_asked_for_what_is_granted_in_kind() -> None:
    case = make_journey(item="recuperation").to("arranging")
    assert case.standing.party == "station"
    from portal.cases.refusals import AlreadyMoved
    from portal.cases.services import apply

    with pytest.raises(AlreadyMoved):
        apply(case.pk, "pay", None)


def _second(journey: Journey, **answers: str) -> Journey:
    from tests.factories.support import make_draft

    code = journey.application.item.code
    draft = make_draft(journey.applicant, ANSWERS[code] | answers, item=code)
    return Journey(journey.office, journey.applicant, draft)


def test_medical_support_is_granted_as_often_as_it_happens_up_to_the_cap() -> None:
    """Source: the example of the policy: 6,600 yuan, then 13,400 of the cap of 20,000."""
    first = make_journey(item="medical")
    first.to("paid")
    second = _second(first, own_payment="30000")
    second.to("paid")
    second.application.refresh_from_db()
    assert second.application.amount == Decimal(13400)
    assert "6,600" in "".join(second.application.trace)


def test_greetings_are_granted_once_for_each_festival() -> None:
    from portal.cases.refusals import ConditionNotMet

    first = make_journey(item="greetings")
    first.to("submitted")
    summer = _second(first, occasion="army-day")
    summer.to("submitted")
    periods = Application.objects.filter(active=True).values_list("period", flat=True)
    assert set(periods) == {"2026-spring-festival", "2026-army-day"}
    with pytest.raises(ConditionNotMet):
        _second(first).submit()


@pytest.mark.parametrize("code", ["medical", "hardship", "care-and-aids"])
def test_a_notice_shows_no_amount_that_tells_of_illness_or_need(code: str) -> None:
    journey = make_journey(item=code)
    journey.to("notice")
    notice = PublicNotice.objects.get()
    assert all("amount" not in row for row in notice.entries)
