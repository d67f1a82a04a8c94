"""The calendar in the menu of whoever imports it."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.workdays.permissions import may_import_calendar


class CalendarMenuItem(MenuItem):
    """A door that the system administrator sees."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the account imports calendars."""
        return may_import_calendar(request.user)


@hooks.register("register_admin_menu_item")
def calendar_menu_item() -> MenuItem:
    """Add the door to the menu."""
    return CalendarMenuItem(
        _("Working days"), reverse("workdays"), icon_name="calendar-alt", order=850
    )
