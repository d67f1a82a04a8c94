"""Register role assignments in Wagtail's admin."""

from __future__ import annotations

from wagtail import hooks

from portal.roles.viewsets import RoleAssignmentViewSet


@hooks.register("register_admin_viewset")
def register_role_assignments() -> RoleAssignmentViewSet:
    """Roles in the main menu of those who may see them."""
    return RoleAssignmentViewSet()
