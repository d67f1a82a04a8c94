"""What happens when the last review of a page is approved.

Wagtail imports this module while its own models are still being defined, so it must not
import any model.
"""

from __future__ import annotations

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision the last reviewer saw. Named by WAGTAIL_FINISH_WORKFLOW_ACTION."""
    revision = workflow_state.current_task_state.revision
    # The right to publish comes from the approval itself; nobody holds it as a permission.
    revision.publish(user=user, skip_permission_checks=True)
