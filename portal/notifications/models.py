"""What people are told: messages in the portal, and what goes out by e-mail and SMS."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.leases import LeasedWork, WorkStatus
from portal.notifications.messages import NEWS_TEXT, NEWS_TITLE, Words, message_kind, words
from portal.notifications.querysets import MessageQuerySet, OutboxManager
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField

EVENT_KEY_LENGTH = 200
URL_LENGTH = 300


class Message(models.Model):
    """One message in the portal, for one account; its words are made when they are read."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages"
    )
    code = models.CharField(_("message"), max_length=60)
    variables = models.JSONField(default=dict)
    url = models.CharField(max_length=URL_LENGTH, blank=True)
    event_key = models.CharField(max_length=EVENT_KEY_LENGTH)
    created_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["user", "event_key"], name="notifications_message_once")
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notifications_inbox"),
            models.Index(
                fields=["user"], condition=models.Q(read_at=None), name="notifications_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.code}"

    @property
    def words(self) -> Words:
        """Title and text in the language that is active."""
        return words(self.code, self.variables)


class Channel(models.TextChoices):
    """The ways out of the portal."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class DeliveryStatus(models.TextChoices):
    """Where a message on its way out stands: the states of leased work, in words."""

    WAITING = WorkStatus.WAITING.value, _("Waiting")
    LEASED = WorkStatus.LEASED.value, _("Being sent")
    DONE = WorkStatus.DONE.value, _("Sent")
    DEAD = WorkStatus.DEAD.value, _("Put aside")


class FailureReason(models.TextChoices):
    """Why a message could not be sent. The words of mail servers would hold addresses."""

    CHANNEL_DOWN = "channel-down", _("The server does not answer")
    REFUSED = "refused", _("The address was refused")
    NO_TEMPLATE = "no-template", _("The SMS gateway has no template for it")
    EXPIRED = "expired", _("Too old to be of use")
    UNREADABLE = "unreadable", _("The address cannot be decrypted")
    DIED = "died", _("The sending broke off each time")
    FAILED = "failed", _("An unknown error; see the log of the server")


class Outbox(LeasedWork):
    """One message on its way out of the portal, to one address.

    It is sent at least once: a worker that dies after sending and before saying so leaves a row
    that is sent again, with the same `reference`, by which the other side can tell.
    """

    # Half a minute, a minute, … an hour: about three hours in all. While the whole server is
    # down nothing of this is used up.
    max_attempts = 10
    retry_base_seconds = 30
    retry_longest_seconds = 3600

    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    recipient = models.CharField(max_length=80)
    event_key = models.CharField(max_length=EVENT_KEY_LENGTH)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # Empty once the message is sent: then nobody needs it any more.
    address = EncryptedTextField(_("address"), blank=True, default="")
    masked_address = models.CharField(_("address"), max_length=100, blank=True)
    code = models.CharField(_("message"), max_length=60)
    variables = models.JSONField(default=dict)
    url = models.CharField(max_length=URL_LENGTH, blank=True)
    sensitive = models.BooleanField(default=False)
    reference = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    # What the gateway answered.
    receipt = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(_("written at"))

    objects = OutboxManager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        constraints = [
            models.UniqueConstraint(
                fields=["event_key", "recipient", "channel"], name="notifications_outbox_once"
            )
        ]
        indexes = [
            models.Index(fields=["status", "available_at"], name="notifications_outbox_next")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.channel} {self.code}"

    @property
    def kind_title(self) -> str:
        """What kind of message it is, without what it is filled with."""
        try:
            return str(message_kind(self.code).title)
        except LookupError:
            return self.code

    def shown_words(self) -> Words:
        """Return title and text; of a sensitive matter only that there is news."""
        if self.is_sensitive:
            return Words(str(NEWS_TITLE), str(NEWS_TEXT))
        return words(self.code, self.variables)

    @property
    def is_sensitive(self) -> bool:
        """Whether the message or its kind is sensitive; a kind that is retired counts as such."""
        try:
            return self.sensitive or message_kind(self.code).sensitive
        except LookupError:
            return True
