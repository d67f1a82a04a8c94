"""Forms of the paper copies and of the stock-taking."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives.models import PaperCopy, StockTaking
from portal.archives.spreadsheets import LARGEST_BYTES


class PaperForm(forms.ModelForm[PaperCopy]):
    """Where the paper of one record lies."""

    class Meta:
        model = PaperCopy
        fields = ("box", "shelf", "sheets", "note")


class PaperSheetForm(forms.Form):
    """A table of paper copies."""

    sheet = forms.FileField(
        label=gettext_lazy("Table (Excel)"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    only_check = forms.BooleanField(label=gettext_lazy("Only check, write nothing"), required=False)

    def clean_sheet(self) -> UploadedFile[Any]:
        """Refuse other endings and large tables before anything is read."""
        uploaded: UploadedFile[Any] = self.cleaned_data["sheet"]
        if PurePath(str(uploaded.name)).suffix.lower() != ".xlsx":
            raise forms.ValidationError(
                _("“%(name)s” is no .xlsx file. Open the table and save it as Excel workbook.")
                % {"name": uploaded.name}
            )
        if (uploaded.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError(_("The table is larger than 20 MB. Split it."))
        return uploaded


class StockTakingForm(forms.ModelForm[StockTaking]):
    """Begin a stock-taking."""

    class Meta:
        model = StockTaking
        fields = ("name", "shelf")
