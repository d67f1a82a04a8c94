"""The table itself, put together from its parts, and what it tells the case machine."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.cases.flow import Flow, register_flow
from veterans.applications import effects, messages, personal_data, step_forms
from veterans.applications.case_file import case_file, case_parts
from veterans.applications.contacts import contacts
from veterans.beneficiaries.representatives import FLOW_RULE
from veterans.flow import deciding, ending, granting, handing_in
from veterans.flow.clocks import CLOCKS
from veterans.flow.parties import APPROVER, PARTIES, REVIEWER, STATION
from veterans.flow.states import STATES, STEPS
from veterans.models import Application

FLOW = "veterans-support"
TRANSITIONS = (
    *handing_in.TRANSITIONS,
    *deciding.TRANSITIONS,
    *granting.TRANSITIONS,
    *ending.TRANSITIONS,
)

SUPPORT = Flow(
    code=FLOW,
    name=_("Application for support"),
    prefix="YJ",
    parties=PARTIES,
    states=STATES,
    transitions=TRANSITIONS,
    clocks=CLOCKS,
    steps=STEPS,
    initial="draft",
    subject_of=effects.application_of,
    case_file=case_file,
    case_parts=case_parts,
    archive_kind=("veterans-support-case", _("Case file of veterans' support")),
    readers=("discipline_auditor",),
    leaders=("union_chair",),
    forms=step_forms.FORMS,
    draft_address=lambda case: reverse("support_application", args=[case.pk]),
    names=lambda indexes: Q(
        pk__in=Application.objects.filter(identity_number_index__in=indexes).values("pk")
    ),
    contacts=contacts,
    representatives=FLOW_RULE,
    papers=(STATION, REVIEWER, APPROVER),
    templates={
        "office": "veterans/applications/office_facts.html",
        "applicant": "veterans/applications/applicant_facts.html",
        "tracking": "veterans/applications/tracking_facts.html",
    },
)


def register() -> None:
    """Register the flow, its messages and what public notices call."""
    register_flow(SUPPORT)
    messages.register()
    effects.register_notice_callbacks()
    personal_data.register()
