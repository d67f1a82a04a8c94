"""Acting as the applicant of a case that has none, proven by a receipt."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from portal.cases import services
from portal.cases.models import Case
from portal.cases.refusals import NotYourTurn
from tests.factories.cases import Matter

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def nameless(state: str) -> Matter:
    matter = Matter()
    matter.to(state)
    Case.objects.filter(pk=matter.pk).update(applicant=None, beneficiary=None)
    return matter


def test_the_step_has_no_account_and_the_day_as_its_time() -> None:
    matter = nameless("told")
    event = services.apply(matter.pk, "rate", None, {"level": 4}, by_receipt=True)
    assert event.actor is None
    assert event.party == "applicant"
    local = timezone.localtime(event.at)
    assert (local.date(), local.time()) == (timezone.localdate(), datetime.time(0))
    assert timezone.localtime(matter.case.closed_at).time() == datetime.time(0)


def test_nobody_acts_for_an_applicant_who_is_known() -> None:
    matter = Matter()
    matter.to("told")
    with pytest.raises(NotYourTurn):
        services.apply(matter.pk, "rate", None, {"level": 4}, by_receipt=True)
    assert matter.case.state == "told"


def test_a_receipt_opens_no_step_of_the_office_nor_of_the_portal() -> None:
    matter = nameless("submitted")
    for row in matter.case.table.leading_from("submitted"):
        if "applicant" in row.parties:
            continue
        with pytest.raises(NotYourTurn):
            services.apply(matter.pk, row.code, None, {"reason": "x"}, by_receipt=True)


def test_without_a_receipt_nobody_acts_for_nobody() -> None:
    matter = nameless("told")
    with pytest.raises(NotYourTurn):
        services.apply(matter.pk, "rate", None, {"level": 4})
