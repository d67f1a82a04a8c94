"""Photographs, recordings and papers of a record, kept as private files."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.activities.keeping import changed, open_record
from branches.activities.permissions import reads_all
from branches.models import Activity, ActivityState
from portal.files.models import StoredFile
from portal.files.owners import register_owner
from portal.files.services import claim, files_of, receive, remove_claimed
from portal.people.models import User
from portal.refusals import NotPossible

OWNER = "branch-activity"
#: What a file is; the code is its purpose.
PURPOSES: tuple[tuple[str, Any], ...] = (
    ("photo", pgettext_lazy("activity file", "Photograph")),
    ("recording", pgettext_lazy("activity file", "Sound recording")),
    ("material", pgettext_lazy("activity file", "Material of the meeting or class")),
    ("signatures", pgettext_lazy("activity file", "Signed sheet")),
    ("other", pgettext_lazy("activity file", "Other paper")),
)
_STATES = (ActivityState.PLANNED, ActivityState.NOTIFIED, ActivityState.HELD)


def may_read(user: Any, owner_id: str) -> bool:
    """Whether an account reads the files of a record."""
    if not owner_id.isdecimal():
        return False
    activity = Activity.objects.select_related("branch").filter(pk=int(owner_id)).first()
    return activity is not None and reads_all(user, activity)


def register() -> None:
    """Register once, when the application is ready."""
    register_owner(OWNER, may_read)


def files(activity: Activity) -> list[StoredFile]:
    """Return the files of a record, each with `purpose_words`."""
    words = dict(PURPOSES)
    found: list[Any] = list(files_of(OWNER, str(activity.pk)))
    for file in found:
        file.purpose_words = words.get(file.purpose, _("Other paper"))
    return found


def add_files(
    activity_id: int, user: User, version: int | None, purpose: str, uploads: Sequence[Any]
) -> int:
    """Keep files with a record; return how many.

    Raises:
        NotPossible: there is no such purpose, or no file.
        FileRefused: a file is not accepted.
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    if purpose not in dict(PURPOSES) or not uploads:
        raise NotPossible(_("Please choose a file and what it is."))
    stored = [receive(upload, user=user, purpose=purpose) for upload in uploads]
    with transaction.atomic():
        activity = open_record(activity_id, user, version, _STATES)
        claim(stored, OWNER, str(activity.pk), by=user)
        changed(activity, "files", user)
    return len(stored)


@transaction.atomic
def remove_file(activity_id: int, user: User, version: int | None, file_id: uuid.UUID) -> None:
    """Remove a file of a record that is not handed in.

    Raises:
        NotYours, TooLate, ChangedMeanwhile: see `open_record`.
    """
    activity = open_record(activity_id, user, version, _STATES)
    for file in files_of(OWNER, str(activity.pk)).filter(pk=file_id):
        remove_claimed(file)
    changed(activity, "files", user)
