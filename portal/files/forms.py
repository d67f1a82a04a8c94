"""The field that takes private files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from portal.files.checking import CheckedUpload, check
from portal.files.refusals import FileRefused

ACCEPTED = "image/*,application/pdf"
ACCEPTED_AUDIO = f"{ACCEPTED},audio/*,.m4a"


class PrivateFileInput(forms.FileInput):
    """A file input for one or several files, camera included."""

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, several: bool = True, audio: bool = False
    ) -> None:
        # Django offers several files to whatever allows them.
        self.allow_multiple_selected = several
        super().__init__({"accept": ACCEPTED_AUDIO if audio else ACCEPTED, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Return every file that was chosen."""
        if isinstance(files, MultiValueDict):
            return list(files.getlist(name))
        found = files.get(name)
        return [] if found is None else list(found) if isinstance(found, list | tuple) else [found]


class PrivateFileField(forms.FileField):
    """Takes photos and PDFs; clean content or an error next to the field.

    The cleaned value is a list of `CheckedUpload`, which `portal.files.services.receive` stores.

    Args:
        several: whether more than one file may be chosen.
        most: how many at most; the limit for an owner by default.
        audio: whether sound recordings are taken too.
    """

    widget = PrivateFileInput
    default_error_messages = {
        "required": _("Please choose a photo or a PDF."),
    }

    def __init__(
        self,
        *,
        several: bool = True,
        most: int | None = None,
        audio: bool = False,
        **kwargs: Any,
    ) -> None:
        self.several, self.most, self.audio = several, most, audio
        kwargs.setdefault("widget", PrivateFileInput(several=several, audio=audio))
        kwargs.setdefault(
            "help_text", _("Photo (JPG, PNG, HEIC) or PDF. It only has to be readable.")
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:  # type: ignore[override]
        """Check every file; one bad file names itself, and nothing of the others is kept.

        Raises:
            ValidationError: no file though one is required, too many, or files refused.
        """
        uploads = [upload for upload in data or [] if upload]
        if not uploads:
            if self.required and not initial:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        most = (self.most or settings.FILE_MOST_PER_OWNER) if self.several else 1
        if len(uploads) > most:
            raise FileRefused("too-many", limit=most)
        checked: list[CheckedUpload] = []
        errors: list[ValidationError] = []
        for upload in uploads:
            try:
                checked.append(check(upload, audio=self.audio))
            except FileRefused as refused:
                errors.append(refused)
        if errors:
            for one in checked:
                one.close()
            raise ValidationError(errors)
        return checked

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything was chosen."""
        return bool(data)
