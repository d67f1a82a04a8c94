"""What the review shows on Wagtail's dashboard."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component


class ReviewsPanel(Component):
    """The oldest reviews that wait for this account."""

    name = "portal_reviews"
    template_name = "publishing/reviews_panel.html"
    order = 90

    def __init__(self, states: list[Any], total: int) -> None:
        self.states = states
        self.total = total

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The states and how many there are in all."""
        return {"states": self.states, "total": self.total}
