"""Pages as an archive source: what is live is what is captured."""

from __future__ import annotations

import mimetypes
from functools import cache
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import override
from modelcluster.models import get_all_child_m2m_relations, get_serializable_data_for_fields
from wagtail.models import Page

from portal.archives.actors import acting
from portal.archives.models import Record
from portal.archives.sources import CapturedState, CitedFile, ContentPart
from portal.archives.sources import register as register_source
from portal.archives.statements import FixedRead
from portal.pages.authorship import process
from portal.pages.citations import children, pinned_files
from portal.pages.kinds import page_kinds, page_subkinds
from portal.publishing import approvals
from portal.publishing.queue import PAGE_SOURCE
from portal.publishing.refusals import PublishingRefused

# Columns that say where a page stands or how far its editing is, not what it says.
STATE_FIELDS = frozenset(
    {
        *("pk", "path", "depth", "numchild", "url_path", "translation_key", "locale"),
        *("draft_title", "live", "has_unpublished_changes", "live_revision", "latest_revision"),
        *("latest_revision_created_at", "last_published_at", "first_published_at", "owner"),
        *("go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"),
        *("content_type", "alias_of", "wagtail_admin_comments", "slug", "show_in_menus"),
    }
)


def page_content(page: Any) -> dict[str, Any]:
    """Return what a page says: its own fields and its children."""
    fields = get_serializable_data_for_fields(page)
    for name, rows in children(page):
        fields[name] = [get_serializable_data_for_fields(row) for row in rows]
    for relation in get_all_child_m2m_relations(page):
        fields[relation.name] = sorted(row.pk for row in getattr(page, relation.name).all())
    return {
        "model": page._meta.label_lower,
        "fields": {
            name: value
            for name, value in fields.items()
            if name not in STATE_FIELDS and (value or name not in page.later_fields)
        },
    }


def page_words(page: Any) -> dict[str, Any]:
    """Return the words around the content as readers see them now."""
    unit = page.get_unit()
    with override("zh-hans"):
        words: dict[str, Any] = {
            "facts": [[str(label), str(value)] for label, value in page.facts()],
            "unit_name": unit.name if unit else "",
            "kind_name": str(page._meta.verbose_name),
        }
        following = page.following_blocks()
    if following:
        words["following"] = following
    return words


def _files(page: Any, using: str) -> list[CitedFile]:
    found = []
    for citation, row in pinned_files(page, using):
        name = getattr(row, "filename", "") or row.file.name.rsplit("/", 1)[-1]
        media_type = mimetypes.guess_type(row.file.name)[0] or "application/octet-stream"
        size = getattr(row, "file_size", None) or row.file.size
        found.append(
            CitedFile(citation.role, citation.object_id, name, media_type, size, row.sha256)
        )
    return found


_type_read = FixedRead(
    lambda page_id: Page.objects.filter(pk=page_id).values_list("content_type_id").order_by(), int
)


@cache
def _page_read(model: Any) -> FixedRead:
    pages = model._default_manager.select_related("unit").order_by()
    return FixedRead(lambda page_id: pages.filter(pk=page_id), int)


def _stored_page(page_id: int, using: str) -> Any:
    """Return a page of the portal as the database has it, with its unit, or None."""
    from portal.pages.models import PortalPage

    row = _type_read.first(page_id, using=using)
    model: Any = ContentType.objects.get_for_id(row[0]).model_class() if row else None
    if model is None or not issubclass(model, PortalPage):
        return None
    return _page_read(model).first(page_id, using=using)


def _state(page: Any, using: str) -> CapturedState:
    """Return what a live page says, cites and went through."""
    unit = page.get_unit()
    context = acting()
    return CapturedState(
        kind=page.kind,
        subkind=page.subkind(),
        title=page.title,
        business_date=page.business_date(),
        content=page_content(page),
        shown=page_words(page),
        unit_id=unit.pk if unit else None,
        reference=page.reference(),
        files=_files(page, using),
        process=process(page, using),
        actor_id=context.user_id,
        late=context.late,
        reason=context.reason,
        access_level=page.record_level(),
    )


