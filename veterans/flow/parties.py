"""Who acts in an application for support, and how each is called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.flow import Party, PartyKind

APPLICANT, STATION, REVIEWER = "applicant", "station", "reviewer"
APPROVER, PAYER, SYSTEM = "approver", "payer", "system"

PARTIES = (
    Party(APPLICANT, _("Applicant"), PartyKind.APPLICANT, turn=_("you")),
    Party(
        STATION, _("Service station"), roles=("veterans_officer",), turn=_("the service station")
    ),
    Party(REVIEWER, _("Union review"), roles=("union_staff",), turn=_("the review by the union")),
    Party(
        APPROVER,
        _("Approval"),
        roles=("union_chair", "party_approver"),
        turn=_("the approval by the leaders"),
    ),
    Party(PAYER, _("Finance"), roles=("finance_payer",), turn=_("the payment by finance")),
    Party(SYSTEM, _("The portal"), PartyKind.SYSTEM, turn=_("the public notice")),
)
