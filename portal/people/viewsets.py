"""People in the admin: for the system administrator, and to read for the security administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from portal.organizations.forms import UnitChoiceField
from portal.organizations.permissions import NeverDeletedPolicy
from portal.people.account_views import actions_for
from portal.people.models import INDEXED, Person, User
from portal.people.validators import normalized_identity_number
from portal.personal_data.permissions import may_reveal_person
from portal.personal_data.reveals import reveal_address


class PersonForm(WagtailAdminModelForm):
    """A person. Stored identity and phone numbers can be replaced here, but not read."""

    unit = UnitChoiceField(required=False)

    class Meta:
        model = Person
        fields = ["name", "employee_number", "unit", "position", "phone", "identity_number"]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        for name in INDEXED:
            field = forms.CharField(
                label=self.fields[name].label,
                required=False,
                max_length=30,
                strip=True,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            if stored := getattr(self.instance, f"masked_{name}"):
                field.help_text = gettext(
                    "On file: %(masked)s. Leave empty to keep it; fill in to replace it."
                ) % {"masked": stored}
            self.fields[name] = field
            self.initial[name] = ""
        if self.instance.pk and User.objects.filter(person=self.instance).exists():
            self.fields["employee_number"].disabled = True
            self.fields["employee_number"].help_text = _(
                "The account signs in with it, so it stays."
            )

    def clean_employee_number(self) -> str | None:
        """An empty number is none; several people may have none."""
        return self.cleaned_data["employee_number"] or None

    def clean_phone(self) -> str:
        """Keep the stored number when the field stays empty."""
        return self.cleaned_data["phone"] or self.instance.phone

    def clean_identity_number(self) -> str:
        """Keep the stored number when the field stays empty; refuse one that is taken."""
        value = normalized_identity_number(self.cleaned_data["identity_number"])
        if not value:
            return self.instance.identity_number
        others = Person.objects.with_identity_number(value).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another person already has this identity number."))
        return value


class PersonIndexView(generic.IndexView):
    """The list, with what the officer may do with each account."""

    def get_base_queryset(self) -> models.QuerySet[Person]:
        """Read unit and account along with the people."""
        return super().get_base_queryset().select_related("unit", "user")

    def get_edit_url(self, instance: Person) -> str | None:
        """Lead to the form only those who may change."""
        if not self.permission_policy.user_has_permission(self.request.user, "change"):
            return None
        return str(super().get_edit_url(instance))

    def get_list_more_buttons(self, instance: Person) -> list[Any]:
        """Add the officer's actions."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        for position, action in enumerate(actions_for(self.request.user, instance)):
            url = reverse("account_action", args=[instance.pk, action.code])
            buttons.append(
                MenuItem(action.label, url, icon_name=action.icon, priority=40 + position)
            )
        return buttons + self.get_reveal_buttons(instance)

    def get_reveal_buttons(self, instance: Person) -> list[Any]:
        """Lead those who may see a whole number to the page that asks for the reason."""
        if not may_reveal_person(self.request.user, instance):
            return []
        return [
            MenuItem(
                _("See the whole number: %(field)s") % {"field": field.verbose_name},
                reveal_address(instance, field.name),
                icon_name="view",
                priority=90,
            )
            for field in map(instance._meta.get_field, sorted(INDEXED))
            if isinstance(field, models.Field) and getattr(instance, field.name)
        ]


def account_state(person: Person) -> str:
    """Return whether the person can sign in, in words."""
    user = getattr(person, "user", None)
    if user is None:
        return gettext("No account")
    if not user.is_active:
        return gettext("Disabled")
    if user.password_is_temporary:
        return gettext("One-time password, not used yet")
    return pgettext("account", "Active")


class PersonViewSet(ModelViewSet):
    """List with masked numbers, search by name and employee number; never delete."""

    model = Person
    icon = "user"
    name = "people"
    menu_label = _("People and accounts")
    menu_order = 320
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = PersonIndexView
    list_display = [
        "name",
        Column("employee_number", label=_("employee number"), sort_key="employee_number"),
        Column("unit", label=_("unit")),
        Column("position", label=_("position")),
        Column("masked_phone", label=_("phone")),
        Column("masked_identity_number", label=_("identity number")),
        Column("account", label=_("account"), accessor=account_state),
    ]
    list_per_page = 20
    ordering = ("name", "pk")
    search_fields = ["name", "employee_number"]
    search_backend_name = None

    @property
    def permission_policy(self) -> NeverDeletedPolicy:
        """Model permissions of the role table, without deletion."""
        return NeverDeletedPolicy(self.model)

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        """Return the form."""
        return PersonForm
