"""Why an upload is not accepted, in words that stand next to the field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal

#: By reason: the sentence with the cause and the remedy.
REASONS: dict[str, Any] = {
    "too-large": _(
        "“%(name)s” is larger than %(limit)s. Please take the picture again in a lower quality,"
        " or split the document."
    ),
    "too-many": _(
        "At most %(limit)s files can be handed in here. Please leave out what is not needed or"
        " put several pages into one PDF."
    ),
    "empty": _("“%(name)s” is empty. Please choose the file again."),
    "kind": _(
        "“%(name)s” is neither a photo (JPG, PNG, HEIC) nor a PDF. Please take a photo of the"
        " paper and hand in the photo."
    ),
    "mismatch": _(
        "The name of “%(name)s” says one kind of file, its content is another. Please choose the"
        " original file, or take a photo of the paper."
    ),
    "kind-audio": _(
        "“%(name)s” is neither a photo, nor a PDF, nor a sound recording (MP3, M4A, WAV). Please"
        " choose another file."
    ),
    "video": _(
        "“%(name)s” is a video. Here a sound recording is kept (MP3, M4A, WAV); please record the"
        " sound only."
    ),
    "damaged": _(
        "“%(name)s” cannot be opened; it is damaged or incomplete. Please choose the file again"
        " or take a new photo."
    ),
    "pixels": _(
        "The picture “%(name)s” has too many pixels. Please take it again in the usual quality;"
        " it only has to be readable."
    ),
    "no-heic": _(
        "The portal cannot open HEIC photos. Please choose “Most compatible” in the camera"
        " settings of the phone and take the photo again, or hand in a screenshot."
    ),
    "encrypted": _(
        "The PDF “%(name)s” is protected by a password. Please save it without a password, or"
        " take a photo of the paper."
    ),
    "script": _(
        "The PDF “%(name)s” contains a program. Please print it to a new PDF, or take a photo of"
        " the paper."
    ),
    "launch": _(
        "The PDF “%(name)s” wants to start something on the reader's computer. Please print it to"
        " a new PDF, or take a photo of the paper."
    ),
    "embedded": _(
        "The PDF “%(name)s” contains other files. Please hand in those files one by one, or print"
        " the PDF to a new one."
    ),
    "appended": _(
        "Something else is attached behind the PDF “%(name)s”. Please print it to a new PDF, or"
        " take a photo of the paper."
    ),
    "objects": _(
        "The PDF “%(name)s” is too complicated to be checked. Please print it to a new PDF, or"
        " take a photo of the paper."
    ),
    "infected": _(
        "The virus scanner found something in “%(name)s”. Please do not open the file, and ask"
        " the service desk for help."
    ),
    "scanner": _(
        "The virus scanner does not answer, so “%(name)s” cannot be accepted at the moment. What"
        " you typed is kept; please try again in a few minutes."
    ),
    "full": _(
        "The portal has no room to store “%(name)s” at the moment. What you typed is kept; please"
        " try again later or call the service desk."
    ),
}


class FileRefused(ValidationError):
    """An upload is not accepted. Shown by forms next to the field.

    Attributes:
        reason: a key of `REASONS`.
    """

    def __init__(self, reason: str, name: str = "", limit: Any = "") -> None:
        self.reason = reason
        super().__init__(REASONS[reason], code=reason, params={"name": name, "limit": limit})


class FileTaken(Refusal):
    """A file that is to be handed in belongs to something else already, or to somebody else."""

    status = 409
    title = _("This file cannot be handed in")

    @classmethod
    def standard(cls) -> FileTaken:
        """Return the refusal with its usual words."""
        return cls(_("A chosen file is no longer available. Please upload it once more."))


class FileUnreadable(Refusal):
    """The bytes of a stored file are gone or were changed, or no key opens them."""

    status = 503
    title = _("This file cannot be opened at the moment")

    @classmethod
    def standard(cls) -> FileUnreadable:
        """Return the refusal with its usual words."""
        return cls(
            _("The stored file cannot be read. Please tell the system administrator when it was.")
        )
