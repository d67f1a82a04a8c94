"""Template tags for the files of a record: their formats and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from portal.archives.attachments import previews
from portal.archives.models import RecordFile
from portal.file_names import file_format

register = template.Library()


@register.filter
def format_label(file: RecordFile) -> str:
    """Return the format found in a file; its ending as long as nobody looked inside."""
    if file.format_name == "?":
        return _("Unknown format")
    if file.format_name == "!":
        return _("Not readable")
    return file.format_name or file_format(file.name)


@register.simple_tag
def file_previews(files: Iterable[RecordFile]) -> list[dict[str, object]]:
    """Return the files that a page can show, with how: picture, audio or video."""
    return [{"file": file, "kind": kind} for file in files if (kind := previews.preview_kind(file))]
