"""The blocks of a page body."""

from __future__ import annotations

from portal.pages.blocks.story import StoryBlock

__all__ = ["StoryBlock"]
