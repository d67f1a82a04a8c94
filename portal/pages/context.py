"""What every article shows around its body."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from portal.pages.models.publication import Publication
from portal.roles.permissions import may_read_records


def breadcrumbs(page: Any) -> list[dict[str, str]]:
    """Return the pages above, from the home page down, in one query."""
    from portal.pages.routing import public_path

    if page.depth <= 2:
        return []
    ancestors = page.get_ancestors().filter(depth__gte=2).values_list("title", "url_path")
    return [{"title": title, "url": public_path(url_path)} for title, url_path in ancestors]


def neighbours(page: Any, user: Any) -> dict[str, Any]:
    """Return the publications of the same kind before and after this one, if any."""
    own = getattr(page, "publication", None) if page.pk and page.live else None
    if own is None:
        return {"previous": None, "next": None}
    same = Publication.objects.visible_to(user).of_kind(own.kind)
    key = {"business_date": own.business_date, "published_at": own.published_at}
    older = same.filter(business_date__lt=key["business_date"]) | same.filter(
        business_date=key["business_date"], published_at__lt=key["published_at"]
    )
    newer = same.filter(business_date__gt=key["business_date"]) | same.filter(
        business_date=key["business_date"], published_at__gt=key["published_at"]
    )
    return {
        "previous": older.order_by("-business_date", "-published_at").first(),
        "next": newer.order_by("business_date", "published_at").first(),
    }


def article_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return breadcrumbs, facts, neighbours and the archive record of a page."""
    from portal.archives.models import Record
    from portal.publishing.queue import PAGE_SOURCE

    record = None
    unit = page.get_unit()
    if page.pk and may_read_records(request.user, unit):
        record = Record.objects.of_source(PAGE_SOURCE, str(page.pk)).first()
    from portal.pages.models.base import IndexPage

    is_article = page.depth is not None and page.depth > 2 and not isinstance(page, IndexPage)
    around = neighbours(page, request.user) if is_article else {"previous": None, "next": None}
    return {
        "breadcrumbs": breadcrumbs(page) if page.pk else [],
        "facts": page.facts(),
        "responsible_unit": unit,
        "business_date": page.business_date(),
        "record": record,
        "previous_publication": around["previous"],
        "next_publication": around["next"],
    }
