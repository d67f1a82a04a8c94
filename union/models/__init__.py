"""Pages and facts of the union."""

from __future__ import annotations

from union.models.pages import UnionIndexPage, UnionNewsPage

__all__ = ["UnionIndexPage", "UnionNewsPage"]
