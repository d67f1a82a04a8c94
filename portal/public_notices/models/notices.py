"""A public notice, the days on which it stood still, and what happened to it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.append_only import AppendOnlyTable, register_append_only
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.public_notices.clock import NoticePeriod, stand_stills
from portal.public_notices.entries import validate_entries
from portal.public_notices.querysets import NoticeQuerySet
from portal.roles.table import SECTIONS

# The ordinary period of the domain facts, chapter 5.4: no fewer than five working days.
USUAL_DAYS = 5
MOST_DAYS = 60
SECTION = "public-notices"
validate_office_phone = RegexValidator(
    r"^[0-9\-—－ 转()（）]{5,40}$",
    _("Write the phone of the office like 0350-5550118."),
)


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Public notice runs")
    PAUSED = "paused", _("Public notice stands still")
    ENDED = "ended", _("Public notice ended")
    CANCELLED = "cancelled", _("Public notice called off")


OPEN_STATES = frozenset({NoticeState.RUNNING, NoticeState.PAUSED})


def validate_section(code: str) -> None:
    """Refuse a section of the role table that does not exist."""
    if code not in SECTIONS:
        raise ValidationError(_("There is no section “%(code)s”.") % {"code": code})


class PublicNotice(models.Model):
    """What is made public before it is granted, for whom, on what basis, and for how long (公示).

    Holds masked names only. `subjects` are the people behind them; they are known to the portal
    so that nobody answers an objection in their own affair, and are shown nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(_("kind of owner"), max_length=40)
    owner_id = models.CharField(pgettext_lazy("public notice", "owner"), max_length=64)
    section = models.CharField(
        _("section"),
        max_length=40,
        default=SECTION,
        validators=[validate_section],
        help_text=_("Those who review this section answer the objections."),
    )
    title = models.CharField(_("title"), max_length=200)
    subject = models.CharField(_("subject of the notice"), max_length=100)
    basis = models.CharField(_("basis"), max_length=300)
    entries = models.JSONField(_("list of the notice"), validators=[validate_entries])
    days = models.PositiveSmallIntegerField(
        _("working days"),
        default=USUAL_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    include_start = models.BooleanField(_("the first day counts"), default=False)
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("responsible unit"),
        on_delete=models.PROTECT,
        related_name="public_notices",
    )
    phone = models.CharField(
        pgettext_lazy("office", "phone"), max_length=40, validators=[validate_office_phone]
    )
    address = models.CharField(_("address for letters and visits"), max_length=100, blank=True)
    subjects = models.ManyToManyField(
        Person, verbose_name=_("people it is about"), blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("Empty while the notice stands still.")
    )
    estimated = models.BooleanField(_("the end is an estimate"), default=False)
    page = models.OneToOneField(
        "public_notices.PublicNoticePage",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notice",
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drafted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=NoticeState.values),
                name="public_notices_notice_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(days__gte=1), name="public_notices_notice_runs_a_day"
            ),
            # What runs has both dates, what stands still has no end.
            models.CheckConstraint(
                condition=~models.Q(state=NoticeState.RUNNING)
                | models.Q(starts_on__isnull=False, ends_on__isnull=False),
                name="public_notices_running_has_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=NoticeState.PAUSED)
                | models.Q(starts_on__isnull=False, ends_on__isnull=True),
                name="public_notices_paused_has_no_end",
            ),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"],
                condition=models.Q(
                    state__in=[NoticeState.DRAFT, NoticeState.RUNNING, NoticeState.PAUSED]
                ),
                name="public_notices_one_open_for_an_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="public_notices_owner"),
            models.Index(fields=["state", "ends_on"], name="public_notices_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether people may still object."""
        return self.state in OPEN_STATES

    def period(self) -> NoticePeriod:
        """Return rule and pauses, for the calendar to count.

        Raises:
            ValueError: the notice was not published yet.
        """
        if self.starts_on is None:
            raise ValueError("A draft has no period yet.")
        rows = [(pause.first_on, pause.last_on) for pause in self.pauses.all()]
        return NoticePeriod(self.starts_on, self.days, stand_stills(rows), self.include_start)


class NoticePause(models.Model):
    """Days on which a notice stood still, because of an objection or for a reason in words."""

    notice = models.ForeignKey(
        PublicNotice,
        verbose_name=_("public notice"),
        on_delete=models.PROTECT,
        related_name="pauses",
    )
    objection = models.OneToOneField(
        "public_notices.Objection",
        verbose_name=_("objection"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pause",
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("pause of a public notice")
        verbose_name_plural = _("pauses of public notices")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__isnull=True)
                | models.Q(last_on__gte=models.F("first_on")),
                name="public_notices_pause_in_order",
            ),
            # A pause without an objection is made by hand, one at a time.
            models.UniqueConstraint(
                fields=["notice"],
                condition=models.Q(objection__isnull=True, last_on__isnull=True),
                name="public_notices_one_pause_by_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_on:%Y-%m-%d}—{self.last_on or ''}"


class NoticeEvent(models.Model):
    """One thing that happened to a notice; written once, never changed. Names no one."""

    class Kind(models.TextChoices):
        """What happened."""

        PUBLISHED = "published", _("Published")
        PAUSED = "paused", _("Stood still")
        RESUMED = "resumed", _("Went on")
        OBJECTION = "objection", _("An objection came in")
        ANSWERED = "answered", _("An objection was answered")
        RECOMPUTED = "recomputed", _("The end moved with the calendar")
        ENDED = "ended", pgettext_lazy("public notice", "Ended")
        CANCELLED = "cancelled", pgettext_lazy("public notice", "Called off")

    notice = models.ForeignKey(
        PublicNotice,
        verbose_name=_("public notice"),
        on_delete=models.PROTECT,
        related_name="events",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("event of a public notice")
        verbose_name_plural = _("events of public notices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


EVENTS = register_append_only(
    AppendOnlyTable(
        "public_notices_noticeevent", ("id",), "Events of public notices are append-only."
    )
)
