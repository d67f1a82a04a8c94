"""What the portal's pages add to the Wagtail admin: its colours and Chinese fonts."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_theme() -> SafeString:
    """Load the red theme after Wagtail's own style sheet."""
    return format_html('<link rel="stylesheet" href="{}">', static("portal/css/admin.css"))
