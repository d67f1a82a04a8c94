"""What every article shows around its body."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest

from portal.pages.models.publication import Publication
from portal.pages.routing import public_path

HOME_DEPTH = 2


def breadcrumbs(page: Any) -> list[dict[str, str]]:
    """Return the pages above, from the home page down; routing has usually brought them."""
    if page.depth <= HOME_DEPTH:
        return []
    above = getattr(page, "pages_above", None)
    if above is None:
        above = page.get_ancestors().filter(depth__gte=HOME_DEPTH)
    return [{"title": one.title, "url": public_path(one.url_path)} for one in above]


def neighbours(page: Any, user: Any) -> dict[str, Any]:
    """Return the publications of the same kind before and after this one, in one query."""
    if not page.live or page.first_published_at is None:
        return {"previous": None, "next": None}
    same = Publication.objects.visible_to(user).of_kind(page.kind)
    day, moment = page.business_date(), page.first_published_at
    older = same.filter(
        Q(business_date__lt=day) | Q(business_date=day, published_at__lt=moment)
    ).order_by("-business_date", "-published_at")
    newer = same.filter(
        Q(business_date__gt=day) | Q(business_date=day, published_at__gt=moment)
    ).order_by("business_date", "published_at")
    found = Publication.objects.filter(
        Q(pk__in=older.values("pk")[:1]) | Q(pk__in=newer.values("pk")[:1])
    )
    own = (day, moment)
    around: dict[str, Any] = {"previous": None, "next": None}
    for publication in found:
        key = (publication.business_date, publication.published_at)
        around["previous" if key < own else "next"] = publication
    return around


def pictures(page: Any) -> list[Any]:
    """Return the pictures a page shows, each object as its template will meet it."""
    found = [page.picture] if page.picture_id else []
    for block in page.body:
        if block.block_type == "picture":
            found.append(block.value["image"])
        elif block.block_type == "gallery":
            found += [picture["image"] for picture in block.value["pictures"]]
    return [picture for picture in found if picture is not None]


def article_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return breadcrumbs, facts, neighbours and the archive record of a page."""
    from portal.archives.models import Record
    from portal.publishing.queue import PAGE_SOURCE

    record = None
    unit = page.get_unit()
    if page.pk:
        # The newest one only: an older version would be shown as what the page is.
        visible = Record.objects.visible_to(request.user).filter(next__isnull=True)
        record = visible.of_source(PAGE_SOURCE, str(page.pk)).first()
    from portal.pages.models.base import IndexPage

    is_article = (
        page.depth is not None and page.depth > HOME_DEPTH and not isinstance(page, IndexPage)
    )
    # One query for the sizes of all pictures instead of one for each.
    prefetch_related_objects(pictures(page), "renditions")
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
