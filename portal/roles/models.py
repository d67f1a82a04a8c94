"""Role assignments: who has which role, in which unit, from when to when."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.table import Role, Scope, role, role_choices


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Sets of role assignments."""

    def active_on(self, day: datetime.date | None = None) -> RoleAssignmentQuerySet:
        """Assignments that count on a day, today in Shanghai by default."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        )


class RoleAssignment(models.Model):
    """A person has a role in a unit and everything below it, between two dates inclusive."""

    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="roles"
    )
    role_code = models.CharField(_("role"), max_length=40, choices=role_choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="role_assignments"
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["person__name", "role_code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="roles_assignment_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["person", "role_code", "unit", "valid_from"],
                name="roles_assignment_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_code_display()} · {self.unit}"

    @property
    def role(self) -> Role:
        """The row of the role table."""
        return role(self.role_code)

    def covers(self, unit: Unit | None) -> bool:
        """Whether the assignment counts for a unit; enterprise-wide roles count everywhere."""
        if self.role.scope is Scope.ALL:
            return True
        return unit is not None and self.unit.contains(unit)

    def overlaps(self, other: RoleAssignment) -> bool:
        """Whether there is a day on which both assignments count."""
        first, second = sorted((self, other), key=lambda row: row.valid_from)
        return first.valid_to is None or second.valid_from <= first.valid_to

    def clean(self) -> None:
        """Refuse dates in the wrong order and officers that exclude each other."""
        super().clean()
        if self.valid_to and self.valid_from and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})
        if not (self.person_id and self.role_code and self.valid_from):
            return
        others = RoleAssignment.objects.filter(
            person=self.person, role_code__in=self.role.exclusive_with
        ).exclude(pk=self.pk)
        if clash := {other.role_code for other in others if self.overlaps(other)}:
            names = "、".join(str(role(code).name) for code in sorted(clash))
            raise ValidationError(
                {
                    "role_code": _("%(person)s already is %(roles)s. One person cannot be both.")
                    % {"person": self.person, "roles": names}
                }
            )


class RoleGroup(models.Model):
    """The Wagtail group that stands for a role, in one unit where the role counts in units."""

    group = models.OneToOneField(
        Group, on_delete=models.CASCADE, primary_key=True, related_name="role_group"
    )
    role_code = models.CharField(max_length=40)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.CASCADE, related_name="role_groups"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role_code", "unit"], name="roles_group_once"),
            models.UniqueConstraint(
                fields=["role_code"],
                condition=models.Q(unit__isnull=True),
                name="roles_group_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return self.group.name
