"""Reads over figures that were summed up before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.archives.querysets import RecordQuerySet

if TYPE_CHECKING:
    from portal.archives.models import FileFigure  # noqa: F401  named in strings


class FileFigureQuerySet(models.QuerySet["FileFigure"]):
    """Sums over the files of alike records."""

    # The same rule as for records, over columns of the same names.
    visible_to = RecordQuerySet.visible_to
