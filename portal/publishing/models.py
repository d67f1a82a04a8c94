"""The review step of the publishing workflow."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from portal.roles.permissions import may_review


class FourEyesTask(Task):
    """A review by somebody who may review the section and did not write the page.

    The approve and return buttons live on the review page, which carries the revision that
    was seen; Wagtail's own buttons, which approve whatever is newest, are not offered.
    """

    class Meta:
        verbose_name = _("four-eyes review")
        verbose_name_plural = _("four-eyes reviews")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Reviewers may open the editor of the page under review."""
        page = obj.specific
        return may_review(user, getattr(page, "section", ""), page.get_unit())

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody is locked out: a draft saved meanwhile is noticed at approval."""
        return False

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        """Review gives no right to lock."""
        return False

    def user_can_unlock(self, obj: Any, user: Any) -> bool:
        """Review gives no right to unlock."""
        return False

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer nothing here, so that Wagtail's approve address refuses everybody."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """The reviews this account could decide now."""
        from portal.publishing.reviews import reviewable_by

        return TaskState.objects.filter(
            pk__in=[state.pk for state in reviewable_by(user) if state.task_id == self.pk]
        )

    @classmethod
    def get_description(cls) -> Any:
        """What the task does, for the workflow settings."""
        return _("A second person, who may review the section, approves the revision that was seen")
