"""What Wagtail's bulk actions show of items that an account may not act on."""

from __future__ import annotations

import functools
from typing import Any

from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtailmedia.permissions import permission_policy as media_policy

# Nobody publishes alone: their addresses refuse everybody, and no list offers them.
PUBLISHING_ACTIONS = {"publish"}
FILE_ACTIONS = {"add", "change", "delete", "choose"}


def _may_see(user: Any, items: list[Any]) -> list[Any]:
    from portal.pages.models import PortalDocument, PortalImage, PortalMedia

    policies = {
        PortalImage: image_policy,
        PortalDocument: document_policy,
        PortalMedia: media_policy,
    }
    pages = set(
        page_permission_policy.explorable_instances(user)
        .filter(pk__in=[item.pk for item in items if isinstance(item, Page)])
        .values_list("pk", flat=True)
    )
    return [
        item
        for item in items
        if (isinstance(item, Page) and item.pk in pages)
        or (
            type(item) in policies
            and policies[type(item)].user_has_any_permission_for_instance(user, FILE_ACTIONS, item)
        )
    ]


def hide_foreign_items() -> None:
    """Let bulk actions name only items that the account may see.

    Wagtail's confirmation names every item whose number stands in the address, also those of
    other units, as “no permission”. There is no hook before that page, so the one method that
    collects the items is wrapped, once.
    """
    original = BulkAction.get_actionable_objects
    if hasattr(original, "__wrapped__"):
        return

    @functools.wraps(original)
    def collected(self: Any) -> tuple[list[Any], dict[str, Any]]:
        objects, notes = original(self)
        for name, items in notes.items():
            if name.startswith("items_with") and items:
                notes[name] = _may_see(self.request.user, list(items))
        return objects, notes

    BulkAction.get_actionable_objects = collected


def hide_publishing_actions() -> None:
    """Let no list offer what is refused to everybody; the registry still knows the actions.

    Wagtail asks nobody before it draws the buttons, so the one method that names them is wrapped,
    once.
    """
    original = bulk_action_registry.get_bulk_actions_for_model
    if hasattr(original, "__wrapped__"):
        return

    @functools.wraps(original)
    def offered(app_label: str, model_name: str) -> list[Any]:
        actions = original(app_label, model_name)
        return [action for action in actions if action.action_type not in PUBLISHING_ACTIONS]

    bulk_action_registry.get_bulk_actions_for_model = offered
