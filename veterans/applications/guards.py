"""The conditions of the steps of an application, each with its words."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Guard
from portal.cases.guards import limit_over
from portal.cases.models import Case
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.cases.refusals import ConditionNotMet
from portal.public_notices import services as notices
from veterans.applications.granting import is_in_kind
from veterans.applications.tasks import consent_given, unfinished
from veterans.beneficiaries.benefits import RULE
from veterans.models import Application
from veterans.payments.budgets import held_by
from veterans.payments.grants import is_paid_for
from veterans.standards.refusals import NoStandardInForce
from veterans.standards.services import version_on


def _complete(context: Context) -> None:
    left = unfinished(context.subject)
    if left:
        raise ConditionNotMet(
            _("Please finish first: %(parts)s.")
            % {"parts": "、".join(str(task.title) for task in left)}
        )


def _standard(context: Context) -> None:
    try:
        version_on(context.subject.item, context.today, context.subject.region)
    except NoStandardInForce as error:
        raise ConditionNotMet(str(error.message)) from error


def _consent(context: Context) -> None:
    if not consent_given(context.case):
        raise ConditionNotMet(
            _("We may only use the identity number and the bank card with your consent.")
        )


def is_concerned(user: Any, case: Case) -> bool:
    """Whether the account may know that there is such a case."""
    person = getattr(user, "person_id", None)
    return person is not None and person in (case.applicant_id, case.beneficiary_id)


def same_period(application: Application, period: str) -> Any:
    """Return other running applications of the same person for the same item and period."""
    return Application.objects.filter(
        identity_number_index=application.identity_number_index,
        item=application.item,
        period=period,
        active=True,
    ).exclude(pk=application.pk)


def _not_twice(context: Context) -> None:
    application = context.subject
    try:
        version = version_on(application.item, context.today, application.region)
    except NoStandardInForce:
        return  # The condition beside this one says so.
    period = version.standard.period(
        context.today.year, application.given_answers, context.case.pk.hex[:8]
    )
    if is_paid_for(application, context.today + datetime.timedelta(days=RULE.opens)):
        raise ConditionNotMet(
            _(
                "The support of this item goes on and is paid already; there is nothing to apply"
                " for."
            )
        )
    twin = same_period(application, period).select_related("case").first()
    if twin is not None:
        known = is_concerned(context.user, twin.case)
        raise ConditionNotMet(
            _(
                "An application for the same person and year is under way%(number)s. Please"
                " wait for its result or ask the service station."
            )
            % {"number": f"（{twin.case.number}）" if known else ""}
        )


def _was_asked(context: Context) -> bool:
    asked = ("request_correction", "request_again")
    return bool(context.case.events.filter(transition__in=asked).exists())


def _first_notice(context: Context) -> None:
    if _was_asked(context):
        raise ConditionNotMet(
            _(
                "A correction is asked for once, with everything in it. A second time needs a"
                " leader who gives the reason."
            )
        )


def _second_notice(context: Context) -> None:
    if not _was_asked(context):
        raise ConditionNotMet(_("The first correction is asked for by those in charge."))


def _something_listed(context: Context) -> None:
    # The buttons ask without a form; only a form that was sent can lack its lines.
    if "items" in context.values and not context.values["items"]:
        raise ConditionNotMet(_("Please say what has to be put right, and why."))


def _corrected(context: Context) -> None:
    left = [row["label"] for row in context.subject.corrections if not row.get("done")]
    if left:
        raise ConditionNotMet(_("Still to be put right: %(parts)s.") % {"parts": "、".join(left)})


def _amount_known(context: Context) -> None:
    from veterans.applications.effects import calculation_of

    if context.values.get("opinion") == "unsupported":
        return
    found = calculation_of(context.subject)
    if not found.complete:
        raise ConditionNotMet(
            _("The amount cannot be computed from the answers. Please ask for a correction.")
        )
    typed = context.values.get("opinion") and not context.values.get("changed_amount")
    if typed and not found.amount and not found.in_kind:
        raise ConditionNotMet(
            _(
                "By the caps of the standard nothing is left to be granted. Please do not"
                " support it, and say so."
            )
        )


def _supported(context: Context) -> None:
    if not context.subject.supported:
        raise ConditionNotMet(
            _("The review does not support it. Please send it back or do not approve it.")
        )


def _notice_days(context: Context) -> int:
    version = context.subject.version
    return (version.notice_days if version else 0) or 0


def _needs_notice(context: Context) -> None:
    if not _notice_days(context):
        raise ConditionNotMet(_("This item needs no public notice."))


def _needs_no_notice(context: Context) -> None:
    if _notice_days(context):
        raise ConditionNotMet(_("This item needs a public notice first."))


def _in_money(context: Context) -> None:
    if is_in_kind(context.subject):
        raise ConditionNotMet(_("There is no money in this; the service station arranges it."))


def _in_kind(context: Context) -> None:
    if not is_in_kind(context.subject):
        raise ConditionNotMet(_("This is paid in money by finance."))


def _notice_over(context: Context) -> None:
    if not notices.is_over(OWNER_KIND, owner_id(context.case), context.today):
        raise ConditionNotMet(_("The public notice is not over, or an objection is open."))


def _objection_upheld(context: Context) -> None:
    from portal.public_notices.models import Objection, ObjectionState

    upheld = Objection.objects.of_owner(OWNER_KIND, owner_id(context.case))
    if not upheld.filter(state=ObjectionState.UPHELD).exists():
        raise ConditionNotMet(_("No objection was upheld."))


def _account_confirmed(context: Context) -> None:
    if "confirmed" in context.values and not context.values["confirmed"]:
        raise ConditionNotMet(_("Please confirm that the account belongs to the beneficiary."))
    if (context.subject.amount or 0) <= held_by(context.subject):
        raise ConditionNotMet(_("There is no amount to pay."))


STANDARD_IN_FORCE = Guard(
    "standard", gettext_lazy("A standard of the item is in force today."), _standard
)
COMPLETE = Guard("complete", gettext_lazy("Every part and every material is there."), _complete)
CONSENT_GIVEN = Guard(
    "consent", gettext_lazy("The applicant has agreed to the use of personal data."), _consent
)
NOT_TWICE = Guard(
    "once",
    gettext_lazy("No other application of the person for the item and the year is under way."),
    _not_twice,
)
FIRST_NOTICE = Guard(
    "first-notice", gettext_lazy("No correction was asked for before."), _first_notice
)
SECOND_NOTICE = Guard(
    "second-notice", gettext_lazy("A correction was asked for before."), _second_notice
)
SOMETHING_LISTED = Guard(
    "listed", gettext_lazy("What has to be put right is listed with a reason."), _something_listed
)
EVERYTHING_CORRECTED = Guard(
    "corrected", gettext_lazy("Everything on the list was put right."), _corrected
)
CORRECTION_OVERDUE = limit_over(
    "correction", gettext_lazy("The time limit for the correction is over.")
)
ACCEPTANCE_OVERDUE = limit_over(
    "acceptance", gettext_lazy("The time limit for the acceptance is over.")
)
RATING_OVERDUE = limit_over("rating", gettext_lazy("The days for a rating are over."))
AMOUNT_KNOWN = Guard(
    "amount", gettext_lazy("The amount can be computed from the answers."), _amount_known
)
SUPPORTED = Guard("supported", gettext_lazy("The review supports it."), _supported)
NEEDS_NOTICE = Guard(
    "needs-notice", gettext_lazy("The standard asks for a public notice."), _needs_notice
)
NEEDS_NO_NOTICE = Guard(
    "no-notice", gettext_lazy("The standard asks for no public notice."), _needs_no_notice
)
IN_MONEY = Guard("money", gettext_lazy("It is granted in money."), _in_money)
IN_KIND = Guard("in-kind", gettext_lazy("It is granted in kind, without money."), _in_kind)
NOTICE_OVER = Guard(
    "notice-over",
    gettext_lazy("The public notice has run its days and no objection is open."),
    _notice_over,
)
OBJECTION_UPHELD = Guard("objection", gettext_lazy("An objection was upheld."), _objection_upheld)
ACCOUNT_CONFIRMED = Guard(
    "account",
    gettext_lazy("The account belongs to the beneficiary and there is an amount."),
    _account_confirmed,
)
