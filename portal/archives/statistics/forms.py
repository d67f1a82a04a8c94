"""The form for one row of the table of expected filings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.archives.models import ExpectedFiling
from portal.archives.sources import publishable_kinds, subkinds_of
from portal.organizations.models import Unit

# Between kind and detail in the value of a choice; neither code has it.
SEPARATOR = "/"


def _kind_choices() -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = []
    for kind, name in publishable_kinds().items():
        choices.append((f"{kind}{SEPARATOR}", name))
        choices += [
            (f"{kind}{SEPARATOR}{code}", f"{name}：{detail}")
            for code, detail in subkinds_of(kind).items()
        ]
    return choices


class ExpectedFilingForm(forms.ModelForm[ExpectedFiling]):
    """What, by which kind of unit, how often, and the rule that says so."""

    what = forms.ChoiceField(label=_("What is filed"))

    class Meta:
        model = ExpectedFiling
        fields = ["unit_kind", "count", "interval", "clause", "excepted_units"]
        labels = {
            "unit_kind": _("Kind of unit"),
            "count": _("Number"),
            "interval": _("How often"),
            "clause": _("Clause"),
            "excepted_units": _("Units without this duty"),
        }

    field_order = ["what", "unit_kind", "count", "interval", "clause", "excepted_units"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what: Any = self.fields["what"]
        what.choices = _kind_choices()
        if self.instance.pk:
            what.initial = f"{self.instance.kind}{SEPARATOR}{self.instance.subkind}"
        units: Any = self.fields["excepted_units"]
        units.queryset = Unit.objects.party().order_by("path")

    def clean(self) -> dict[str, Any]:
        """Refuse a second row for the same kind and unit."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, _separator, subkind = cleaned.get("what", "").partition(SEPARATOR)
        self.instance.kind, self.instance.subkind = kind, subkind
        same = ExpectedFiling.objects.filter(
            kind=kind, subkind=subkind, unit_kind=cleaned.get("unit_kind", "")
        ).exclude(pk=self.instance.pk)
        if kind and same.exists():
            raise ValidationError(
                _("There is a row for this kind of filing and unit already. Change that one.")
            )
        return cleaned
