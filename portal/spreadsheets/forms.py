"""The field of a form that takes an Excel workbook."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEGABYTE = 1024 * 1024


class WorkbookField(forms.FileField):
    """An uploaded `.xlsx`, refused by its ending and size before anything is read.

    Args:
        largest: bytes that the file may have at most, a whole number of megabytes.
    """

    default_error_messages = {
        "required": gettext_lazy("Please choose the workbook."),
        "empty": gettext_lazy("The file is empty. Please choose the workbook again."),
    }

    def __init__(self, *, largest: int, **keywords: Any) -> None:
        keywords.setdefault("label", gettext_lazy("Excel workbook"))
        keywords.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ".xlsx"}))
        self.largest = largest
        super().__init__(**keywords)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the uploaded file.

        Raises:
            ValidationError: there is none, it has another ending, or it is too large.
        """
        uploaded = super().clean(data, initial)
        if not uploaded:
            return uploaded
        if PurePath(str(uploaded.name)).suffix.lower() != ".xlsx":
            raise ValidationError(
                _("“%(name)s” is no .xlsx file. Open the table and save it as Excel workbook.")
                % {"name": uploaded.name}
            )
        if (uploaded.size or 0) > self.largest:
            raise ValidationError(
                _("The file is larger than %(size)d MB. Please split it.")
                % {"size": self.largest // MEGABYTE}
            )
        return uploaded
