"""Party members: membership of branches, transfers, training hours, and what changed when."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models.activities import Activity
from portal.append_only import AppendOnlyTable, register_append_only
from portal.organizations.models import Unit
from portal.people.models import Person
from portal.personal_data.fields import EncryptedTextField
from portal.spreadsheets.waiting import WaitingWorkbook


class PartyMember(models.Model):
    """A Party member. Name, identity number, phone and post at work stay with the person, once.

    Attributes:
        joined_on: accepted as a probationary member (入党日期).
        confirmed_on: became a full member (转正日期); empty during probation.
        probation_until: the end of the probation where it was extended.
    """

    person = models.OneToOneField(
        Person,
        verbose_name=_("person"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="party_member",
    )
    joined_on = models.DateField(_("joined on"))
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    probation_until = models.DateField(_("probation extended to"), null=True, blank=True)

    class Meta:
        verbose_name = _("Party member")
        verbose_name_plural = _("Party members")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=F("joined_on")),
                name="branches_confirmed_after_joining",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def is_full_on(self, day: datetime.date | None = None) -> bool:
        """Whether the member is a full one (正式党员) on a day, today by default."""
        return self.confirmed_on is not None and self.confirmed_on <= (day or timezone.localdate())

    def clean(self) -> None:
        """Refuse days in the wrong order."""
        super().clean()
        if self.confirmed_on and self.joined_on and self.confirmed_on < self.joined_on:
            raise ValidationError({"confirmed_on": _("This day lies before the joining.")})


class Start(models.TextChoices):
    """Why somebody belongs to a branch from a day on."""

    REGISTERED = "registered", pgettext_lazy("membership", "Taken over into the register")
    ADMITTED = "admitted", pgettext_lazy("membership", "Admitted")
    TRANSFERRED_IN = "transferred-in", pgettext_lazy("membership", "Transferred in")
    REGROUPED = "regrouped", pgettext_lazy("membership", "Changed the group")
    REORGANIZED = "reorganized", pgettext_lazy("membership", "The branch was changed")


class End(models.TextChoices):
    """Why somebody does not belong to a branch any more."""

    TRANSFERRED_OUT = "transferred-out", pgettext_lazy("membership", "Transferred out")
    REGROUPED = "regrouped", pgettext_lazy("membership", "Changed the group")
    REORGANIZED = "reorganized", pgettext_lazy("membership", "The branch was changed")
    DIED = "died", pgettext_lazy("membership", "Died")
    LEFT = "left", pgettext_lazy("membership", "Left the Party")
    REMOVED = "removed", pgettext_lazy("membership", "Struck off the list")
    EXPELLED = "expelled", pgettext_lazy("membership", "Expelled")
    NOT_CONFIRMED = "not-confirmed", pgettext_lazy("membership", "Probation ended without it")


class Membership(models.Model):
    """A member belongs to a branch, and to one of its groups, from a day to a day (both included).

    Another group is another row, so that who belonged where on a day stays known. Rows end and
    are never deleted.
    """

    member = models.ForeignKey(
        PartyMember,
        verbose_name=_("Party member"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    branch = models.ForeignKey(
        Unit,
        verbose_name=_("Party branch"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    group = models.ForeignKey(
        Unit,
        verbose_name=_("Party group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="group_memberships",
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    start = models.CharField(_("began by"), max_length=20, choices=Start.choices)
    end = models.CharField(_("ended by"), max_length=20, choices=End.choices, blank=True)

    class Meta:
        verbose_name = _("membership of a branch")
        verbose_name_plural = _("memberships of branches")
        ordering = ["-valid_from", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(valid_to__isnull=True) & Q(end=""))
                | (Q(valid_to__gte=F("valid_from")) & ~Q(end="")),
                name="branches_membership_ends_with_reason",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(valid_to__isnull=True),
                name="branches_one_membership_at_once",
            ),
            models.UniqueConstraint(
                fields=["member", "valid_from"], name="branches_membership_once_a_day"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["branch", "valid_from"], name="branches_membership_of")
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.branch_id} {self.valid_from}"

    @property
    def person(self) -> Person:
        """The human behind it."""
        return self.member.person

    def counts_on(self, day: datetime.date) -> bool:
        """Whether the member belonged to the branch on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class BarKind(models.TextChoices):
    """Why a full member has no vote for a time."""

    PROBATION_WITHIN = "probation-within", pgettext_lazy("no vote", "Probation within the Party")
    DETAINED = "detained", pgettext_lazy("no vote", "Detained")
    ARRESTED = "arrested", pgettext_lazy("no vote", "Arrested")
    SUSPENDED = "suspended", pgettext_lazy("no vote", "Rights suspended")


