"""Kinds of personal data.

Source: PIPL 28 (sensitive personal information) and GB/T 35273 annex B.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SensitiveKind(models.TextChoices):
    """Kinds that need a separate consent (PIPL 29)."""

    IDENTITY = "identity", _("Identity document")
    HEALTH = "health", _("Health and disability")
    BANK = "bank", _("Bank account")
    STATUS = "status", _("Special identity (service, martyrs' family)")
    FAMILY = "family", _("Family and relatives")
    INCOME = "income", _("Income and hardship")
    CHILD = "child", _("Child under 14")
