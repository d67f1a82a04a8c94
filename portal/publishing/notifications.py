"""What Wagtail would tell by e-mail about reviews is told inside the portal instead.

Wagtail mails superusers when a draft is submitted, and authors when it is approved or
returned, with words and links of its own workflow. Here the dashboard, “To review” and the
workspace say it, and a mail server that is down never holds up a decision.
"""

from __future__ import annotations

from wagtail.models import TaskState, WorkflowState
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

# (signal, sender, name under which wagtail.admin connects its mail)
MAILS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)


def switch_off_mails() -> list[bool]:
    """Disconnect Wagtail's four workflow mails; says for each whether it was connected."""
    return [
        bool(signal.disconnect(sender=sender, dispatch_uid=name)) for signal, sender, name in MAILS
    ]
