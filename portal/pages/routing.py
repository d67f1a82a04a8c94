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


def _addresses(home: HomePage, path_components: list[str]) -> list[str]:
    """Return Wagtail's paths of the page and of every page above it, from the home page down."""
    addresses = [home.url_path]
    for component in path_components:
        addresses.append(f"{addresses[-1]}{component}/")
    return addresses


def route_from_root(
    home: HomePage, request: HttpRequest, path_components: list[str]
) -> RouteResult:
    """Find the live page at an address with one query on the tree, whatever the depth.

    The same query brings the pages above it, which the breadcrumbs show.

    Raises:
        Http404: no live page has the address.
    """
    if not path_components:
        if not home.live:
            raise Http404
        return RouteResult(home)
    addresses = _addresses(home, path_components)
    found = {
        page.url_path: page
        for page in Page.objects.filter(
            url_path__in=addresses, path__startswith=home.path
        ).select_related("content_type")
    }
    target = found.get(addresses[-1])
    if target is None or not target.live:
        raise Http404
    model: Any = target.content_type.model_class()
    page = model._default_manager.select_related("unit", "picture").get(pk=target.pk)
    page.pages_above = [found[address] for address in addresses[:-1] if address in found]
    return RouteResult(page)
