"""The register of beneficiaries (优抚对象): categories, certificates, family, papers on file."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.cases.models import CaseDocument
from portal.cases.models.people import KinshipKind
from portal.files.models import StoredFile
from portal.people.models import Person
from portal.personal_data.encryption import blind_index
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.masking import (
    masked,
    masked_bank_card,
    masked_identity_number,
    masked_phone,
)
from portal.spreadsheets.waiting import WaitingWorkbook
from veterans.models.standards import validate_region
from veterans.standards.vocabulary import CATEGORIES

ADULT_YEARS = 18
ADULT_CLAUSE = "民法典第十七条、第十八条：不满十八周岁的自然人为未成年人"
#: Accounts of people outside have numbers with this letter before the digits.
OUTSIDE_PREFIX = "J"


def validate_category(code: str) -> None:
    """Refuse what is no category.

    Raises:
        ValidationError: with the codes there are.
    """
    if code not in dict(CATEGORIES):
        raise ValidationError(
            _("“%(code)s” is no category. Please write codes from V1 to V9.") % {"code": code[:20]}
        )


def still_counts(day: datetime.date, begin: str = "valid_from", end: str = "valid_to") -> Q:
    """Return the condition of rows that count on a day, first and last day included."""
    return Q(**{f"{begin}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day}))


def birth_date(identity_number: str) -> datetime.date | None:
    """Return the birth date inside an identity number; None where there is none."""
    try:
        return datetime.datetime.strptime(identity_number[6:14], "%Y%m%d").date()
    except ValueError:
        return None


def is_minor(identity_number: str, day: datetime.date) -> bool:
    """Whether somebody is under 18 on a day, by the identity number."""
    born = birth_date(identity_number)
    if born is None:
        return False
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1) < ADULT_YEARS


class BeneficiaryQuerySet(models.QuerySet["Beneficiary"]):
    """Sets of beneficiaries."""

    def current(self) -> BeneficiaryQuerySet:
        """Those who were not taken out of the register."""
        return self.filter(ended_on__isnull=True)

    def of_category(self, code: str, day: datetime.date | None = None) -> BeneficiaryQuerySet:
        """Those who belong to a category on a day, today by default."""
        held = BeneficiaryCategory.objects.filter(
            still_counts(day or timezone.localdate()),
            beneficiary=OuterRef("pk"),
            category_index=blind_index(code),
        )
        return self.filter(Exists(held))

    def with_everything(self) -> BeneficiaryQuerySet:
        """Join what a row of the list shows, with the same queries for one and for many."""
        return self.select_related("person__unit", "person__user").prefetch_related("categories")


class Beneficiary(models.Model):
    """Somebody whom support is for: an employee, or a member of a family outside.

    Attributes:
        person: name, identity number, phone and unit are kept there, once.
        region: code of the administrative division of the home, for local standards.
        address: down to the street, no further (PIPL 6).
        bank_card: the account support was paid to or confirmed for last.
        ended_on: from this day on in the register no more; the row stays.
    """

    person = models.OneToOneField(
        Person,
        verbose_name=_("person"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="beneficiary",
    )
    region = models.CharField(
        _("region code"), max_length=12, blank=True, validators=[validate_region]
    )
    address = EncryptedTextField(
        _("home, down to the street"), blank=True, default="", validators=[MaxLengthValidator(100)]
    )
    bank_name = models.CharField(_("bank"), max_length=60, blank=True)
    bank_card = EncryptedTextField(_("bank card"), blank=True, default="")
    bank_card_index = BlindIndexField(source="bank_card", db_index=True)
    note = EncryptedTextField(
        _("note of the service station"),
        blank=True,
        default="",
        validators=[MaxLengthValidator(300)],
    )
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ended_on = models.DateField(_("left the register on"), null=True, blank=True)
    ended_reason = EncryptedTextField(_("why"), blank=True, default="")

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("beneficiary")
        verbose_name_plural = _("beneficiaries")
        indexes = [models.Index(fields=["-registered_at"], name="veterans_registered")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_external(self) -> bool:
        """Whether the person does not work here."""
        number = self.person.employee_number or OUTSIDE_PREFIX
        return number.startswith(OUTSIDE_PREFIX)

    @property
    def masked_identity_number(self) -> str:
        """140***********0010."""
        return masked_identity_number(self.person.identity_number)

    @property
    def masked_phone(self) -> str:
        """139****0001."""
        return masked_phone(self.person.phone)

    @property
    def masked_bank_card(self) -> str:
        """**** **** **** 0018."""
        return masked_bank_card(self.bank_card)

    @property
    def current_categories(self) -> list[BeneficiaryCategory]:
        """The categories that count today, by code; prefetched rows cost nothing."""
        today = timezone.localdate()
        found = [row for row in self.categories.all() if row.counts_on(today)]
        return sorted(found, key=lambda row: row.category)

    @property
    def is_minor(self) -> bool:
        """Whether the person is under 18 today."""
        return is_minor(self.person.identity_number, timezone.localdate())


class BeneficiaryCategory(models.Model):
    """One category of a beneficiary, from when to when (V1 to V9).

    The code is encrypted, since what somebody is to the armed forces is special identity
    (PIPL 28); its blind index finds all of one category.
    """

    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.CASCADE, related_name="categories"
    )
    category = EncryptedTextField(_("category"), validators=[validate_category])
    category_index = BlindIndexField(source="category", db_index=True)
    level = EncryptedTextField(_("level of disability"), blank=True, default="")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("category of a beneficiary")
        verbose_name_plural = _("categories of beneficiaries")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "category_index", "valid_from"],
                name="veterans_category_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="veterans_category_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary_id} {self.pk}"

    @property
    def name(self) -> Any:
        """The category in words."""
        return dict(CATEGORIES).get(self.category, self.category)

    def counts_on(self, day: datetime.date) -> bool:
        """Whether it counts on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CertificateKind(models.TextChoices):
    """Papers that prove a category."""

    DISCHARGE = "discharge", _("Certificate of discharge (退役证)")
    PREFERENCE = "preference", _("Preferential treatment card (优待证)")
    DISABILITY = "disability", _("Certificate of a disabled serviceman (残疾军人证)")
    MARTYR = "martyr", _("Certificate of a martyr (烈士证明书)")
    DUTY_DEATH = "duty-death", _("Certificate of death on duty (因公牺牲军人证明书)")
    ILLNESS_DEATH = "illness-death", _("Certificate of death of illness (病故军人证明书)")
    SERVICE = "service", _("Proof of active service (现役军人身份证明)")
    MERIT = "merit", _("Certificate of merit (立功受奖证书或喜报)")


