"""The kinds of published items, collected from the page types themselves."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from wagtail.models import get_page_models


def page_kinds() -> dict[str, Any]:
    """Return the name of each kind by its code, in the order the page types were defined."""
    from portal.pages.models.base import PortalPage

    return {
        model.kind: model._meta.verbose_name
        for model in get_page_models()
        if issubclass(model, PortalPage) and not model._meta.abstract
    }


def page_subkinds(kind: str) -> dict[str, Any]:
    """Return codes and names of what the archive tells apart within a kind of page."""
    from portal.pages.models.base import PortalPage

    for model in get_page_models():
        if issubclass(model, PortalPage) and not model._meta.abstract and model.kind == kind:
            return dict(model.subkinds())
    return {}


def listed_kinds() -> dict[str, Any]:
    """Return the kinds that lists and searches offer: articles, not section fronts."""
    from portal.pages.models.base import IndexPage, PortalPage

    return {
        model.kind: model._meta.verbose_name
        for model in get_page_models()
        if issubclass(model, PortalPage)
        and not issubclass(model, IndexPage)
        and model.kind not in ("home",)
    }


def kind_name(code: str) -> str | Promise:
    """Return the name of a kind of page or record; an unknown code is shown as it is."""
    from portal.archives.sources import publishable_kinds

    name: str | Promise = page_kinds().get(code) or publishable_kinds().get(code, code)
    return name
