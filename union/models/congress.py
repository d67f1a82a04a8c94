"""The workers' congress (职工代表大会): terms, sessions and delegates."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person

_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 in Chinese: 十, 二十三."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


class CongressTerm(models.Model):
    """One term (届) of the congress, for which delegates are elected.

    Source of the length, three to five years: 上海市职工代表大会条例第二十八条 (a local law).
    """

    number = models.PositiveSmallIntegerField(pgettext_lazy("congress", "term"), unique=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        verbose_name = _("term of the workers' congress")
        verbose_name_plural = _("terms of the workers' congress")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=99), name="union_term_number"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="union_term_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"第{chinese_number(self.number)}届"


class CongressSession(models.Model):
    """One session (次) of a term, with the days on which proposals are collected.

    Attributes:
        opens_on: first day of the collection window (征集), `closes_on` its last day.
        held_on: the day the congress meets.
        last_number: the last proposal number issued; only grows.
    """

    term = models.ForeignKey(CongressTerm, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(pgettext_lazy("congress", "session"))
    opens_on = models.DateField(_("collection opens on"))
    closes_on = models.DateField(_("collection closes on"))
    held_on = models.DateField(_("congress meets on"))
    last_number = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("session of the workers' congress")
        verbose_name_plural = _("sessions of the workers' congress")
        ordering = ["-term__number", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="union_session_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=99), name="union_session_number"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on"), held_on__gte=F("closes_on")),
                name="union_session_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term}{chinese_number(self.number)}次职工代表大会"

    def collects_on(self, day: datetime.date) -> bool:
        """Whether proposals are taken and seconded on a day."""
        return self.opens_on <= day <= self.closes_on

    def proposal_number(self, sequence: int) -> str:
        """Return 届-次-序, for example 10-3-007."""
        return f"{self.term.number}-{self.number}-{sequence:03d}"


class DelegateQuerySet(models.QuerySet["Delegate"]):
    """Sets of delegates."""

    def standing_on(self, day: datetime.date) -> DelegateQuerySet:
        """Delegates whose mandate counts on a day."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            valid_from__lte=day,
            term__starts_on__lte=day,
            term__ends_on__gte=day,
        )

    def of_account(self, user: Any, day: datetime.date) -> DelegateQuerySet:
        """The mandates of an account on a day."""
        person = getattr(user, "person_id", None)
        if person is None or not getattr(user, "is_active", False):
            return self.none()
        return self.standing_on(day).filter(person=person)


class Delegate(models.Model):
    """A delegate (职工代表) of one term, elected in a unit.

    Attributes:
        valid_to: the last day of the mandate where it ended before the term; None otherwise.
    """

    term = models.ForeignKey(CongressTerm, on_delete=models.PROTECT, related_name="delegates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    unit = models.ForeignKey(
        Unit,
        verbose_name=pgettext_lazy("congress", "delegation"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[DelegateQuerySet] = DelegateQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering = ["unit__path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "person"], name="union_delegate_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="union_delegate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
