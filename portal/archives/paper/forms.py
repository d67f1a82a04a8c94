"""Forms of the paper copies and of the stock-taking."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from portal.archives.models import PaperCopy, StockTaking
from portal.archives.spreadsheets import LARGEST_BYTES
from portal.spreadsheets.forms import WorkbookField


class PaperForm(forms.ModelForm[PaperCopy]):
    """Where the paper of one record lies."""

    class Meta:
        model = PaperCopy
        fields = ("box", "shelf", "sheets", "note")


class PaperSheetForm(forms.Form):
    """A table of paper copies."""

    sheet = WorkbookField(
        largest=LARGEST_BYTES,
        label=gettext_lazy("Table (Excel)"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), at most 20 MB."),
    )
    only_check = forms.BooleanField(label=gettext_lazy("Only check, write nothing"), required=False)


class StockTakingForm(forms.ModelForm[StockTaking]):
    """Begin a stock-taking."""

    class Meta:
        model = StockTaking
        fields = ("name", "shelf")
