"""The amount of a case: computed, changed by the review with a reason, agreed to by another."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases.flow import Context, Effect, Guard
from portal.cases.refusals import ConditionNotMet
from veterans.models import AmountChange, Application
from veterans.payments.grants import is_paid_for, lock_year
from veterans.standards.entitlement import money


def change_of(application: Application) -> AmountChange | None:
    """Return the change of the amount that is in force."""
    return application.amount_changes.filter(superseded=False).first()


def _change(context: Context) -> None:
    application = context.subject
    application.amount_changes.filter(superseded=False).update(superseded=True)
    changed: Decimal | None = context.values.get("changed_amount")
    if changed is None or changed == application.amount:
        return
    AmountChange.objects.create(
        application=application,
        computed=application.amount,
        changed=changed,
        reason=context.values["change_reason"],
        proposed_by=context.actor,
        proposed_at=context.now,
    )
    application.amount = changed
    application.save(update_fields=["amount"])
    context.remembered["changed"] = True


def _change_explained(context: Context) -> None:
    if context.values.get("changed_amount") is not None and not context.values.get("change_reason"):
        raise ConditionNotMet(_("Please say why the amount differs from the computed one."))


def _change_agreed(context: Context) -> None:
    if change_of(context.subject) is not None and not context.values.get("confirmed_change"):
        raise ConditionNotMet(
            _("Please confirm that you have compared the changed amount with the computed one.")
        )


def _still_due(context: Context) -> None:
    """Count the year again under its lock and take the second person's agreement down.

    Raises:
        ConditionNotMet: another case of the person was granted so much meanwhile that the cap
            of the year no longer allows the amount, or a further year of the item was ordered.
    """
    from veterans.applications.effects import calculation_of
    from veterans.beneficiaries.benefits import RULE

    application: Application = context.subject
    lock_year(application)
    change = change_of(application)
    computed = change.computed if change else application.amount
    now = calculation_of(application)
    if now.complete and computed is not None and now.amount < computed:
        raise ConditionNotMet(
            _(
                "Another case of the person was approved meanwhile; the cap of the year leaves"
                " %(left)s yuan. Please send this one back to the review."
            )
            % {"left": money(now.amount)}
        )
    handed_in = application.case.submitted_at
    if handed_in is not None and is_paid_for(
        application, timezone.localdate(handed_in) + datetime.timedelta(days=RULE.opens)
    ):
        raise ConditionNotMet(
            _("The next year of this support was paid meanwhile. Please send it back.")
        )
    if change is not None:
        change.confirmed_by, change.confirmed_at = context.actor, context.now
        change.save(update_fields=["confirmed_by", "confirmed_at"])
        context.remembered["change_confirmed"] = True
    if application.amount is not None:
        # The letter of this decision says this amount, whatever a second one sets later.
        context.remembered["amount"] = f"{application.amount:f}"
    if decision := context.values.get("decision"):
        context.remembered["decision"] = decision


def comparison(application: Application) -> Any:
    """Return the change with its difference for the pages; None where nothing was changed."""
    change = change_of(application)
    if change is None:
        return None
    return {
        "change": change,
        "difference": change.changed - change.computed,
        "computed": change.computed,
        "changed": change.changed,
    }


CHANGE = Effect(
    "change", gettext_lazy("Keeps another amount than the computed one with its reason."), _change
)
STILL_DUE = Effect(
    "still-due",
    gettext_lazy("Counts the cap of the year again and writes down who agreed to a change."),
    _still_due,
)
CHANGE_EXPLAINED = Guard(
    "change-explained",
    gettext_lazy("A changed amount has a reason."),
    _change_explained,
    of_values=True,
)
CHANGE_AGREED = Guard(
    "change-agreed",
    gettext_lazy("A second person has agreed to a changed amount."),
    _change_agreed,
    of_values=True,
)
