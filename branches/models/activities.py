"""Branch activities: what took place, when, where, and who led it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.people.models import Person, User


class ActivityKind(models.TextChoices):
    """Kinds of branch activities.

    Source: the working rules for Party branches of 2018 (支部工作条例), articles 11 to 19; those of
    safety from section 2.6 of the domain facts.
    """

    GENERAL_MEETING = "general-meeting", _("General meeting")
    COMMITTEE_MEETING = "committee-meeting", _("Committee meeting")
    GROUP_MEETING = "group-meeting", _("Group meeting")
    PARTY_CLASS = "party-class", _("Party class")
    THEME_DAY = "theme-day", _("Theme Party day")
    LIFE_MEETING = "life-meeting", _("Organizational life meeting")
    APPRAISAL = "appraisal", _("Democratic appraisal")
    SAFETY_ACTIVITY = "safety-activity", _("Safety activity")
    DRILL = "drill", _("Emergency drill")
    CASE_STUDY = "case-study", _("Study of an accident")
    OTHER = "other", _("Other activity")


class ActivityState(models.TextChoices):
    """Where the record of an activity stands.

    Source: section 2.3 of the domain facts, 计划→已通知→已召开→待审核→已审核（锁定）→已归档.
    What is known by its page or by its day alone has no record and so no state.
    """

    WITHOUT_RECORD = "", pgettext_lazy("activity", "Without a record")
    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    NOTIFIED = "notified", pgettext_lazy("activity", "Notice given")
    HELD = "held", pgettext_lazy("activity", "Held")
    IN_REVIEW = "in-review", pgettext_lazy("activity", "In review")
    REVIEWED = "reviewed", pgettext_lazy("activity", "Reviewed")
    ARCHIVED = "archived", pgettext_lazy("activity", "Archived")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")


#: Nothing of these was held: the year counts them as plans at most.
NOT_HELD = frozenset({ActivityState.PLANNED, ActivityState.NOTIFIED, ActivityState.CANCELLED})
#: Nothing of these changes any more; later remarks are supplements.
LOCKED = frozenset({ActivityState.REVIEWED, ActivityState.ARCHIVED, ActivityState.CANCELLED})


class Activity(models.Model):
    """An activity of a Party branch: what took place, when, where, and who led it.

    With a state it is a record that is planned, held, minuted and reviewed; every change goes
    through `branches.activities`.

    Attributes:
        group: the Party group that meets, for group meetings.
        starts_at: planned start; `held_on` is its day in Shanghai.
        agenda: one matter a line, in order.
        guests: names or employee numbers of those who sit in (列席), one a line.
        minutes: what was said and done, beside the points of speakers.
        account: the text for the page, the only words of the record that are ever published.
        details: what only this kind has, by `branches.activities.kind_fields`.
        version: grows with every change; a form that knows an older one is refused.
    """

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

    state = models.CharField(
        pgettext_lazy("activity", "state"),
        max_length=12,
        choices=ActivityState.choices,
        default=ActivityState.WITHOUT_RECORD,
        blank=True,
        editable=False,
    )
    group = models.ForeignKey(
        Unit,
        verbose_name=_("Party group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    guests = models.TextField(_("who sits in"), blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    account = models.TextField(_("text for the page"), blank=True)
    details = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    notified_at = models.DateTimeField(null=True, editable=False)
    host_signed_at = models.DateTimeField(null=True, editable=False)
    recorder_signed_at = models.DateTimeField(null=True, editable=False)
    handed_in_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["branch", "kind", "-held_on"], name="branches_activity_newest"),
            models.Index(fields=["kind", "held_on"], name="branches_activity_of_year"),
            models.Index(fields=["state", "-held_on"], name="branches_activity_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="branches_activity_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{chinese_date(self.held_on)} {self.topic}"

    @property
    def has_record(self) -> bool:
        """Whether a record is kept, rather than a page or a day alone."""
        return self.state != ActivityState.WITHOUT_RECORD

    @property
    def is_locked(self) -> bool:
        """Whether only supplements may be added."""
        return self.state in LOCKED

    @property
    def agenda_items(self) -> list[str]:
        """The matters on the agenda, in order."""
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]
