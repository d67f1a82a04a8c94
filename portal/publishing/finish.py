"""What happens when the last review of a page is approved.

Wagtail imports this module while its own models are still being defined, so it must not
import any model.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.archives.actors import acting
from portal.publishing.refusals import PublishingRefused


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision the last reviewer saw. Named by WAGTAIL_FINISH_WORKFLOW_ACTION.

    Raises:
        PublishingRefused: the workflow was finished through the web by another way than the
            review, for example by a workflow of somebody's own. With a date in the future
            nothing goes live now, so the barrier at the capture would not be asked.
    """
    revision = workflow_state.current_task_state.revision
    context = acting()
    if context.in_request and int(revision.object_id) not in context.approved_page_ids:
        raise PublishingRefused(
            _("Drafts are approved and returned on the review page, where the draft is shown.")
        )
    # The right to publish comes from the approval itself; nobody holds it as a permission.
    revision.publish(user=user, skip_permission_checks=True)
