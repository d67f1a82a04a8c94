"""Keep the list row of a page in step with what is live."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from wagtail.models import Page

from portal.archives.statements import FixedInsert

if TYPE_CHECKING:
    from portal.pages.models import PortalPage


@cache
def _list_row() -> FixedInsert:
    from portal.pages.models import Publication

    return FixedInsert(
        Publication,
        replacing=[
            *("kind", "title", "summary", "url_path", "unit", "audience", "reference"),
            *("picture", "business_date", "year", "published_at", "valid_to"),
        ],
    )


def refresh_publication(page: PortalPage, using: str = "default") -> None:
    """Write the list row of a live page; one statement whether or not it exists."""
    from portal.pages.models import Publication

    unit = page.get_unit()
    day = page.business_date()
    _list_row().write(
        [
            Publication(
                page_id=page.pk,
                kind=page.kind,
                title=page.title,
                summary=page.summary,
                url_path=page.url_path,
                unit=unit,
                audience=page.audience,
                reference=page.reference(),
                picture_id=page.picture_id,
                business_date=day,
                year=day.year,
                published_at=page.first_published_at or timezone.now(),
                valid_to=page.expires_on(),
            )
        ],
        using,
    )


def refresh_addresses(page: Page, using: str = "default") -> None:
    """Bring the addresses of all pages below a page in line; they follow it when it moves."""
    from portal.pages.models import Publication

    if not page.numchild:
        return
    address = Page.objects.filter(pk=OuterRef("page_id")).values("url_path")
    stale = Publication.objects.using(using).filter(
        page__path__startswith=page.path, page__depth__gt=page.depth
    )
    stale.exclude(url_path=F("page__url_path")).update(url_path=Subquery(address))


def remove_publication(page_id: int, using: str = "default") -> None:
    """Remove the list row of a page that is not live."""
    from portal.pages.models import Publication

    Publication.objects.using(using).filter(page_id=page_id).delete()
