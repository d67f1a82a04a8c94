"""Files that published pages cite are pinned: not replaced, not deleted before their copy.

Replacing the bytes behind a live page would change what was published without a record, so
an editor uploads a new file and cites that one instead.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from django.utils.translation import gettext as _

from portal.archives.models import RecordFile
from portal.publishing.refusals import FileInUse


def _role(model: type[Any]) -> str:
    from portal.pages.models import PortalDocument, PortalImage

    if issubclass(model, PortalImage):
        return "picture"
    return "document" if issubclass(model, PortalDocument) else "media"


def citing_files(row: Any) -> Any:
    """Return the record files that cite a stored file."""
    return RecordFile.objects.filter(role=_role(type(row)), source_object_id=row.pk)


def refuse_replacement(row: Any) -> None:
    """Refuse new bytes for a file that a record cites.

    Raises:
        FileInUse: with what to do instead.
    """
    if row.pk is None:
        return
    if citing_files(row).exists():
        raise FileInUse(
            _(
                "“%(title)s” is cited by a published page and its archive record. "
                "Please upload the new version as a new file and choose it on the page."
            )
            % {"title": row.title}
        )


def refuse_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Refuse to delete a file while a live page shows it or its archive copy is missing.

    Raises:
        FileInUse: with the reason.
    """
    cited = citing_files(instance)
    if cited.filter(stored_at__isnull=True).exists():
        raise FileInUse(
            _("“%(title)s” cannot be deleted yet: its archive copy is still being made.")
            % {"title": instance.title}
        )
    current = cited.filter(record__ended_at__isnull=True, record__next__isnull=True)
    titles = list(current.values_list("record__title", flat=True)[:3])
    if titles:
        raise FileInUse(
            _("“%(title)s” cannot be deleted: it is shown on %(pages)s.")
            % {"title": instance.title, "pages": "、".join(f"《{title}》" for title in titles)}
        )


def connect() -> None:
    """Watch deletions of pictures, documents and media."""
    from portal.pages.models import PortalDocument, PortalImage, PortalMedia

    for model in (PortalImage, PortalDocument, PortalMedia):
        pre_delete.connect(
            refuse_deletion,
            sender=model,
            dispatch_uid=f"portal.pages.file_protection.{model.__name__}",
        )
