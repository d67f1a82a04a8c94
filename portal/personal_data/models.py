"""Who looked at what and why, what people agreed to, what was exported, kept and removed.

Source: Personal Information Protection Law (PIPL), articles named at each model.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.append_only import AppendOnlyTable, register_append_only
from portal.personal_data.fields import EncryptedTextField
from portal.personal_data.kinds import SensitiveKind

__all__ = [
    "Consent",
    "Disposal",
    "ExportRequest",
    "ExportState",
    "Freeze",
    "PrivacyNotice",
    "RetentionAction",
    "RetentionRule",
    "Reveal",
    "SensitiveKind",
]

REASON_LENGTH = 300


class Reveal(models.Model):
    """Somebody looked at a whole sensitive value; never changed, never deleted (PIPL 51, 54).

    Attributes:
        user: whose account it was; `name` and `unit` as they were then.
        field: label of the field, such as people.Person.phone. Never the value.
        object_id: primary key of the row.
        person_id: whose data it is, where that is a person of the portal.
        subject: that person's masked name.
        request_id: of the form that was sent; sent twice, it shows nothing the second time.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=50)
    unit = models.CharField(_("unit"), max_length=100, blank=True)
    field = models.CharField(_("field"), max_length=100)
    object_id = models.CharField(max_length=64)
    person_id = models.BigIntegerField(null=True, db_index=True)
    subject = models.CharField(_("person"), max_length=50, blank=True)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    request_id = models.UUIDField(default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"


REVEALS = register_append_only(
    AppendOnlyTable(
        "personal_data_reveal", ("id", "request_id"), "The log of reveals is append-only."
    )
)


class PrivacyNotice(models.Model):
    """One version of what people are told before they hand in data (PIPL 17, 30).

    Attributes:
        code: of the notice, the same in all versions.
        version: from 1 without gaps.
        sensitive_kinds: codes of `SensitiveKind` that need a separate consent (PIPL 29).
        published_on: from this day on it is the current one; its text then never changes.
    """

    code = models.SlugField(_("code"), max_length=60)
    version = models.PositiveIntegerField(pgettext_lazy("privacy notice", "version"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    sensitive_kinds = models.JSONField(_("sensitive kinds"), default=list)
    published_on = models.DateField(_("published on"))

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="personal_data_notice_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    def get_absolute_url(self) -> str:
        """Return where everybody can read this version."""
        return reverse("privacy_notice", args=[self.code, self.version])

    @property
    def kinds(self) -> list[SensitiveKind]:
        """The sensitive kinds with their names."""
        return [SensitiveKind(code) for code in self.sensitive_kinds]


class Consent(models.Model):
    """Somebody agreed to a version of a notice, each sensitive kind separately (PIPL 14, 29).

    Attributes:
        kinds: codes of the sensitive kinds agreed to.
        guardian: who agreed for a child under 14 (PIPL 31); empty otherwise.
        withdrawn_at: when it was taken back (PIPL 15).
    """

    notice = models.ForeignKey(
        PrivacyNotice,
        verbose_name=_("privacy notice"),
        on_delete=models.PROTECT,
        related_name="consents",
    )
    person = models.ForeignKey(
        "people.Person",
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
    )
    owner_kind = models.CharField(_("owner kind"), max_length=40, blank=True)
    owner_id = models.CharField(max_length=64, blank=True)
    kinds = models.JSONField(_("sensitive kinds"), default=list)
    guardian = EncryptedTextField(_("guardian"), blank=True, default="")
    given_at = models.DateTimeField(_("given at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="personal_data_consent_owner")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(owner_kind=""),
                name="personal_data_consent_of_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.given_at:%Y-%m-%d}"

    @property
    def kind_names(self) -> list[Any]:
        """The names of the sensitive kinds agreed to."""
        return [SensitiveKind(code).label for code in self.kinds]


class ExportState(models.TextChoices):
    """Where a request for an export stands."""

    REQUESTED = "requested", pgettext_lazy("export", "Waiting for approval")
    APPROVED = "approved", pgettext_lazy("export", "Approved")
    REFUSED = "refused", pgettext_lazy("export", "Refused")
    FETCHED = "fetched", pgettext_lazy("export", "Fetched")


class ExportRequest(models.Model):
    """One export of personal data: asked for by one person, approved by another (PIPL 51).

    Attributes:
        kind: code of the registered export.
        expires_at: until when an approved one can be fetched, once.
        row_count: how many rows were handed out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    whole_numbers = models.BooleanField(_("with whole numbers"), default=False)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState.choices, default=ExportState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("export", "requested by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_note = models.CharField(_("remark"), max_length=REASON_LENGTH, blank=True)
    expires_at = models.DateTimeField(pgettext_lazy("export", "expires at"), null=True)
    fetched_at = models.DateTimeField(_("fetched at"), null=True)
    row_count = models.PositiveIntegerField(_("rows"), null=True)

    class Meta:
        verbose_name = _("request for an export")
        verbose_name_plural = _("requests for exports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by")),
                name="personal_data_export_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="requested") | models.Q(decided_by__isnull=False),
                name="personal_data_export_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.requested_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the page of the request."""
        return reverse("data_export", args=[self.pk])

    @property
    def number(self) -> str:
        """The short number in the watermark."""
        return self.pk.hex[:8].upper()


class RetentionAction(models.TextChoices):
    """What happens when the time is over."""

    DELETE = "delete", _("Delete")
    FREEZE = "freeze", pgettext_lazy("personal data", "Freeze")


class RetentionRule(models.Model):
    """How long one kind of data is kept, and by which rule (PIPL 19, 47).

    Attributes:
        keep_days: calendar days after what the registered rule counts from.
    """

    code = models.SlugField(_("code"), max_length=60, primary_key=True)
    title = models.CharField(_("title"), max_length=200)
    clause = models.CharField(_("clause"), max_length=300)
    keep_days = models.PositiveIntegerField(_("days kept"))
    action = models.CharField(_("afterwards"), max_length=10, choices=RetentionAction.choices)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Disposal(models.Model):
    """Something was deleted or frozen because its time was over; the proof holds no data."""

    rule_code = models.CharField(max_length=60)
    clause = models.CharField(_("clause"), max_length=300)
    owner_kind = models.CharField(_("owner kind"), max_length=40)
    owner_id = models.CharField(max_length=64)
    action = models.CharField(_("action"), max_length=10, choices=RetentionAction.choices)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule_code} {self.at:%Y-%m-%d}"


DISPOSALS = register_append_only(
    AppendOnlyTable("personal_data_disposal", ("id",), "The log of disposals is append-only.")
)


class Freeze(models.Model):
    """Data that is only stored: nobody looks at it, exports it or deletes it (PIPL 47).

    Attributes:
        clause: why it is still kept: a law, a dispute, an investigation.
        lifted_at: when it ended.
    """

    owner_kind = models.CharField(_("owner kind"), max_length=40)
    owner_id = models.CharField(max_length=64)
    clause = models.CharField(_("clause"), max_length=300)
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("frozen by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        ordering = ["-frozen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id"],
                condition=models.Q(lifted_at__isnull=True),
                name="personal_data_frozen_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.frozen_at:%Y-%m-%d}"
