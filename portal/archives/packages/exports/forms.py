"""What is exported, chosen by fonds, year, class and period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.archives.models import ArchiveClass, Fonds, RecordTally, RetentionPeriod
from portal.archives.packages.exports.selection import Selection


class SelectionForm(forms.Form):
    """Conditions of an export; an empty one chooses all."""

    fonds = forms.ChoiceField(label=_("Fonds"), required=False)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    class_code = forms.ChoiceField(label=_("Class"), required=False)
    period = forms.ChoiceField(
        label=_("Retention period"),
        required=False,
        choices=[("", _("All")), *RetentionPeriod.choices],
    )
    search = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        every = ("", _("All"))
        fields: Any = self.fields
        fields["fonds"].choices = [
            every,
            *((one.code, f"{one.code} {one.name}") for one in Fonds.objects.order_by("code")),
        ]
        years = RecordTally.objects.order_by("-year").values_list("year", flat=True).distinct()
        fields["year"].choices = [every, *((year, str(year)) for year in years)]
        fields["class_code"].choices = [
            every,
            *((one.pk, str(one)) for one in ArchiveClass.objects.order_by("pk")),
        ]

    def selection(self) -> Selection:
        """Return what was chosen; what is no choice chooses nothing away."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        return Selection(
            fonds=chosen.get("fonds") or "",
            year=chosen.get("year"),
            class_code=chosen.get("class_code") or "",
            period=chosen.get("period") or "",
            search=chosen.get("search") or "",
        )
