"""The secret address under which a calendar program reads what an account is expected at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AgendaFeed(models.Model):
    """One subscription of an account; a new address ends the old one.

    Attributes:
        digest: keyed digest of the secret in the address, which is shown once and kept nowhere.
        read_on: the last day on which a program fetched it.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agenda_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    read_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")

    def __str__(self) -> str:
        return f"AgendaFeed {self.pk}"
