"""Forms of the tree of units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from portal.organizations.models import Unit
from portal.organizations.services import create_unit


class UnitChoiceField(forms.ModelChoiceField):
    """A unit, chosen from the tree: each level stands one character further in."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("label", _("unit"))
        super().__init__(Unit.objects.all(), *args, **keywords)

    def label_from_instance(self, unit: Any) -> str:
        """Return the name with its place in the tree."""
        return f"{unit.indented_name} ({unit.code})"


class NewUnitForm(WagtailAdminModelForm):
    """A new unit and where it stands. Place and kind are final."""

    parent = UnitChoiceField(label=_("Under"), help_text=_("The unit above the new one."))

    class Meta:
        model = Unit
        fields = ["name", "short_name", "code", "kind", "valid_from", "valid_to"]

    field_order = ["parent", "kind", "name", "short_name", "code", "valid_from", "valid_to"]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        if not Unit.objects.exists():
            self.fields["parent"].required = False
            self.fields["parent"].help_text = _("The first unit stands on top of all others.")

    def clean(self) -> dict[str, Any]:
        """Refuse a kind that may not stand there, on the field."""
        values: dict[str, Any] = super().clean()
        if "kind" in values and "parent" in values:
            unit = Unit(kind=values["kind"])
            try:
                unit.check_place(values["parent"])
            except forms.ValidationError as refusal:
                self.add_error(None, refusal)
        return values

    def save(self, commit: bool = True) -> Unit:
        """Create the unit through the service."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        self.instance = create_unit(parent=self.cleaned_data["parent"], **fields)
        return self.instance


class UnitForm(WagtailAdminModelForm):
    """What may change of a unit: its names, when it ends and what it is merged into."""

    merged_into = UnitChoiceField(
        label=_("merged into"),
        required=False,
        help_text=_("Only for a unit that ends because another one takes it over."),
    )

    class Meta:
        model = Unit
        fields = ["name", "short_name", "valid_from", "valid_to", "merged_into"]

    def clean(self) -> dict[str, Any]:
        """A merged unit has a last day."""
        values: dict[str, Any] = super().clean()
        if values.get("merged_into") and not values.get("valid_to"):
            self.add_error("valid_to", _("A unit that is merged needs its last day."))
        return values
