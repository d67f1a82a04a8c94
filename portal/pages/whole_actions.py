"""Every action of Wagtail that changes what is live is one transaction, its log included.

Stock Wagtail commits the page first and writes its log entry, aliases and signals afterwards;
a process killed in between leaves live pages without them. The views, the commands and the
programming interface use these actions in turn or side by side, some on the plain `Page`
class, so the actions themselves are wrapped: the one place that every route passes. What is
saved is noticed by Django's own signal. `tests/permissions/test_versions.py` says which
versions of Wagtail this was read against.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_save
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from portal.archives.queue import whole_transaction
from portal.publishing.queue import page_touched

ACTIONS: tuple[type[Any], ...] = (
    PublishRevisionAction,
    UnpublishAction,
    UnpublishPageAction,
    CopyPageAction,
    CopyPageForTranslationAction,
    CreatePageAliasAction,
    ConvertAliasPageAction,
    MovePageAction,
    DeletePageAction,
)


def _whole(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def whole(*args: Any, **kwargs: Any) -> Any:
        with whole_transaction():
            return execute(*args, **kwargs)

    return whole


def _saved(sender: Any, instance: Any, **kwargs: Any) -> None:
    # Wagtail saves a page inside a transaction and sends this in it. Whether anything new went
    # live is decided before the commit from the database, never from this object, which may
    # hold a draft.
    if isinstance(instance, Page) and not kwargs.get("raw"):
        page_touched(instance)


def connect() -> None:
    """Listen to saved pages and wrap the actions, once."""
    post_save.connect(_saved, dispatch_uid="portal.pages.whole_actions.saved")
    for action in ACTIONS:
        if "execute" in vars(action) and not hasattr(action.execute, "__wrapped__"):
            action.execute = _whole(action.execute)


def disconnect() -> None:
    """Undo it, for measurements against stock Wagtail."""
    post_save.disconnect(dispatch_uid="portal.pages.whole_actions.saved")
    for action in ACTIONS:
        if "execute" in vars(action):
            action.execute = getattr(action.execute, "__wrapped__", action.execute)
