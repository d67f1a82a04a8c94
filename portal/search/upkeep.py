"""What the search index needs once a day."""

from __future__ import annotations

from django.core.management import call_command


def daily() -> str:
    """Index what changed without being saved, such as a renamed unit; forget what is gone."""
    call_command("update_index", verbosity=0)
    return "search index brought up to date"
