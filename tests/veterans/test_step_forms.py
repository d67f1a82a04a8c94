"""The forms of the steps of an application: the shared fields are those every flow has."""

from __future__ import annotations

import pytest

from portal.cases.flow import PartyKind, Transition, flow
from portal.cases.forms import StepForm
from tests.factories.support import Journey, make_journey
from veterans.flow import FLOW

pytestmark = pytest.mark.django_db
STEPS = sorted(flow(FLOW).forms)


def form_of(journey: Journey, code: str) -> tuple[Transition, StepForm]:
    table = flow(FLOW)
    row = table.transition(code)
    party = next(one for one in row.parties if table.party(one).kind is PartyKind.ROLE)
    form: StepForm = table.forms[code](
        case=journey.case, transition=row, user=journey.office.station, party=party
    )
    return row, form


@pytest.mark.parametrize("code", STEPS)
def test_a_form_asks_for_the_shared_fields_its_row_lists_and_no_others(code: str) -> None:
    row, form = form_of(make_journey(), code)
    shared = {"reason", "note", "level", "words"}
    assert set(form.fields) & shared == set(row.fields) & shared
    if "note" in form.fields:
        assert form.fields["note"].help_text
    if "reason" in form.fields:
        assert form.fields["reason"].required


def test_a_step_may_call_its_reason_otherwise() -> None:
    _row, form = form_of(make_journey(), "provide")
    assert form.fields["reason"].label == "落实情况：日子、地点、找谁"