class PageSource:
    """Every live page of the portal."""

    kind: ClassVar[str] = PAGE_SOURCE
    file_models: ClassVar[dict[str, str]] = {
        "picture": "pages.PortalImage",
        "document": "pages.PortalDocument",
        "media": "pages.PortalMedia",
    }

    def kinds(self) -> dict[str, Any]:
        """Return the kinds of all page types."""
        return page_kinds()

    def subkinds(self, kind: str) -> dict[str, Any]:
        """Return what the page type of a kind tells apart."""
        return page_subkinds(kind)

    def rendition_context(self, record: Record, payload: dict[str, Any]) -> dict[str, Any]:
        """Return the context of the archive copy of a page."""
        from portal.pages.archive_rendering import rendition_context

        return rendition_context(record, payload)

    def people(self, payload: dict[str, Any]) -> list[str]:
        """Return the names of those the facts of the page name."""
        from portal.pages import archive_reading

        return archive_reading.people(payload)

    def parts(self, payload: dict[str, Any]) -> list[ContentPart]:
        """Return title, fields and blocks of the page as text."""
        from portal.pages import archive_reading

        return archive_reading.content_parts(payload)

    def origin(self, source_id: str) -> dict[str, str] | None:
        """Return title and address of the page a record came from, while it is live."""
        from portal.pages.routing import public_path

        page = Page.objects.filter(pk=int(source_id), live=True).first()
        return {"title": page.title, "url": public_path(page.url_path)} if page else None

    def committed_state(self, source_id: str, using: str) -> CapturedState | None:
        """Return the live state of a page from the database and refresh its list row."""
        from portal.pages.models import PortalPage
        from portal.pages.publications import (
            refresh_addresses,
            refresh_publication,
            remove_publication,
        )

        page = _stored_page(int(source_id), using)
        if page is not None:
            refresh_addresses(page, using)
            page = page if page.live else None
        if not isinstance(page, PortalPage):
            remove_publication(int(source_id), using)
            return None
        page.went_live()
        refresh_publication(page, using)
        return _state(page, using)

    def state_of(self, source_id: str) -> CapturedState | None:
        """Return the live state of a page; only reads."""
        page = _stored_page(int(source_id), "default")
        return _state(page, "default") if page is not None and page.live else None

    def accept_capture(self, source_id: str, state: CapturedState) -> None:
        """Refuse what a person puts live through the web without a second person.

        This is the last of three barriers: the page rules hide and refuse the ordinary
        routes, hooks refuse bulk actions, and here every other route ends, whoever uses it.
        """
        context = acting()
        if (
            context.in_request
            and int(source_id) not in context.approved_page_ids
            and not approvals.is_approved(int(source_id))
        ):
            raise PublishingRefused(
                _(
                    "“%(title)s” was not published. Pages go live only through review by a "
                    "second person. Save it as a draft and submit it for review."
                )
                % {"title": state.title}
            )

    def ended(self, source_id: str, using: str) -> dict[str, Any]:
        """Say whether the page was withdrawn or deleted, and by whom."""
        exists = Page.objects.using(using).filter(pk=int(source_id)).exists()
        return {"event": "withdraw" if exists else "delete", "account": acting().user_id}

    def title_of(self, source_id: str) -> str:
        """Return the page's title."""
        return Page.objects.filter(pk=int(source_id)).values_list("title", flat=True).first() or ""

    def published_ids(self, using: str) -> set[str]:
        """Return the keys of all live portal pages."""
        from portal.pages.models import PortalPage

        return {
            str(pk)
            for pk, model in (
                (page.pk, page.specific_class)
                for page in Page.objects.using(using).filter(live=True).iterator(2000)
            )
            if model is not None and issubclass(model, PortalPage)
        }


def register() -> None:
    """Register pages with the archive."""
    from django.db.models.signals import pre_delete

    register_source(PageSource())
    pre_delete.connect(_deleted, dispatch_uid="portal.pages.archive_source.deleted")


def _deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    from django.db import connections

    from portal.publishing.queue import page_removed

    if isinstance(instance, Page) and connections["default"].in_atomic_block:
        page_removed(instance.pk)
