"""Awards (授予的荣誉): one row for each title that somebody received, never deleted.

Source: chapters 3.2 to 3.4 of the domain facts. What a certificate says is copied into the row when
the award is granted, so a title, a unit or a person that is renamed later changes no certificate.
"""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from honors.models.titles import SubjectKind, Title
from portal.organizations.models import Unit
from portal.people.models import Person

EARLIEST_YEAR = 1949
LATEST_YEAR = 2100
CODE_LENGTH = 24
# Without signs that are mistaken for one another when a code is typed from paper.
_CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    """Return a verification code (校验码) nobody guesses: 24 of 31 signs, 118 bits."""
    return "".join(secrets.choice(_CODE_SIGNS) for _place in range(CODE_LENGTH))


class AwardState(models.TextChoices):
    """Whether an award counts today."""

    VALID = "valid", _("Valid")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")


class Gender(models.TextChoices):
    """What statistics tell apart."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class AwardQuerySet(models.QuerySet["Award"]):
    """Sets of awards."""

    def confirmed(self) -> AwardQuerySet:
        """Those that were granted: decided by a round, or entered and confirmed by two people."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self) -> AwardQuerySet:
        """Those that one person entered and a second one has to confirm."""
        return self.filter(confirmed_at__isnull=True)

    def counting(self) -> AwardQuerySet:
        """Those that were granted and not revoked."""
        return self.confirmed().exclude(state=AwardState.REVOKED)

    def of_person(self, person: Person) -> AwardQuerySet:
        """Those of one person."""
        return self.filter(person=person)

    def of_unit(self, unit: Unit) -> AwardQuerySet:
        """Those of a unit and all below it."""
        return self.filter(unit__path__startswith=unit.path)

    def in_order(self) -> AwardQuerySet:
        """The newest first, as the wall shows them."""
        return self.order_by("-year", "-decided_on", "-pk")


class Award(models.Model):
    """One title that was granted to a person, a post, a team or a Party organization.

    Attributes:
        title_name: the name of the title on the day of the decision.
        year: for which the title was given.
        subject_name: name of the person, post, team or organization, as on the certificate.
        position: of the person; the team of a post.
        unit_name: the unit as on the certificate.
        number: of the certificate; empty until the award is confirmed.
        code: what the QR code leads to; the only key to the verification page.
        conferred_by: full name of the organization that decided.
        state: with document number, reason and day of the suspension or revocation.
        age: in full years on the day of the decision; statistics show bands only.
        front_line: whether the person or team works at the front line; None when not known.
        entered_by, confirmed_by: of awards entered by hand or from a workbook, two people.
        page: the page that tells of it, once there is one; it may still be a draft.
        picture: of old honors that have no page.
        taken_from: the workbook an old honor came with.
    """

    title = models.ForeignKey(
        Title, verbose_name=_("title"), on_delete=models.PROTECT, related_name="awards"
    )
    title_name = models.CharField(_("name of the title"), max_length=40)
    year = models.PositiveSmallIntegerField(
        _("year of the honor"),
        validators=[MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)],
    )
    subject_kind = models.CharField(
        _("who receives it"), max_length=10, choices=SubjectKind.choices
    )
    subject_name = models.CharField(_("name on the certificate"), max_length=60)
    position = models.CharField(_("position or team"), max_length=60, blank=True)
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="awards",
    )
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="awards"
    )
    unit_name = models.CharField(_("unit on the certificate"), max_length=100)
    number = models.CharField(
        pgettext_lazy("honor", "number of the certificate"),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
    )
    code = models.CharField(max_length=26, unique=True, default=new_code, editable=False)
    decision_number = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("day of the decision"))
    conferred_by = models.CharField(_("conferred by"), max_length=100)
    state = models.CharField(
        _("state"), max_length=10, choices=AwardState.choices, default=AwardState.VALID
    )
    state_number = models.CharField(_("number of the document"), max_length=60, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    state_on = models.DateField(_("day of the document"), null=True, blank=True)
    gender = models.CharField(
        pgettext_lazy("person", "gender"), max_length=6, choices=Gender.choices, blank=True
    )
    age = models.PositiveSmallIntegerField(_("age on the day of the decision"), null=True)
    front_line = models.BooleanField(_("front line"), null=True)
    picture = models.ForeignKey(
        "pages.PortalImage",
        verbose_name=_("portrait or photograph"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    page = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("page of the honor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="award",
    )
    taken_from = models.ForeignKey(
        "honors.HonorImport",
        verbose_name=_("workbook"),
        null=True,
        on_delete=models.PROTECT,
        related_name="awards",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    objects: ClassVar[AwardQuerySet] = AwardQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = pgettext_lazy("honor", "award")
        verbose_name_plural = pgettext_lazy("honor", "awards")
        indexes = [
            models.Index(fields=["-year", "-decided_on", "-id"], name="honors_award_wall"),
            models.Index(fields=["title", "year"], name="honors_award_of_title"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "year", "person"],
                condition=models.Q(person__isnull=False),
                name="honors_award_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["title", "year", "unit", "subject_name"],
                condition=models.Q(person__isnull=True),
                name="honors_award_once_a_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(subject_kind__in=SubjectKind.values),
                name="honors_award_known_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(subject_kind="person"),
                name="honors_award_person_is_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AwardState.VALID, state_number="", state_on__isnull=True)
                | (
                    models.Q(state__in=[AwardState.SUSPENDED, AwardState.REVOKED])
                    & ~models.Q(state_number="")
                    & ~models.Q(state_reason="")
                    & models.Q(state_on__isnull=False)
                ),
                name="honors_award_state_has_document",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, state=AwardState.VALID)
                | models.Q(confirmed_at__isnull=False, number__isnull=False),
                name="honors_award_confirmed_has_number",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by__isnull=True)
                | models.Q(confirmed_by__isnull=True)
                | ~models.Q(entered_by=models.F("confirmed_by")),
                name="honors_award_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '—'} {self.title_name}"

    @property
    def is_confirmed(self) -> bool:
        """Whether the award was granted."""
        return self.confirmed_at is not None

    @property
    def is_revoked(self) -> bool:
        """Whether the award was taken back."""
        return self.state == AwardState.REVOKED

    def get_absolute_url(self) -> str:
        """Return the verification page of the certificate."""
        return reverse("honor_verification", args=[self.code])


class NumberSeries(models.Model):
    """How far the certificate numbers of one year and sign have come.

    Attributes:
        key: year and sign, such as 2026-党.
    """

    key = models.CharField(max_length=10, unique=True)
    last = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("series of certificate numbers")
        verbose_name_plural = _("series of certificate numbers")

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
