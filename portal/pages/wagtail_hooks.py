"""What the portal's pages add to the Wagtail admin: its colours and Chinese fonts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from portal.pages.file_serving import file_visible_to, refuse_file


@hooks.register("insert_global_admin_css")
def admin_theme() -> SafeString:
    """Load the red theme after Wagtail's own style sheet."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))


@hooks.register("before_serve_document")
def only_to_readers(document: Any, request: HttpRequest) -> HttpResponse | None:
    """A document is as public as a live page that offers it."""
    if file_visible_to(document, request.user):
        return None
    return refuse_file(request)


@hooks.register("construct_help_menu")
def no_outside_guides(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's help lies on a host that a closed network does not reach."""
    menu_items.clear()
