"""Forms of the catalogues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.archives.spreadsheets import LARGEST_BYTES
from portal.spreadsheets.forms import WorkbookField


class CatalogueForm(forms.Form):
    """A corrected catalogue."""

    catalogue = WorkbookField(
        largest=LARGEST_BYTES,
        label=gettext_lazy("Catalogue (Excel)"),
        help_text=gettext_lazy("An Excel workbook (.xlsx), at most 20 MB."),
    )


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
