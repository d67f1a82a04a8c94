"""The same portal with stock engines and Wagtail's own end of a review: nothing is captured."""

from __future__ import annotations

from tests.benchmarks.publish_settings import *  # noqa: F403
from tests.benchmarks.publish_settings import DATABASES, MIDDLEWARE

DATABASES["default"]["ENGINE"] = DATABASES["default"]["ENGINE"].replace(
    "portal.publishing.database", "django.db.backends"
)
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("portal.publishing")]
WAGTAIL_FINISH_WORKFLOW_ACTION = "wagtail.workflows.publish_workflow_state"
