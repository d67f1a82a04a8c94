"""The body field of all pages."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class StoryField(StreamField):
    """A StreamField whose migrations do not repeat the block definitions.

    All pages share one body, so each change of a block would otherwise write a migration of
    several hundred lines for every page type. The price: a data migration sees the raw JSON,
    not block values.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from portal.pages.blocks import StoryBlock

        super().__init__(*(args or (StoryBlock(),)), **kwargs)

    def deconstruct(self) -> Any:
        """Leave out the blocks, which are the same for every page."""
        name, path, _arguments, keywords = super().deconstruct()
        keywords.pop("block_lookup", None)
        return name, path, [], keywords
