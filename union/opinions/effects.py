"""What the steps of an opinion do besides moving the case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases import numbers
from portal.cases.flow import Context, Effect
from portal.cases.models import Rating


def _number(context: Context) -> None:
    context.case.number = numbers.next_number(context.case.table.prefix, context.today)


def _rate(context: Context) -> None:
    Rating.objects.create(
        case=context.case,
        level=context.values["level"],
        words=context.values.get("words", ""),
        given_at=context.now,
        changed_at=context.now,
    )


def _to_next_level(context: Context) -> None:
    context.subject.level += 1
    context.subject.save(update_fields=["level"])


NUMBER = Effect("number", _("Gives the number."), _number)
RATE = Effect("rate", _("Keeps the rating."), _rate)
TO_NEXT_LEVEL = Effect(
    "next-level", pgettext_lazy("opinion", "Goes to the next level."), _to_next_level
)
