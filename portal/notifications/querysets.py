"""Reads over messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from portal.leases import WorkStatus

if TYPE_CHECKING:
    from portal.notifications.models import Message, Outbox  # noqa: F401  named in strings


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of messages in the portal."""

    def visible_to(self, user: Any) -> MessageQuerySet:
        """The messages of an account: its own and no other."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> MessageQuerySet:
        """Messages that were not opened yet."""
        return self.filter(read_at=None)

    def newest_first(self) -> MessageQuerySet:
        """In the order of the inbox."""
        return self.order_by("-created_at", "-pk")


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Sets of messages on their way out."""

    def dead(self) -> OutboxQuerySet:
        """Messages that were put aside, newest first."""
        return self.filter(status=WorkStatus.DEAD).order_by("-finished_at", "-pk")

    def waiting(self) -> OutboxQuerySet:
        """Messages that are still to be sent."""
        return self.filter(status__in=[WorkStatus.WAITING, WorkStatus.LEASED])


class OutboxManager(models.Manager.from_queryset(OutboxQuerySet)):  # type: ignore[misc]
    """Messages on their way out, without their addresses until somebody needs one.

    Who lists or leases rows decrypts nothing, and one address that no key opens stops nobody.
    """

    def get_queryset(self) -> OutboxQuerySet:
        """Leave the address where it is."""
        rows: OutboxQuerySet = super().get_queryset().defer("address")
        return rows
