"""The ways on which a message reaches people, and what can go wrong on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portal.notifications.models import Outbox

# What NOTIFICATION_CHANNELS may name.
CHANNELS = ("in-site", "email", "sms")


class ChannelDown(Exception):
    """The other side as a whole does not answer; every message of the channel waits."""


class NotNow(Exception):
    """This message was not taken at the moment; others may be, and it is tried again."""


class Undeliverable(Exception):
    """This message can never be sent as it is.

    Attributes:
        reason: a `FailureReason`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Sender(Protocol):
    """What sends the messages of one channel."""

    def send(self, row: Outbox) -> str:
        """Send one message; return what the other side answered, 100 characters at most.

        Raises:
            ChannelDown: nothing can be sent at the moment.
            NotNow: this message was not taken at the moment.
            Undeliverable: this message can never be sent.
        """

    def rest(self) -> None:
        """Let go of what is held open while nothing is to be sent."""
