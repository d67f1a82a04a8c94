"""What follows from Wagtail's actions on branch pages."""

from __future__ import annotations

from typing import Any

from wagtail.signals import post_page_move


def _moved(sender: Any, instance: Any, parent_page_after: Any, **kwargs: Any) -> None:
    from branches.models import ActivityPage

    if issubclass(instance.specific_class or type(instance), ActivityPage):
        ActivityPage.follow_move(instance.pk, parent_page_after)


def connect() -> None:
    """Listen to moves."""
    post_page_move.connect(_moved, dispatch_uid="branches.signals.moved")
