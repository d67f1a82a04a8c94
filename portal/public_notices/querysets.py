"""Reads over notices and objections, and who sees which."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from portal.public_notices.models import Objection, PublicNotice  # noqa: F401


class NoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Sets of notices."""

    def of_owner(self, owner_kind: str, owner_id: str) -> NoticeQuerySet:
        """Notices of one owner."""
        return self.filter(owner_kind=owner_kind, owner_id=owner_id)

    def due(self, today: datetime.date) -> NoticeQuerySet:
        """Running notices whose last day has passed."""
        from portal.public_notices.models import NoticeState

        return self.filter(state=NoticeState.RUNNING, ends_on__lt=today)


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Sets of objections."""

    def open(self) -> ObjectionQuerySet:
        """Objections that wait for their answer."""
        from portal.public_notices.models import ObjectionState

        return self.filter(state=ObjectionState.OPEN)

    def of_owner(self, owner_kind: str, owner_id: str) -> ObjectionQuerySet:
        """Objections to any notice of one owner."""
        return self.filter(notice__owner_kind=owner_kind, notice__owner_id=owner_id)

    def in_office_of(self, user: Any) -> ObjectionQuerySet:
        """Objections that the account reads in its office: its sections and units, or as auditor.

        One's own objections and those to notices about oneself are not among them.
        """
        from portal.public_notices.permissions import reads_all_objections, reviewed_units

        if not user.is_authenticated or not user.is_active or user.person_id is None:
            return self.none()
        condition = models.Q(pk__in=[])
        if reads_all_objections(user):
            condition = models.Q()
        else:
            for section, units in reviewed_units(user).items():
                of_section = models.Q(notice__section=section)
                if units is None:
                    condition |= of_section
                    continue
                for unit in units:
                    condition |= of_section & models.Q(notice__unit__path__startswith=unit.path)
        # The name of the one who objects is not shown to those whom the notice names.
        about_oneself = self.model.objects.filter(notice__subjects=user.person_id).values("pk")
        return self.filter(condition).exclude(raised_by=user.pk).exclude(pk__in=about_oneself)
