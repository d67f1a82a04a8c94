"""Register people and accounts in Wagtail's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from portal.people.account_views import account_action
from portal.people.viewsets import PersonViewSet

LOG_ACTIONS = (
    ("people.account_created", _("Create an account"), _("Account created")),
    ("people.account_disabled", _("Disable the account"), _("Account disabled")),
    ("people.account_enabled", _("Enable the account"), _("Account enabled")),
    (
        "people.password_renewed",
        _("Issue a one-time password"),
        _("One-time password issued"),
    ),
    ("people.sessions_ended", _("Sign out everywhere"), _("Signed out everywhere")),
    (
        "people.second_factors_removed",
        _("Remove the second factors"),
        _("Second factors removed"),
    ),
)


@hooks.register("register_admin_viewset")
def register_people() -> PersonViewSet:
    """People in the main menu of those who may see them."""
    return PersonViewSet()


@hooks.register("register_admin_urls")
def register_account_urls() -> list[URLPattern]:
    """The officers' actions."""
    return [path("people/<int:pk>/account/<slug:code>/", account_action, name="account_action")]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """What is written to the log about accounts."""
    for code, label, message in LOG_ACTIONS:
        actions.register_action(code, label, message)


@hooks.register("construct_settings_menu")
def hide_users_and_groups(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Take Wagtail's own entries out; their pages are closed, also for superusers."""
    menu_items[:] = [item for item in menu_items if item.name not in {"users", "groups"}]
