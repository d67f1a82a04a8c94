"""Register the review in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from portal.publishing import action_menu, views
from portal.publishing.bulk_actions import (
    PUBLISHING_ACTIONS,
    hide_foreign_items,
    hide_publishing_actions,
)
from portal.publishing.notifications import switch_off_mails
from portal.publishing.refusals import PublishingRefused
from portal.publishing.reviews import reviewable_by
from portal.roles.permissions import is_staff_member

# This module is loaded after wagtail.admin has connected its mails.
switch_off_mails()
hide_foreign_items()
hide_publishing_actions()


@hooks.register("register_admin_urls")
def register_review_urls() -> list[URLPattern]:
    """The review pages."""
    return [
        path("reviews/", views.reviews, name="reviews"),
        path("reviews/<int:task_state_id>/", views.review, name="review"),
        path(
            "reviews/<int:task_state_id>/preview/<int:revision_id>/",
            views.review_preview,
            name="review_preview",
        ),
        path(
            "reviews/<int:task_state_id>/difference/<int:revision_id_a>/<int:revision_id_b>/",
            views.review_difference,
            name="review_difference",
        ),
    ]


class ReviewsMenuItem(MenuItem):
    """Shown to everybody with a staff role; the list itself says what waits."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the account has a staff role."""
        return is_staff_member(request.user)


@hooks.register("register_admin_menu_item")
def register_reviews_menu_item() -> MenuItem:
    """“To review” in the main menu."""
    return ReviewsMenuItem(
        _("To review"), reverse("reviews"), name="reviews", icon_name="check", order=90
    )


@hooks.register("register_page_action_menu_item")
def register_review_menu_item() -> action_menu.ReviewMenuItem:
    """“Review this draft” in the editor."""
    return action_menu.ReviewMenuItem()


@hooks.register("construct_page_action_menu")
def arrange_action_menu(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    """Submitting for review is the first thing an author does with a draft."""
    action_menu.arrange(menu_items)


@hooks.register("construct_homepage_panels")
def add_reviews_panel(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for review, on the dashboard."""
    from portal.publishing.panels import ReviewsPanel

    states = reviewable_by(request.user)
    if states:
        panels.append(ReviewsPanel(states[:5], len(states)))


@hooks.register("construct_page_chooser_queryset")
def offer_own_pages_only(pages: Any, request: HttpRequest) -> Any:
    """The page chooser, its search included, shows what the explorer shows, and not more."""
    own = page_permission_policy.explorable_instances(request.user)
    return pages.filter(pk__in=own.values("pk"))


@hooks.register("before_move_page")
def refuse_foreign_moves(request: HttpRequest, page: Any, destination: Any) -> None:
    """Wagtail asks for the right to move only when the move is confirmed.

    Raises:
        PermissionDenied: the account may not move this page to this place.
    """
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


@hooks.register("before_edit_page")
def refuse_workflow_buttons(request: HttpRequest, page: Any) -> None:
    """Wagtail's approve button in the editor is not offered, so nobody may post it either."""
    if request.method == "POST" and request.POST.get("action-workflow-action"):
        raise PublishingRefused(
            _("Drafts are approved and returned on the review page, where the draft is shown.")
        )


@hooks.register("before_bulk_action")
def refuse_bulk_publishing(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> None:
    """Bulk actions skip the page hooks, so bulk publishing is refused by name as well."""
    if action_type in PUBLISHING_ACTIONS:
        raise PublishingRefused(
            _("Pages go live only through review by a second person. Submit them for review.")
        )
