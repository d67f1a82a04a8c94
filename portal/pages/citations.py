"""Which stored files a page cites, in its fields, its blocks and its rich text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from portal.pages.models import PortalDocument


@dataclass(frozen=True, order=True)
class Citation:
    """One cited file: `picture`, `document` or `media` and its primary key."""

    role: str
    object_id: int


def _roles() -> dict[type[models.Model], str]:
    from portal.pages.models import PortalDocument, PortalImage, PortalMedia

    return {PortalImage: "picture", PortalDocument: "document", PortalMedia: "media"}


def citations(page: models.Model) -> list[Citation]:
    """Return the files a page cites, each once, pictures before documents by their keys."""
    roles = _roles()
    found: set[Citation] = set()
    for field in page._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model in roles:
            if value := getattr(page, field.attname):
                found.add(Citation(roles[field.related_model], value))
        elif hasattr(field, "extract_references"):
            for model, object_id, _model_path, _content_path in field.extract_references(
                field.value_from_object(page)  # type: ignore[union-attr]
            ):
                if model in roles:
                    found.add(Citation(roles[model], int(object_id)))
    return sorted(found)


def cited_files(page: models.Model) -> list[tuple[Citation, Any]]:
    """Return the cited files with their rows; one query a role, none for roles not cited."""
    by_role = {role: model for model, role in _roles().items()}
    listed = citations(page)
    rows: dict[Citation, Any] = {}
    for role in {citation.role for citation in listed}:
        keys = [citation.object_id for citation in listed if citation.role == role]
        for row in by_role[role]._default_manager.filter(pk__in=keys):
            rows[Citation(role, row.pk)] = row
    return [(citation, rows[citation]) for citation in listed if citation in rows]


def cited_documents(page: models.Model) -> list[PortalDocument]:
    """Return the documents a page offers for download."""
    return [row for citation, row in cited_files(page) if citation.role == "document"]