class VotingBar(models.Model):
    """A time in which a member has no vote and cannot be elected (留党察看 and the like).

    Source: 党章第四十二条; 中国共产党基层组织选举工作条例.

    Attributes:
        document: the decision; encrypted, since it tells of a punishment.
    """

    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="voting_bars")
    kind = models.CharField(
        pgettext_lazy("no vote", "reason"), max_length=20, choices=BarKind.choices
    )
    document = EncryptedTextField(pgettext_lazy("document", "decision"), blank=True, default="")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("time without a vote")
        verbose_name_plural = _("times without a vote")
        ordering = ["-valid_from", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="branches_bar_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class MemberTransfer(models.Model):
    """A member goes from one branch to another, or comes from or goes to an outside organization.

    Inside the enterprise the member stays in the old branch until the new one has received the
    letter. Somebody who goes outside leaves on the day of the letter.

    Attributes:
        letter_number: of the letter of introduction (组织关系介绍信), such as 〔2026〕第12号.
        valid_until: the last day on which the letter may be handed in.
        received_on: the first day in the new branch, or the day of the outside reply (回执).
    """

    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="transfers")
    from_branch = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="transfers_out"
    )
    from_outside = models.CharField(_("from outside organization"), max_length=100, blank=True)
    to_branch = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="transfers_in"
    )
    to_outside = models.CharField(_("to outside organization"), max_length=100, blank=True)
    letter_number = models.CharField(_("number of the letter"), max_length=40)
    letter_date = models.DateField(_("date of the letter"))
    valid_until = models.DateField(_("letter valid until"))
    received_on = models.DateField(pgettext_lazy("letter", "received on"), null=True, blank=True)
    cancelled_on = models.DateField(_("called off on"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("transfer of a member")
        verbose_name_plural = _("transfers of members")
        ordering = ["-letter_date", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_branch__isnull=True)
                | Q(to_branch__isnull=True)
                | ~Q(from_branch=F("to_branch")),
                name="branches_transfer_to_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("letter_date")), name="branches_letter_in_order"
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(received_on__isnull=True, cancelled_on__isnull=True),
                name="branches_one_open_transfer",
            ),
        ]

    def __str__(self) -> str:
        return self.letter_number

    @property
    def is_open(self) -> bool:
        """Whether nobody has received the letter yet."""
        return self.received_on is None and self.cancelled_on is None

    @property
    def origin(self) -> str:
        """Where the member comes from, in words."""
        return self.from_branch.name if self.from_branch else self.from_outside

    @property
    def destination(self) -> str:
        """Where the member goes, in words."""
        return self.to_branch.name if self.to_branch else self.to_outside


class TrainingKind(models.TextChoices):
    """How training hours were earned."""

    CONCENTRATED = "concentrated", pgettext_lazy("training", "Concentrated training")
    CLASS = "class", pgettext_lazy("training", "Party class")
    STUDY = "study", pgettext_lazy("training", "Study with the branch")
    ONLINE = "online", pgettext_lazy("training", "Online study")
    OTHER = "other", pgettext_lazy("training", "Other")


class TrainingHours(models.Model):
    """Hours of training of one member on one day (学时); a day has 8, half a day 4.

    Source: 党员教育管理工作条例.
    """

    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="training")
    day = models.DateField(pgettext_lazy("member", "day"))
    hours = models.DecimalField(
        pgettext_lazy("training", "hours"),
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal("8"))],
    )
    kind = models.CharField(
        pgettext_lazy("training", "kind"), max_length=20, choices=TrainingKind.choices
    )
    topic = models.CharField(_("topic"), max_length=100)
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("training hours")
        verbose_name_plural = _("training hours")
        ordering = ["-day", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "activity"], name="branches_hours_once_an_activity"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="branches_hours_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["member", "day"], name="branches_hours_of")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.hours}"


class Audience(models.TextChoices):
    """Whom a goal of training is for."""

    MEMBER = "member", pgettext_lazy("training", "Members")
    COMMITTEE = "committee", pgettext_lazy("training", "Secretaries and committee members")


class TrainingGoal(models.Model):
    """How many hours a year, from a year on, with the clause; the latest year counts.

    Attributes:
        concentrated: how many concentrated trainings among them, at least.
    """

    audience = models.CharField(_("for"), max_length=20, choices=Audience.choices)
    since_year = models.PositiveSmallIntegerField(_("from the year"))
    hours = models.PositiveSmallIntegerField(pgettext_lazy("training", "hours"))
    concentrated = models.PositiveSmallIntegerField(_("concentrated trainings"), default=0)
    clause = models.CharField(_("clause"), max_length=200)

    class Meta:
        verbose_name = _("goal of training")
        verbose_name_plural = _("goals of training")
        ordering = ["audience", "-since_year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["audience", "since_year"], name="branches_goal_once_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.since_year}"


class ChangeKind(models.TextChoices):
    """What changed for a member."""

    REGISTERED = "registered", pgettext_lazy("member change", "Entered in the register")
    CONFIRMED = "confirmed", pgettext_lazy("member change", "Became a full member")
    EXTENDED = "extended", pgettext_lazy("member change", "Probation extended")
    CORRECTED = "corrected", pgettext_lazy("member change", "Days corrected")
    REGROUPED = "regrouped", pgettext_lazy("member change", "Changed the group")
    MOVED = "moved", pgettext_lazy("member change", "Moved to another branch")
    TRANSFER_BEGUN = "transfer-begun", pgettext_lazy("member change", "Transfer begun")
    TRANSFER_CANCELLED = "transfer-cancelled", pgettext_lazy("member change", "Transfer called off")
    ENDED = "ended", pgettext_lazy("member change", "Left the register")
    BARRED = "barred", pgettext_lazy("member change", "No vote for a time")
    BAR_ENDED = "bar-ended", pgettext_lazy("member change", "Has a vote again")


class StatusChange(models.Model):
    """One line of a member's history: written once, never changed, never deleted.

    Attributes:
        day: from which day on it counts.
        words: what changed, in Chinese, without any number of a person.
    """

    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind.choices)
    branch = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(pgettext_lazy("member", "day"))
    words = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a member")
        verbose_name_plural = _("changes of members")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.day}"


CHANGES = register_append_only(
    AppendOnlyTable("branches_statuschange", ("id",), "The history of members is append-only.")
)


class MemberImport(WaitingWorkbook):
    """A roster that was checked and waits to be taken over."""

    class Meta:
        verbose_name = _("import of members")
        verbose_name_plural = _("imports of members")
        ordering = ["-uploaded_at"]
