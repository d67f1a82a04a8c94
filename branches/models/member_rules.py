"""Numbers that the rules set for joining, probation and transfer, as rows with their clause."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MemberRuleCode(models.TextChoices):
    """What is limited; the words name the unit of the number."""

    AGE = "age", _("Age at which one can join (years)")
    PROBATION = "probation", _("Probation (months)")
    LETTER = "letter", _("Longest validity of a letter of introduction (days)")


class MemberRule(models.Model):
    """One number of the rules for members, with its clause."""

    code = models.CharField(_("rule"), max_length=20, choices=MemberRuleCode.choices, unique=True)
    number = models.PositiveSmallIntegerField(
        pgettext_lazy("rule", "number"), validators=[MinValueValidator(1), MaxValueValidator(400)]
    )
    clause = models.CharField(_("clause"), max_length=200)
    is_unverified = models.BooleanField(
        _("not confirmed yet"), default=False, help_text=_("The source is practice, not a rule.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("rule for members")
        verbose_name_plural = _("rules for members")
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