#: The material of a standard that a verified certificate stands for.
MATERIAL_OF = {
    CertificateKind.DISCHARGE: "discharge-certificate",
    CertificateKind.PREFERENCE: "discharge-certificate",
    CertificateKind.DISABILITY: "disability-certificate",
    CertificateKind.MARTYR: "martyr-certificate",
    CertificateKind.DUTY_DEATH: "martyr-certificate",
    CertificateKind.ILLNESS_DEATH: "martyr-certificate",
    CertificateKind.SERVICE: "service-certificate",
    CertificateKind.MERIT: "merit-certificate",
}


class Certificate(models.Model):
    """One certificate of a beneficiary, as it was shown to the service station."""

    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.CASCADE, related_name="certificates"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CertificateKind.choices)
    number = EncryptedTextField(_("number of the certificate"))
    number_index = BlindIndexField(source="number", db_index=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["kind", "-entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number_index"],
                condition=Q(withdrawn_on__isnull=True),
                name="veterans_certificate_once",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("issued_on")),
                name="veterans_certificate_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden."""
        return masked(self.number, 2, 2)

    @property
    def has_expired(self) -> bool:
        """Whether its last day is over."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class FamilyTie(models.Model):
    """Two people of one family; it counts in both directions.

    Attributes:
        kind: what the relative is to the person.
        same_household: whether they live as one household (同户), for items granted to a household.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="family_ties")
    relative = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="family_ties_of")
    kind = models.CharField(_("relation"), max_length=10, choices=KinshipKind.choices)
    same_household = models.BooleanField(_("same household"), default=True)

    class Meta:
        verbose_name = _("family relation")
        verbose_name_plural = _("family relations")
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], name="veterans_family_once"),
            models.CheckConstraint(
                condition=~Q(person=F("relative")), name="veterans_family_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.relative_id}"


class PaperQuerySet(models.QuerySet["PaperOnFile"]):
    """Sets of papers on file."""

    def valid_for(self, person_id: int, day: datetime.date) -> PaperQuerySet:
        """Papers of a person that still count on a day, the newest first."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            person=person_id,
            withdrawn_on__isnull=True,
        ).order_by("-verified_at", "-pk")


class PaperOnFile(models.Model):
    """A paper that was handed in and looked at; while it is valid nobody asks again (免提交).

    Attributes:
        material: code of the material of a standard that it stands for.
        document: the document of the case in which it was handed in, or
        certificate: the certificate that was shown.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="papers_on_file")
    material = models.SlugField(_("material"), max_length=40)
    title = models.CharField(_("title"), max_length=100)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        CaseDocument, null=True, on_delete=models.PROTECT, related_name="papers_on_file"
    )
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.CASCADE, related_name="papers_on_file"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified at"))
    valid_until = models.DateField(_("valid until"), null=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper on file")
        verbose_name_plural = _("papers on file")
        ordering = ["-verified_at", "-pk"]
        indexes = [models.Index(fields=["person", "material"], name="veterans_paper_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "material"],
                condition=Q(withdrawn_on__isnull=True),
                name="veterans_paper_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.material} {self.pk}"


class BeneficiaryImport(WaitingWorkbook):
    """A workbook of the register that was checked and waits to be taken over."""

    class Meta:
        verbose_name = _("import of beneficiaries")
        verbose_name_plural = _("imports of beneficiaries")
        ordering = ["-uploaded_at"]
