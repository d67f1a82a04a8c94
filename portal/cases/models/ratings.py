"""How satisfied the applicant was (好差评): one rating a case, given freely.

Source: 国办发〔2019〕51号: five levels, the last two count as bad.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.models.cases import Case
from portal.personal_data.fields import EncryptedTextField


class Satisfaction(models.IntegerChoices):
    """The five levels."""

    VERY_SATISFIED = 5, _("Very satisfied")
    SATISFIED = 4, _("Satisfied")
    FAIRLY_SATISFIED = 3, _("Fairly satisfied")
    DISSATISFIED = 2, _("Dissatisfied")
    VERY_DISSATISFIED = 1, _("Very dissatisfied")


class Rating(models.Model):
    """The rating of one case; it may be changed for a week."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    level = models.PositiveSmallIntegerField(_("rating"), choices=Satisfaction.choices)
    words = EncryptedTextField(pgettext_lazy("rating", "comment"), blank=True, default="")
    given_at = models.DateTimeField(_("rated at"))
    changed_at = models.DateTimeField(_("changed last at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"
