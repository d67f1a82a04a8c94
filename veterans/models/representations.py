"""Those who act for a beneficiary: delegates, guardians, the clerk at the counter; invitations."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.files.models import StoredFile
from portal.people.models import Person
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.masking import masked_bank_card
from veterans.models.applications import Application
from veterans.models.beneficiaries import still_counts
from veterans.models.standards import SupportItem


class RepresentationKind(models.TextChoices):
    """By which right somebody acts for another."""

    DELEGATION = "delegation", _("Delegation")
    GUARDIAN = "guardian", pgettext_lazy("representation", "Guardian")


class RepresentationQuerySet(models.QuerySet["Representation"]):
    """Sets of representations."""

    def valid_on(self, day: datetime.date | None = None) -> RepresentationQuerySet:
        """Those that count on a day, today by default: verified, not revoked, not over."""
        return self.filter(
            still_counts(day or timezone.localdate()),
            verified_at__isnull=False,
            revoked_at__isnull=True,
        )


class Representation(models.Model):
    """Somebody acts for a beneficiary: a delegate (受托人) or a guardian (监护人).

    Source: Civil Code 165 (letter of authority), 27 and 34 (guardians of minors).

    Attributes:
        principal: for whom.
        representative: who acts.
        paper: the letter of authority, or the proof of guardianship.
        items: what it is for; a guardian acts in everything.
        verified_by: of the service station, who saw the paper and the identity card.
        revoked_at: from this moment on it opens nothing any more.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=RepresentationKind.choices)
    principal = models.ForeignKey(
        Person, verbose_name=_("for whom"), on_delete=models.PROTECT, related_name="represented_by"
    )
    representative = models.ForeignKey(
        Person, verbose_name=_("who acts"), on_delete=models.PROTECT, related_name="represents"
    )
    paper = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    items = models.ManyToManyField(
        SupportItem, verbose_name=_("items"), blank=True, related_name="+"
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("verified at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_reason = EncryptedTextField(_("why"), blank=True, default="")

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("representative")),
                name="veterans_represents_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="veterans_representation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=False) | Q(kind="guardian"),
                name="veterans_delegation_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def state(self) -> str:
        """revoked, waiting (for verification), over, later or valid."""
        today = timezone.localdate()
        if self.revoked_at:
            return "revoked"
        if not self.verified_at:
            return "waiting"
        if self.valid_to is not None and self.valid_to < today:
            return "over"
        return "later" if self.valid_from > today else "valid"

    def covers(self, item: SupportItem) -> bool:
        """Whether it is for an item; a guardian acts in everything."""
        if self.kind == RepresentationKind.GUARDIAN:
            return True
        return any(row.pk == item.pk for row in self.items.all())


class Channel(models.TextChoices):
    """On which way an application came in."""

    ONLINE = "online", _("Online")
    COUNTER = "counter", _("At the counter")
    HOME = "home", _("Home visit")
    POST = "post", _("By post")
    PHONE = "phone", pgettext_lazy("channel", "By phone")


class ApplicationEntry(models.Model):
    """Who wrote an application for the beneficiary, by which right, on which way.

    An application without a row was written by the applicant.

    Attributes:
        representation: the right of a delegate or guardian.
        entered_by: the clerk who typed it in (代录).
    """

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.CASCADE, related_name="entry"
    )
    representation = models.ForeignKey(
        Representation, null=True, on_delete=models.PROTECT, related_name="entries"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.ONLINE
    )

    class Meta:
        verbose_name = _("entry of an application")
        verbose_name_plural = _("entries of applications")
        constraints = [
            models.CheckConstraint(
                condition=Q(representation__isnull=True) ^ Q(entered_by__isnull=True),
                name="veterans_entered_by_one_right",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=True) | ~Q(channel="online"),
                name="veterans_clerk_names_the_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.channel}"


class AccountProposal(models.Model):
    """An account that a delegate wrote; it counts once the beneficiary has confirmed it.

    Attributes:
        confirmed_by: the beneficiary, or the clerk who asked the beneficiary in person.
        refused_at: the beneficiary does not want it; nothing was changed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="account_proposals"
    )
    bank_name = models.CharField(_("bank"), max_length=60)
    bank_card = EncryptedTextField(_("bank card"))
    bank_card_index = BlindIndexField(source="bank_card", db_index=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposed account")
        verbose_name_plural = _("proposed accounts")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(confirmed_at__isnull=True, refused_at__isnull=True),
                name="veterans_one_open_account",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="veterans_account_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.pk}"

    @property
    def masked_bank_card(self) -> str:
        """**** **** **** 0018."""
        return masked_bank_card(self.bank_card)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Sets of invitations."""

    def open(self) -> InvitationQuerySet:
        """Those that still open an account."""
        return self.filter(
            used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now()
        )


class Invitation(models.Model):
    """A code by which a member of a family makes an account (邀请码); the code itself is nowhere.

    Attributes:
        digest: keyed digest of the code.
        expires_at: thirty days after it was made.
        used_at: when the account was made; a code is for once.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="veterans_one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def state(self) -> str:
        """used, revoked, over or open."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "over" if self.expires_at <= timezone.now() else "open"
