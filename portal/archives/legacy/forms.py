"""Forms of the catalogues."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives.spreadsheets import LARGEST_BYTES


class CatalogueForm(forms.Form):
    """A corrected catalogue."""

    catalogue = forms.FileField(
        label=gettext_lazy("Catalogue (Excel)"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_catalogue(self) -> UploadedFile[Any]:
        """Refuse other endings and large tables before anything is read."""
        uploaded: UploadedFile[Any] = self.cleaned_data["catalogue"]
        suffix = PurePath(str(uploaded.name)).suffix.lower()
        if suffix != ".xlsx":
            raise forms.ValidationError(
                _("“%(name)s” is no .xlsx file. Open the table and save it as Excel workbook.")
                % {"name": uploaded.name}
            )
        if (uploaded.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError(_("The catalogue is larger than 20 MB. Split it."))
        return uploaded


class UploadForm(CatalogueForm):
    """A catalogue with its scans."""

    scans = forms.FileField(
        label=gettext_lazy("Scans (zip)"),
        help_text=gettext_lazy(
            "One zip without a password, with the PDF, JPG and TIF files that the catalogue names."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )

    def clean_scans(self) -> UploadedFile[Any]:
        """Refuse what is no zip by its first bytes."""
        uploaded: UploadedFile[Any] = self.cleaned_data["scans"]
        beginning = uploaded.read(4)
        uploaded.seek(0)
        if beginning not in (b"PK\x03\x04", b"PK\x05\x06"):
            raise forms.ValidationError(
                _("“%(name)s” is no zip. RAR and 7z are not read; pack the scans as zip.")
                % {"name": uploaded.name}
            )
        return uploaded
