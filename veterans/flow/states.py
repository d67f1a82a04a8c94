"""Where an application for support can stand, and the steps of its time line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.flow import State, Step
from portal.cases.flow.shared_states import WITHDRAWN, draft
from veterans.flow.parties import APPLICANT, APPROVER, PAYER, REVIEWER, STATION, SYSTEM

STEPS = (
    Step("hand-in", _("Handed in")),
    Step("correction", _("Correction")),
    Step("acceptance", _("Acceptance")),
    Step("review", _("Union review")),
    Step("approval", _("Approval")),
    Step("notice", _("Public notice")),
    Step("payment", _("Payment")),
)

STATES = (
    draft(APPLICANT),
    State(
        "submitted",
        _("Handed in"),
        STATION,
        _("Nothing to do. Please wait."),
        "acceptance",
        "acceptance",
    ),
    State(
        "correcting",
        _("To be corrected"),
        APPLICANT,
        _("Please put right what is listed."),
        "correction",
        "correction",
        tone="amber",
        change=_("Put it right now"),
    ),
    State(
        "accepted",
        pgettext_lazy("case", "Accepted"),
        REVIEWER,
        _("Nothing to do. Please wait."),
        "decision",
        "review",
    ),
    State(
        "in_review",
        _("Reviewed again"),
        REVIEWER,
        _("Nothing to do. Please wait."),
        "decision",
        "review",
    ),
    State(
        "reviewed",
        _("Waiting for approval"),
        APPROVER,
        _("Nothing to do. Please wait."),
        "decision",
        "approval",
    ),
    State(
        "notice",
        _("Public notice"),
        SYSTEM,
        _("Nothing to do until the notice ends."),
        "",
        "notice",
    ),
    State(
        "approved",
        pgettext_lazy("case", "Approved"),
        PAYER,
        _("It is approved. Please wait for it."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "paying",
        _("Being paid"),
        PAYER,
        _("The money is on its way."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "paid",
        pgettext_lazy("case", "Paid"),
        APPLICANT,
        _("Please check it and rate us."),
        "rating",
        "payment",
        tone="green",
    ),
    State(
        "arranging",
        _("Being arranged"),
        STATION,
        _("It is approved. We arrange it."),
        "payment",
        "payment",
        tone="green",
    ),
    State(
        "provided",
        _("Arranged"),
        APPLICANT,
        _("Please look at it and rate us."),
        "rating",
        "payment",
        tone="green",
    ),
    State(
        "rejected",
        _("Not approved"),
        APPLICANT,
        _("Please read why it was not approved."),
        "rating",
        "approval",
        tone="red",
    ),
    State(
        "closed",
        pgettext_lazy("case", "Closed"),
        final=True,
        outcome=_("This matter is finished."),
        step="payment",
        tone="green",
    ),
    State(
        "not_accepted",
        _("Not accepted"),
        final=True,
        outcome=_("It was not accepted."),
        step="acceptance",
        tone="red",
    ),
    WITHDRAWN,
)
