"""Who has to stand aside (回避): relatives, and whoever says so for a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.cases.models.cases import Case
from portal.notifications.messages import message_kind
from portal.people.models import Person
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.masking import masked_identity_number


class KinshipKind(models.TextChoices):
    """Relations that exclude. Source: Administrative Licensing practice on avoidance."""

    SPOUSE = "spouse", _("Spouse")
    PARENT = "parent", pgettext_lazy("kinship", "Parent")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    OTHER = "other", _("Other close relative")


class Kinship(models.Model):
    """Two people who are related; it counts in both directions."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin")
    relative = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kin_of")
    kind = models.CharField(_("relation"), max_length=10, choices=KinshipKind.choices)

    class Meta:
        verbose_name = _("kinship")
        verbose_name_plural = _("kinships")
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], name="cases_kin_once"),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("relative")), name="cases_kin_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.relative_id}"


class DeclaredRelative(models.Model):
    """A relative whom a member of the office named, whether the portal knows him or not.

    It counts in both directions. A row that ended is kept, so that nobody takes a relation out for
    one decision unseen.

    Attributes:
        relative: the person of the portal, where the employee number was given.
        identity_number: of whom the portal need not know; found by its blind index only.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="declared_relatives")
    relative = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="declared_as_relative"
    )
    name = EncryptedTextField(_("name"))
    identity_number = EncryptedTextField(_("identity number"), blank=True, default="")
    identity_number_index = BlindIndexField(source="identity_number", db_index=True)
    kind = models.CharField(_("relation"), max_length=10, choices=KinshipKind.choices)
    declared_at = models.DateTimeField(_("declared at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("declared relative")
        verbose_name_plural = _("declared relatives")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "identity_number_index"],
                condition=models.Q(ended_at__isnull=True),
                name="cases_relative_declared_once",
            ),
            models.CheckConstraint(
                condition=models.Q(relative__isnull=False)
                | models.Q(identity_number_index__isnull=False),
                name="cases_relative_can_be_found",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

    @property
    def shown_number(self) -> str:
        """The identity number with its middle replaced by stars, or the employee number."""
        if self.identity_number:
            return masked_identity_number(self.identity_number)
        return (self.relative.employee_number or "") if self.relative else ""


class PhoneCall(models.Model):
    """The applicant has to be phoned, because an SMS could not be delivered (电话任务).

    Attributes:
        message: code of the message that did not arrive.
        event_key: what happened; one call for it, however many addresses failed.
        result: what was said, for the office.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="calls")
    message = models.CharField(max_length=60)
    event_key = models.CharField(max_length=200, unique=True)
    opened_at = models.DateTimeField(_("opened at"))
    result = EncryptedTextField(_("result"), blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("phone call")
        verbose_name_plural = _("phone calls")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["case"], condition=models.Q(done_at__isnull=True), name="cases_open_calls"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.message}"

    @property
    def what(self) -> str:
        """The title of the message that did not arrive."""
        try:
            return str(message_kind(self.message).title)
        except LookupError:
            return self.message


class Recusal(models.Model):
    """Somebody stands aside in one case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recusals"
    )
    reason = models.CharField(_("reason"), max_length=200)
    declared_at = models.DateTimeField(_("declared at"))

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="cases_recused_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"
