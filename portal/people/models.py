"""People of the portal and their accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Unit
from portal.people.validators import normalized_identity_number, validate_identity_number
from portal.personal_data.fields import BlindIndexField, EncryptedTextField
from portal.personal_data.masking import masked_identity_number, masked_phone

validate_phone = RegexValidator(
    r"^1[3-9]\d{9}$", _("Enter a mobile number of 11 digits, for example 13900000000.")
)
validate_employee_number = RegexValidator(
    r"^[0-9A-Za-z]{4,20}$", _("An employee number has 4 to 20 letters or digits.")
)

# Encrypted fields with a blind index beside them.
INDEXED = frozenset({"identity_number", "phone"})


class PersonQuerySet(models.QuerySet["Person"]):
    """Sets of people."""

    def with_identity_number(self, value: str) -> PersonQuerySet:
        """People with exactly this identity number (at most one)."""
        from portal.personal_data.encryption import blind_index

        return self.filter(identity_number_index=blind_index(normalized_identity_number(value)))

    def with_phone(self, value: str) -> PersonQuerySet:
        """People with exactly this phone number."""
        from portal.personal_data.encryption import blind_index

        return self.filter(phone_index=blind_index(value.strip()))


class Person(models.Model):
    """A human the portal knows, with or without an account.

    Identity number and phone are encrypted at rest; look them up by their blind index.
    """

    name = models.CharField(_("name"), max_length=50)
    employee_number = models.CharField(
        _("employee number"),
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_employee_number],
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="people",
        null=True,
        blank=True,
    )
    position = models.CharField(_("position"), max_length=50, blank=True)
    identity_number = EncryptedTextField(
        _("identity number"), blank=True, default="", validators=[validate_identity_number]
    )
    identity_number_index = BlindIndexField(source="identity_number", unique=True)
    phone = EncryptedTextField(_("phone"), blank=True, default="", validators=[validate_phone])
    phone_index = BlindIndexField(source="phone", db_index=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Bring empty and lower-case spellings into one form before they are indexed."""
        self.employee_number = self.employee_number or None
        self.identity_number = normalized_identity_number(self.identity_number)
        if (fields := kwargs.get("update_fields")) is not None:
            # An index that stays behind would find the person by the old value only.
            kwargs["update_fields"] = {*fields, *(f"{name}_index" for name in INDEXED & {*fields})}
        super().save(*args, **kwargs)

    @property
    def masked_identity_number(self) -> str:
        """The identity number with its middle replaced by stars."""
        return masked_identity_number(self.identity_number)

    @property
    def masked_phone(self) -> str:
        """The phone number with its middle replaced by stars."""
        return masked_phone(self.phone)


class PortalUserManager(UserManager["User"]):
    """Accounts, always read together with their person."""

    def get_queryset(self) -> models.QuerySet[User]:
        """Join the person, whose name every page shows."""
        return super().get_queryset().select_related("person")


class User(AbstractUser):
    """An account. Its user name is the employee number; the human behind it is a Person."""

    person = models.OneToOneField(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="user",
        null=True,
        blank=True,
    )
    groups_current_on = models.DateField(
        _("groups current on"),
        null=True,
        editable=False,
        help_text=_("The day for which the groups were derived from the role assignments."),
    )
    password_is_temporary = models.BooleanField(
        _("password is temporary"),
        default=False,
        editable=False,
        help_text=_("A one-time password: the next sign-in leads to a new one and nowhere else."),
    )

    objects = PortalUserManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Copy the person's name to where Wagtail's side bar looks for it."""
        if self.person and self.first_name != self.person.name:
            self.first_name, self.last_name = self.person.name, ""
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the person's name, which in Chinese is written without a space."""
        return self.person.name if self.person else f"{self.last_name}{self.first_name}"

    def get_short_name(self) -> str:
        """Return the same as the full name: Chinese forms of address use it whole."""
        return self.get_full_name()
