"""What applicants and archivists fill in about the use of records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.archives.models import ConsultationKind, Record, RecordState

MOST_DAYS = 90


class RequestForm(forms.Form):
    """Which record, what for, read or copied."""

    code = forms.CharField(label=_("Archive code"), max_length=80)
    kind = forms.ChoiceField(
        label=_("What is asked for"), choices=ConsultationKind.choices, widget=forms.RadioSelect
    )
    purpose = forms.CharField(
        label=pgettext_lazy("request for use", "purpose"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is printed on every page of the copy."),
    )

    def clean_code(self) -> Any:
        """Return the record of the code; one that is destroyed is named as such."""
        code: str = self.cleaned_data["code"].strip()
        record = Record.objects.filter(archive_code=code).first()
        if record is None:
            raise forms.ValidationError(
                _("There is no record with the archive code “%(code)s”. Please check it."),
                params={"code": code},
            )
        if record.state == RecordState.DESTROYED:
            raise forms.ValidationError(_("This record was destroyed lawfully."))
        return record


class GrantForm(forms.Form):
    """For how long a request is granted."""

    days = forms.IntegerField(
        label=_("Granted for days"), min_value=1, max_value=MOST_DAYS, initial=7
    )
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)


class RefusalForm(forms.Form):
    """Why a request is refused."""

    remark = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
