"""The worker process: makes the files of records, sends messages, publishes what is due."""

from __future__ import annotations

import datetime
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.core.management import CommandParser, call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import leases
from portal.archives import renders, schedule, store, triggers
from portal.archives.access import sealing
from portal.archives.attachments import conversion
from portal.archives.attachments import services as attachments
from portal.archives.deliveries import services as deliveries
from portal.archives.fixity import repairs
from portal.archives.legacy import services as legacy
from portal.archives.pool import processing
from portal.archives.tree import nodes
from portal.minute_jobs import MINUTE_JOBS
from portal.notifications.delivery import Deliverer
from portal.worker_jobs import WORKER_JOBS

logger = logging.getLogger(__name__)

# Of each minute; the files of new records go first.
SEALING_SECONDS = 10
REPAIR_SECONDS = 20


def guarded(name: str, work: Callable[[], object]) -> None:
    """Do something beside the making of files; what fails is logged and the worker goes on."""
    try:
        work()
    except Exception:
        # The worker is the only one that makes files; it must outlive every bad job.
        logger.exception("%s failed.", name)


class Command(BaseCommand):
    """Run until stopped; finishes what it has begun when asked to stop."""

    help = "Make the files of archive records, publish scheduled pages, run daily jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read how to run."""
        parser.add_argument("--once", action="store_true", help="work off what is due and stop")
        parser.add_argument("--pause", type=float, default=1.0, help="seconds between two looks")
        parser.add_argument("--no-schedule", action="store_true", help="only make files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse to start without the ledger's triggers, then work."""
        if missing := triggers.missing(connection):
            raise CommandError(
                _("The ledger is not protected: %(names)s. Run migrate.")
                % {"names": ", ".join(missing)}
            )
        self.stopping = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_arguments: self.stopping.set())
        self.next_minute = timezone.now()
        self.last_day: datetime.date | None = None
        self.last_job = ""
        worker = leases.worker_name()
        self.deliverer = Deliverer(worker)
        guarded("Clearing the store", store.sweep)
        guarded("Clearing after conversions", conversion.sweep)
        guarded("Trying conversions again", attachments.retry_without_program)
        while not self.stopping.is_set():
            if not options["no_schedule"]:
                self.run_schedule()
            # People are told beside the making of files, whichever there is more of.
            told = self.deliver_once()
            busy = renders.work_once(worker) or attachments.work_once(worker)
            if not busy:
                busy = legacy.work_once(worker)
            if not busy:
                busy = processing.work_once()
            if not busy:
                busy = self.work_for_subjects(worker)
            busy = busy or told
            if options["once"] and not busy:
                return
            if not busy:
                close_old_connections()
                self.stopping.wait(options["pause"])

    def work_for_subjects(self, worker: str) -> bool:
        """Do one piece of the work that waits, each kind in its turn; False when none does."""
        codes = list(WORKER_JOBS)
        turn = codes.index(self.last_job) + 1 if self.last_job in codes else 0
        for code in codes[turn:] + codes[:turn]:
            try:
                if WORKER_JOBS[code](worker):
                    self.last_job = code
                    return True
            except Exception:
                # As with the jobs: one that fails must not keep the others waiting.
                logger.exception("%s failed.", code)
        return False

    def deliver_once(self) -> bool:
        """Send one message that waits; False when none does or the sending itself failed."""
        try:
            return self.deliverer.work_once()
        except Exception:
            # As with the jobs: files are made whatever is wrong with the messages.
            logger.exception("Sending messages failed.")
            return False

    def run_schedule(self) -> None:
        """Publish what is due every minute and run the daily jobs once a day."""
        now = timezone.now()
        if now >= self.next_minute:
            self.next_minute = now + datetime.timedelta(minutes=1)
            guarded("Scheduled publishing", schedule.publish_due)
            guarded("Clearing the store", store.sweep)
            guarded("Clearing uploaded catalogues", legacy.tidy)
            guarded("Clearing delivered files", deliveries.tidy)
            guarded("Sealing records", lambda: sealing.work(seconds=SEALING_SECONDS))
            guarded("Repairing files", lambda: repairs.work_ordered(REPAIR_SECONDS))
            guarded("Growing the tree over the ledger", nodes.fill)
            for code, run in MINUTE_JOBS.items():
                guarded(code, run)
        if self.last_day != timezone.localdate():
            self.last_day = timezone.localdate()
            if "daily_jobs" in get_commands():
                guarded("The daily jobs", lambda: call_command("daily_jobs"))
