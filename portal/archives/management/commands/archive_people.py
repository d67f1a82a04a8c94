"""Write who is in records that have nobody yet: once, after an upgrade."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.archives.models import Record, RenderStatus
from portal.archives.retrieval.people import write_people
from portal.search.matching import in_batches

PROGRESS_EVERY = 1_000
READ_TOGETHER = 200


class Command(BaseCommand):
    """Safe to repeat and to stop at any time."""

    help = "Write who made and who is named in records whose files were made before that was kept."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the records without people, newest first."""
        waiting = Record.objects.filter(render__status=RenderStatus.DONE, people__isnull=True)
        keys = list(waiting.order_by("-captured_at").values_list("pk", flat=True))
        read = 0
        # No statement stays open while people are written: on SQLite one that does cannot write
        # any more once another process has written.
        for some in in_batches(keys, READ_TOGETHER):
            for record in Record.objects.filter(pk__in=some).order_by("-captured_at"):
                write_people(record)
                read += 1
                if read % PROGRESS_EVERY == 0:
                    self.stderr.write(str(read))
        self.stdout.write(f"{read} records read.")
