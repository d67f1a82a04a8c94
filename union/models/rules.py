"""Numbers that come from a regulation: limits in days, how many people are needed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.workdays.dated import DatedRule


class ParticipationRule(DatedRule):
    """One number of the rules of proposals and suggestions, with the clause it rests on.

    Attributes:
        code: for example `proposal-seconders`.
        value: people, or days; working or calendar days as the flow says.
    """

    value = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("rule of participation")
        verbose_name_plural = _("rules of participation")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"], name="union_participation_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"
