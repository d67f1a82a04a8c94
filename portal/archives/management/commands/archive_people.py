"""Write who is in records that have nobody yet: once, after an upgrade."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.archives.models import Record, RenderStatus
from portal.archives.retrieval.people import write_people

PROGRESS_EVERY = 1_000


class Command(BaseCommand):
    """Safe to repeat and to stop at any time."""

    help = "Write who made and who is named in records whose files were made before that was kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the records without people, newest first."""
        waiting = Record.objects.filter(render__status=RenderStatus.DONE, people__isnull=True)
        read = 0
        for record in waiting.order_by("-captured_at").iterator(200):
            write_people(record)
            read += 1
            if read % PROGRESS_EVERY == 0:
                self.stderr.write(str(read))
        self.stdout.write(f"{read} records read.")
