"""What a decision writes down for the statistics, in the event that never changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.flow import Context, Effect


def _note(context: Context) -> None:
    due = context.case.due_on
    context.remembered["in_time"] = due is None or context.today <= due
    if reason := context.values.get("reason_code"):
        context.remembered["reason_code"] = str(reason)


COUNTED = Effect(
    "counted", _("Writes down whether it was decided in time, and why it was refused."), _note
)
