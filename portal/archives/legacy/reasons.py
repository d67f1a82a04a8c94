"""Why the work on a catalogue stopped: a code in the row, a sentence on the page.

The details, which are English and name paths, stand in the log of the server.
"""

from __future__ import annotations

import errno
import zipfile

from django.db import DatabaseError
from django.utils.translation import gettext as _

from portal import leases

NO_SPACE = "no-space"
FILES = "files"
DATABASE = "database"
FAILED = "failed"


def reason_of(error: Exception) -> str:
    """Return the code of what stopped the work."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_SPACE
    if isinstance(error, OSError | zipfile.BadZipFile):
        return FILES
    if isinstance(error, DatabaseError):
        return DATABASE
    return FAILED


def reason_words(last_error: str) -> str:
    """Return the sentence for what a batch holds as its last error, empty for none."""
    if not last_error:
        return ""
    sentences = {
        NO_SPACE: _("The disk of the server is full. Please tell the system administrator."),
        FILES: _(
            "The uploaded files cannot be read on the server at the moment. If this stays, tell "
            "the system administrator."
        ),
        DATABASE: _("The database did not answer as it should. It is tried again."),
        leases.DIED: _(
            "The work broke off each time before it ended. Please tell the system administrator."
        ),
    }
    return sentences.get(
        last_error,
        _(
            "Something happened that the portal does not know. Please tell the system "
            "administrator; the details are in the log of the server."
        ),
    )
