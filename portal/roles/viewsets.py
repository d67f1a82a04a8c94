"""Role assignments in the admin, for the security administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from portal.organizations.forms import UnitChoiceField
from portal.organizations.permissions import NeverDeletedPolicy
from portal.people.authentication import normalized_employee_number
from portal.people.models import Person
from portal.roles.models import RoleAssignment
from portal.roles.services import assign_role, end_role

OWN_ROLES = _("Nobody changes their own roles. Another officer has to do it.")


class NewAssignmentForm(WagtailAdminModelForm):
    """Give a role. The person is named by the employee number, which leaves no doubt."""

    instance: RoleAssignment
    employee_number = forms.CharField(
        label=_("Employee number"), max_length=30, help_text=_("Of the person who gets the role.")
    )
    unit = UnitChoiceField(
        help_text=_("The role counts in this unit and below; some count in the whole enterprise.")
    )

    class Meta:
        model = RoleAssignment
        fields = ["role_code", "unit", "valid_from", "valid_to"]

    field_order = ["employee_number", "role_code", "unit", "valid_from", "valid_to"]

    def clean_employee_number(self) -> str:
        """Find the person; refuse an unknown number and one's own."""
        number = normalized_employee_number(self.cleaned_data["employee_number"])
        person = Person.objects.filter(employee_number__iexact=number).first()
        if person is None:
            raise forms.ValidationError(_("There is no person with this employee number."))
        if self.for_user is not None and self.for_user.person_id == person.pk:
            raise forms.ValidationError(OWN_ROLES)
        # Known before the model's own rules are asked, which speak of the person.
        self.instance.person = person
        return number

    def clean(self) -> dict[str, Any]:
        """Refuse the same role twice at a time, which would end only half."""
        values: dict[str, Any] = super().clean()
        if {"employee_number", "role_code", "unit", "valid_from"} <= values.keys():
            wanted = RoleAssignment(
                valid_from=values["valid_from"], valid_to=values.get("valid_to")
            )
            same = RoleAssignment.objects.filter(
                person=self.instance.person, role_code=values["role_code"], unit=values["unit"]
            )
            if any(wanted.overlaps(row) for row in same):
                self.add_error("role_code", _("The person already has this role in this unit."))
        return values

    def save(self, commit: bool = True) -> RoleAssignment:
        """Assign through the service."""
        values = self.cleaned_data
        self.instance = assign_role(
            self.instance.person,
            values["role_code"],
            values["unit"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            granted_by=self.for_user,
        )
        return self.instance


class AssignmentForm(WagtailAdminModelForm):
    """End a role, or let it run longer; who, what and where stay as history."""

    class Meta:
        model = RoleAssignment
        fields = ["valid_to"]

    def clean(self) -> dict[str, Any]:
        """Refuse one's own."""
        values: dict[str, Any] = super().clean()
        if self.for_user is not None and self.for_user.person_id == self.instance.person_id:
            self.add_error(None, OWN_ROLES)
        return values

    def save(self, commit: bool = True) -> RoleAssignment:
        """Change the last day through the service."""
        end_role(self.instance, self.cleaned_data["valid_to"], ended_by=self.for_user)
        return self.instance


class AssignmentIndexView(generic.IndexView):
    """The list of who has which role where."""

    def get_base_queryset(self) -> models.QuerySet[RoleAssignment]:
        """Read person, unit and officer along with the assignments."""
        return super().get_base_queryset().select_related("person", "unit", "granted_by__person")


class RoleAssignmentViewSet(ModelViewSet):
    """Give and end roles; never delete, so that it stays known who could do what when."""

    model = RoleAssignment
    icon = "key"
    name = "role-assignments"
    menu_label = _("Roles")
    menu_order = 330
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = AssignmentIndexView
    list_display = [
        "person",
        Column("number", label=_("employee number"), accessor="person.employee_number"),
        Column("role", label=_("role"), accessor="get_role_code_display"),
        Column("unit", label=_("unit")),
        Column("valid_from", label=_("valid from"), sort_key="valid_from"),
        Column("valid_to", label=_("valid to"), sort_key="valid_to"),
        Column("granted_by", label=_("granted by")),
    ]
    list_filter = ["role_code"]
    list_per_page = 20
    ordering = ("person__name", "role_code", "pk")
    search_fields = ["person__name", "person__employee_number", "unit__name"]
    search_backend_name = None

    @property
    def permission_policy(self) -> NeverDeletedPolicy:
        """Model permissions of the role table, without deletion."""
        return NeverDeletedPolicy(self.model)

    def get_form_class(self, for_update: bool = False) -> type[NewAssignmentForm | AssignmentForm]:
        """Return the form: an assignment only ends."""
        return AssignmentForm if for_update else NewAssignmentForm
