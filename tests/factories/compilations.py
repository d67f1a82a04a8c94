"""Topical compilations for tests. All texts are invented."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from portal.compilations.models import CompilationIndexPage, CompilationPage

if TYPE_CHECKING:
    from portal.archives.models import Record
    from portal.people.models import User

_numbers = itertools.count(1)
NOTE = "编者按：{title}"


def chapter(title: str, records: Sequence[Record], introduction: str = "") -> dict[str, Any]:
    """Return a section as stream data; each record has a note that names it."""
    return {
        "type": "chapter",
        "id": str(uuid.uuid4()),
        "value": {
            "title": title,
            "introduction": introduction,
            "records": [
                {
                    "type": "item",
                    "id": str(uuid.uuid4()),
                    "value": {
                        "record": str(record.pk),
                        "note": NOTE.format(title=record.title),
                    },
                }
                for record in records
            ],
        },
    }


def make_compilation(
    *chapters: dict[str, Any],
    author: User | None = None,
    title: str = "",
    live: bool = True,
    **fields: Any,
) -> CompilationPage:
    """Create a compilation with one revision: published outside a request, or a draft."""
    number = next(_numbers)
    page = CompilationPage(
        title=title or f"安全生产专题汇编（{number}）",
        slug=f"compilation-{number}",
        live=False,
        owner=author,
        chapters=json.dumps(chapters),
        **fields,
    )
    CompilationIndexPage.objects.get().add_child(instance=page)
    revision = page.save_revision(user=author, log_action=True)
    if live:
        revision.publish(user=author, skip_permission_checks=True)
        page.refresh_from_db()
    return page
