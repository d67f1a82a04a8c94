"""What the steps of a second look do: number and code, and opening the first case again."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.cases import numbers, services, tracking
from portal.cases.flow import Context, Effect
from portal.cases.models import Case
from portal.cases.refusals import ConditionNotMet
from veterans.appeals.rules import REOPEN
from veterans.models import Appeal, Application


def appeal_of(case: Case) -> Appeal | None:
    """Return the second look behind a case."""
    return (
        Appeal.objects.select_related("of_case__unit", "of_case__applicant")
        .filter(pk=case.pk)
        .first()
    )


def _hand_in(context: Context) -> None:
    case, appeal = context.case, context.subject
    case.number = numbers.next_number(case.table.prefix, context.today)
    case.tracking_tail = appeal.of_case.tracking_tail
    code = tracking.issue_code(case)
    appeal.active = True
    appeal.save(update_fields=["active"])
    # Stored nowhere: the page that answers the form shows it once.
    if callable(show := context.values.get("show_code")):
        show(code)
    context.remembered["of"] = appeal.of_case.number


def _end(context: Context) -> None:
    context.subject.active = False
    context.subject.save(update_fields=["active"])


def _uphold(context: Context) -> None:
    appeal: Appeal = context.subject
    event = services.apply(appeal.of_case_id, REOPEN, None, {"appeal": context.case.number})
    appeal.reopened_sequence, appeal.active = event.sequence, False
    appeal.save(update_fields=["reopened_sequence", "active"])
    context.remembered["reopened"] = event.sequence


def _reopen(context: Context) -> None:
    application: Application = context.subject
    twin = Application.objects.filter(
        identity_number_index=application.identity_number_index,
        item=application.item,
        period=application.period,
        active=True,
    ).exclude(pk=application.pk)
    if twin.exists():
        raise ConditionNotMet(
            _("The person applied for the same again meanwhile. Please decide that case first.")
        )
    application.active = True
    application.supported = None
    application.save(update_fields=["active", "supported"])
    context.remembered["appeal"] = context.values.get("appeal", "")


HAND_IN = Effect("hand-in", gettext_lazy("Gives number and tracking code."), _hand_in)
END = Effect("end", gettext_lazy("The decision stands."), _end)
UPHOLD = Effect(
    "uphold", gettext_lazy("Opens the first case again for other people to decide."), _uphold
)
REOPENED = Effect(
    "reopened",
    gettext_lazy("Starts a second decision, linked with the first by the second look."),
    _reopen,
)
