"""The buttons at the foot of Wagtail's page editor."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.action_menu import ActionMenuItem

from portal.publishing.reviews import open_review_of
from portal.roles.permissions import may_review


class SubmitMenuItem(ActionMenuItem):  # type: ignore[misc]
    """“Submit for review”: what an author does with a finished draft."""

    name = "action-submit"
    label = _("Submit for review")
    icon_name = "resubmit"


class ReviewMenuItem(ActionMenuItem):  # type: ignore[misc]
    """“Review this draft”: leads a reviewer from the editor to the review page."""

    name = "portal-review"
    label = _("Review this draft")
    icon_name = "check"
    order = 70

    def is_shown(self, context: dict[str, Any]) -> bool:
        """While a review is open, to those who may review the page."""
        page = context.get("page")
        if context["view"] == "create" or page is None or open_review_of(page) is None:
            return False
        user = context["request"].user
        return may_review(user, getattr(page, "section", ""), page.get_unit())

    def get_url(self, parent_context: dict[str, Any]) -> str:
        """The review page."""
        return reverse("review", args=[parent_context["page"].current_workflow_task_state.pk])


def arrange(menu_items: list[Any]) -> None:
    """Put submitting first, under the portal's name for it, and never offer to publish."""
    submit = next((item for item in menu_items if item.name == SubmitMenuItem.name), None)
    menu_items[:] = [
        item for item in menu_items if item.name not in ("action-publish", SubmitMenuItem.name)
    ]
    if submit is not None:
        menu_items.insert(0, SubmitMenuItem())
