"""Register the tree of units in Wagtail's admin."""

from __future__ import annotations

from wagtail import hooks

from portal.organizations.viewsets import UnitViewSet


@hooks.register("register_admin_viewset")
def register_units() -> UnitViewSet:
    """Units in the main menu of those who may see them."""
    return UnitViewSet()
