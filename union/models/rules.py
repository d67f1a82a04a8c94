"""Numbers that come from a regulation: limits in days, how many people are needed."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParticipationRuleQuerySet(models.QuerySet["ParticipationRule"]):
    """Sets of rules."""

    def in_force(self, code: str, day: datetime.date) -> ParticipationRule:
        """Return the rule of this code in force on a day.

        Raises:
            ParticipationRule.DoesNotExist: none was ever in force.
        """
        return self.filter(code=code, effective_from__lte=day).latest("effective_from")


class ParticipationRule(models.Model):
    """One number of the rules of proposals and suggestions, with the clause it rests on.

    Attributes:
        code: what it is, for example `proposal-seconders`.
        value: people, or days; working or calendar days as the flow says.
    """

    code = models.CharField(max_length=40)
    value = models.PositiveSmallIntegerField(_("number"))
    clause = models.CharField(_("clause"), max_length=200)
    effective_from = models.DateField(_("in force from"))

    objects: ClassVar[ParticipationRuleQuerySet] = ParticipationRuleQuerySet.as_manager()  # type: ignore[assignment]

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
