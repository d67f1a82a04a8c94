"""The worker's part: send what waits, at least once, and put aside what cannot be sent."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from portal import leases
from portal.leases import WorkStatus
from portal.notifications.channels import ChannelDown, NotNow, Sender, Undeliverable
from portal.notifications.channels.email import EmailSender
from portal.notifications.channels.sms import SmsSender
from portal.notifications.models import Channel, FailureReason, Message, Outbox
from portal.personal_data.encryption import UnreadableValue

logger = logging.getLogger(__name__)

# How long a channel is left alone after the other side did not answer.
PAUSE = datetime.timedelta(seconds=60)
# What could not be sent in this time is of no use any more.
EXPIRES = datetime.timedelta(days=7)

DeadLetter = Callable[[Outbox], None]
_dead_letter_callbacks: dict[str, DeadLetter] = {}


def register_dead_letter(code: str, callback: DeadLetter) -> None:
    """Register what follows when a message was put aside, such as a call by a clerk.

    The callback runs after the row is written; what it raises is logged.
    """
    _dead_letter_callbacks[code] = callback


@dataclass
class Deliverer:
    """One worker's way of sending: its connections, and the channels it leaves alone for now."""

    worker: str
    senders: dict[str, Sender] = field(
        default_factory=lambda: {Channel.EMAIL.value: EmailSender(), Channel.SMS.value: SmsSender()}
    )
    paused_until: dict[str, datetime.datetime] = field(default_factory=dict)

    def work_once(self) -> bool:
        """Send one message; False when nothing is due on a channel that answers."""
        row = self._take()
        if row is None:
            for sender in self.senders.values():
                sender.rest()
            return False
        try:
            self._deliver(row)
        except leases.LeaseLost:
            logger.warning("Another worker took over outgoing message %s.", row.pk)
        return True

    def work_all(self) -> int:
        """Send everything that is due now; return how many messages were tried."""
        count = 0
        while self.work_once():
            count += 1
        return count

    def _take(self) -> Outbox | None:
        now = timezone.now()
        paused = [channel for channel, until in self.paused_until.items() if until > now]
        return leases.take(Outbox, self.worker, ~Q(channel__in=paused))

    def _deliver(self, row: Outbox) -> None:
        if row.created_at < timezone.now() - EXPIRES:
            self._put_aside(row, FailureReason.EXPIRED)
            return
        try:
            with leases.heartbeat(row), override(settings.LANGUAGE_CODE):
                receipt = self.senders[row.channel].send(row)
        except ChannelDown:
            # The words of the error would hold addresses; the channel is all there is to know.
            logger.warning("The channel %s does not answer.", row.channel)
            until = timezone.now() + PAUSE
            self.paused_until[row.channel] = until
            leases.postpone(row, until, FailureReason.CHANNEL_DOWN)
        except UnreadableValue:
            logger.error("The address of outgoing message %s cannot be decrypted.", row.pk)
            self._put_aside(row, FailureReason.UNREADABLE)
        except NotNow as error:
            if leases.give_back(row, error, FailureReason.REFUSED):
                self._tell(row)
        except Undeliverable as refused:
            logger.warning("Outgoing message %s cannot be sent: %s.", row.pk, refused.reason)
            self._put_aside(row, refused.reason)
        except Exception as error:
            # Whatever is wrong with one message must neither stop the worker nor be lost. The
            # trace is logged, the words of the error are not: they may hold an address.
            logger.error("Outgoing message %s failed: %s.", row.pk, type(error).__name__)
            if leases.give_back(row, error, FailureReason.FAILED):
                self._tell(row)
        else:
            leases.close(row, WorkStatus.DONE, receipt=receipt, address="")

    def _put_aside(self, row: Outbox, reason: str) -> None:
        leases.close(row, WorkStatus.DEAD, last_error=reason)
        self._tell(row)

    def _tell(self, row: Outbox) -> None:
        for code, callback in _dead_letter_callbacks.items():
            try:
                callback(row)
            except Exception:
                logger.exception("What follows a dead letter failed: %s.", code)


def tidy() -> str:
    """Forget what was sent or read long ago; the daily job.

    Returns:
        A line for the log.
    """
    before = timezone.now() - datetime.timedelta(days=settings.NOTIFICATION_KEEP_DAYS)
    sent, _rows = Outbox.objects.filter(status=WorkStatus.DONE, finished_at__lt=before).delete()
    read, _rows = Message.objects.filter(read_at__lt=before).delete()
    return f"{sent} sent and {read} read messages forgotten"
