"""What compilations add to the Wagtail admin: the dialogue in which records are chosen."""

from __future__ import annotations

from wagtail import hooks

from portal.compilations.choosers import RecordChooserViewSet


@hooks.register("register_admin_viewset")
def record_chooser() -> RecordChooserViewSet:
    """Register the addresses of the dialogue."""
    return RecordChooserViewSet("record_chooser", url_prefix="record-chooser")
