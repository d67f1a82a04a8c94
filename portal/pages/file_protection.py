"""Files that published pages cite are pinned: not replaced, not deleted before their copy.

Replacing the bytes behind a live page would change what was published without a record, so
an editor uploads a new file and cites that one instead.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import pre_delete
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState

from portal.archives.models import RecordFile
from portal.pages.citations import citations
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
    """Refuse new bytes for a stored file, whoever cites it.

    A draft under review or a scheduled one may cite it: the reviewer saw these bytes, and no
    number of a revision would tell that others went live.

    Raises:
        FileInUse: with what to do instead.
    """
    raise FileInUse(
        _(
            "The content of “%(title)s” cannot be replaced. "
            "Please upload the new version as a new file and choose it on the page."
        )
        % {"title": row.title}
    )


def refuse_renaming(row: Any) -> None:
    """Refuse another title or description for a file that is shown: readers see these words.

    Raises:
        FileInUse: with what to do instead.
    """
    words = [name for name in ("title", "description") if hasattr(row, name)]
    before = type(row)._default_manager.filter(pk=row.pk).values(*words).first()
    if before is None or all(getattr(row, name) == before[name] for name in words):
        return
    if current_citations(row).exists():
        raise FileInUse(
            _(
                "“%(title)s” is shown on a published page under this name. Please upload the "
                "file again under the new name and choose it on the page."
            )
            % {"title": before["title"]}
        )


def current_citations(row: Any) -> Any:
    """Return the record files that cite a stored file on a page that is live now."""
    return citing_files(row).filter(record__ended_at__isnull=True, record__next__isnull=True)


def waits_for_publication(row: Any) -> bool:
    """Whether a draft under review, or an approved one that waits for its time, cites a file."""
    role = _role(type(row))
    waiting = Revision.objects.page_revisions().filter(
        Q(task_states__status=TaskState.STATUS_IN_PROGRESS) | Q(approved_go_live_at__isnull=False)
    )
    return any(
        (citation.role, citation.object_id) == (role, row.pk)
        for revision in waiting.distinct()
        for citation in citations(revision.as_object())
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
    titles = list(current_citations(instance).values_list("record__title", flat=True)[:3])
    if titles:
        raise FileInUse(
            _("“%(title)s” cannot be deleted: it is shown on %(pages)s.")
            % {"title": instance.title, "pages": "、".join(f"《{title}》" for title in titles)}
        )
    if waits_for_publication(instance):
        raise FileInUse(
            _("“%(title)s” cannot be deleted: a draft that waits for review shows it.")
            % {"title": instance.title}
        )


def refuse_protected(row: Any) -> FileInUse:
    """Return the refusal for a file that a draft or a withdrawn page still names."""
    return FileInUse(
        _("“%(title)s” cannot be deleted: a draft or a withdrawn page still uses it.")
        % {"title": row.title}
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
