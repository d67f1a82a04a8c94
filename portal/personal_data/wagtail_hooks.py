"""The log, the inventory and the exports in the menu of those who may open them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.personal_data.exports import has_to_do_with_exports
from portal.personal_data.permissions import may_read_inventory, may_read_reveals


class GuardedMenuItem(MenuItem):
    """A door that is shown to those who may open it."""

    def __init__(self, allowed: Callable[[Any], bool], *args: Any, **kwargs: Any) -> None:
        self.allowed = allowed
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the account may open it."""
        return self.allowed(request.user)


@hooks.register("register_admin_menu_item")
def reveals_menu_item() -> MenuItem:
    """Add the log of looks at whole numbers."""
    return GuardedMenuItem(
        may_read_reveals,
        _("Who saw whole numbers"),
        reverse("reveals"),
        icon_name="view",
        order=860,
    )


@hooks.register("register_admin_menu_item")
def inventory_menu_item() -> MenuItem:
    """Add the inventory."""
    return GuardedMenuItem(
        may_read_inventory,
        _("Inventory of personal data"),
        reverse("data_inventory"),
        icon_name="list-ul",
        order=861,
    )


@hooks.register("register_admin_menu_item")
def exports_menu_item() -> MenuItem:
    """Add the exports."""
    return GuardedMenuItem(
        has_to_do_with_exports,
        _("Exports of personal data"),
        reverse("data_exports"),
        icon_name="download",
        order=862,
    )
