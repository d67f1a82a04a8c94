"""What follows a decision: second looks, bad ratings, complaints, checks on the spot."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.models import Case, Rating
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from portal.workdays.dated import DatedLimit


def _user(**keywords: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **keywords
    )


class HandlingLimit(DatedLimit):
    """One time limit outside the standards, with the clause it rests on."""

    class Meta:
        verbose_name = _("time limit of the handling")
        verbose_name_plural = _("time limits of the handling")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"], name="veterans_handling_limit_once"
            )
        ]


class Appeal(models.Model):
    """A second look that was asked for at a decision (复核), beside a case of its own.

    Attributes:
        of_case: the case whose decision it is about.
        decided_sequence: number of the event that decided it the first time.
        limit_on: the last day on which it could be asked for.
        reopened_sequence: number of the event that opened the case again; None until then.
    """

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="appeal"
    )
    of_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    decided_sequence = models.PositiveIntegerField()
    reason = EncryptedTextField(_("reason"))
    limit_on = models.DateField()
    active = models.BooleanField(default=False)
    reopened_sequence = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        constraints = [
            models.UniqueConstraint(
                fields=["of_case"], condition=Q(active=True), name="veterans_one_open_appeal"
            ),
            models.CheckConstraint(
                condition=~Q(case=models.F("of_case")), name="veterans_appeal_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} -> {self.of_case_id}"


class ComplaintChannel(models.TextChoices):
    """On which way a complaint came in."""

    HOTLINE = "hotline", _("Hotline call")
    VISIT = "visit", _("At the counter")
    LETTER = "letter", _("Letter")
    ONLINE = "online", _("Other platform")


class Complaint(models.Model):
    """What somebody complained about or asked by phone (热线、投诉), beside a case of its own."""

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.CASCADE, related_name="complaint"
    )
    channel = models.CharField(_("way"), max_length=10, choices=ComplaintChannel.choices)
    name = EncryptedTextField(_("name of the caller"), blank=True, default="")
    phone = EncryptedTextField(_("phone of the caller"), blank=True, default="")
    words = EncryptedTextField(_("what was said"))
    of_case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="complaints"
    )
    entered_by = _user()

    class Meta:
        verbose_name = _("complaint or call")
        verbose_name_plural = _("complaints and calls")

    def __str__(self) -> str:
        return str(self.case_id)


class FollowUpState(models.TextChoices):
    """How far the follow-up of a bad rating has come."""

    OPEN = "open", pgettext_lazy("follow-up", "To be verified")
    VERIFIED = "verified", pgettext_lazy("follow-up", "To be put right")
    PUT_RIGHT = "put-right", pgettext_lazy("follow-up", "To be called back")
    CLOSED = "closed", pgettext_lazy("follow-up", "Called back")


class FollowUp(models.Model):
    """What follows a bad rating (差评整改): verified, put right, called back.

    Whoever took a step in the rated case neither sees nor handles it.
    Source: 国办发〔2019〕51号, 第三（三）: every bad rating is verified, put right and answered.
    """

    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="follow_up")
    state = models.CharField(
        max_length=10, choices=FollowUpState.choices, default=FollowUpState.OPEN
    )
    opened_on = models.DateField()
    due_on = models.DateField(_("due on"))
    justified = models.BooleanField(_("justified"), null=True)
    finding = EncryptedTextField(_("what was found"), blank=True, default="")
    verified_by = _user(null=True)
    verified_at = models.DateTimeField(null=True)
    measures = EncryptedTextField(_("what was put right"), blank=True, default="")
    put_right_by = _user(null=True)
    put_right_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(_("what the person said on the phone"), blank=True, default="")
    satisfied = models.BooleanField(_("satisfied now"), null=True)
    called_by = _user(null=True)
    called_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follow-up of a bad rating")
        verbose_name_plural = _("follow-ups of bad ratings")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.state}"


class VisitPurpose(models.TextChoices):
    """Why somebody was visited."""

    CHECK = "check", _("Check of the conditions")
    YEARLY = "yearly", _("Yearly confirmation")
    CARE = "care", _("Visit of care")
    COMPLAINT = "complaint", _("After a complaint")


class VisitConclusion(models.TextChoices):
    """What a visit showed."""

    CONFIRMED = "confirmed", _("As applied for")
    DIFFERS = "differs", _("Not as applied for")
    UNCLEAR = "unclear", _("Not clear yet")


class SiteVisit(models.Model):
    """One check on the spot (走访核查), by two people, of a case or a person."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="site_visits")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="site_visits"
    )
    visited_on = models.DateField(_("visited on"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=VisitPurpose.choices)
    place = EncryptedTextField(_("place"))
    visitors = models.CharField(_("visitors"), max_length=100)
    finding = EncryptedTextField(_("what was found"))
    conclusion = models.CharField(_("conclusion"), max_length=10, choices=VisitConclusion.choices)
    entered_by = _user()
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("check on the spot")
        verbose_name_plural = _("checks on the spot")
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(person__isnull=False),
                name="veterans_visit_of_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.purpose}"
