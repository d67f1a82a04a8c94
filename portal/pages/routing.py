"""Addresses of pages: one look-up in, one string operation out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult

if TYPE_CHECKING:
    from portal.pages.models import HomePage


def public_path(url_path: str) -> str:
    """Return the address of a page on the site from Wagtail's path, which starts at the root.

    `/home/branches/dz01/` becomes `/branches/dz01/`: the first part is the site root itself.
    """
    return "/" + url_path.lstrip("/").partition("/")[2]


def route_from_root(
    home: HomePage, request: HttpRequest, path_components: list[str]
) -> RouteResult:
    """Find the live page at an address with one query on the tree, whatever the depth.

    Raises:
        Http404: no live page has the address.
    """
    if not path_components:
        page: Any = home
    else:
        url_path = home.url_path + "/".join(path_components) + "/"
        found = (
            Page.objects.filter(url_path=url_path, path__startswith=home.path)
            .order_by("-live")
            .first()
        )
        if found is None:
            raise Http404
        page = found.specific
    if not page.live:
        raise Http404
    return RouteResult(page)
