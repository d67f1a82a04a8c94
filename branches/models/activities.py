"""Branch activities: what took place, when, where, and who led it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.people.models import Person


class ActivityKind(models.TextChoices):
    """Kinds of branch activities.

    Source: the working rules for Party branches of 2018 (支部工作条例), articles 11 to 19.
    """

    GENERAL_MEETING = "general-meeting", _("General meeting")
    COMMITTEE_MEETING = "committee-meeting", _("Committee meeting")
    GROUP_MEETING = "group-meeting", _("Group meeting")
    PARTY_CLASS = "party-class", _("Party class")
    THEME_DAY = "theme-day", _("Theme Party day")
    LIFE_MEETING = "life-meeting", _("Organizational life meeting")
    APPRAISAL = "appraisal", _("Democratic appraisal")
    SAFETY_ACTIVITY = "safety-activity", _("Safety activity")
    OTHER = "other", _("Other activity")


class Activity(models.Model):
    """An activity of a Party branch: what took place, when, where, and who led it."""

    branch = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="activities"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind.choices)
    topic = models.CharField(_("topic"), max_length=255)
    held_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    host = models.ForeignKey(
        Person,
        verbose_name=_("host"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hosted_activities",
    )
    recorder = models.ForeignKey(
        Person,
        verbose_name=_("recorder"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recorded_activities",
    )

    recorded_on = models.DateField(
        _("recorded on"),
        null=True,
        blank=True,
        help_text=_("The day on which the record was there; empty for what was not followed."),
    )

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["branch", "kind", "-held_on"], name="branches_activity_newest"),
            models.Index(fields=["kind", "held_on"], name="branches_activity_of_year"),
        ]

    def __str__(self) -> str:
        return f"{chinese_date(self.held_on)} {self.topic}"
