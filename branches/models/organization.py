"""Terms and posts of Party organizations, the rules of their size, and how they were changed."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person


def covers(day: datetime.date, first: str = "valid_from", last: str = "valid_to") -> Q:
    """Return the condition of rows that count on a day, first and last day included."""
    return Q(**{f"{first}__lte": day}) & (
        Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": day})
    )


class PartyTerm(models.Model):
    """One term (届) of a Party organization, from its election to the next one.

    Attributes:
        last_day: the day on which the term ends by the rules.
        extended_to: a later last day that the higher organization approved.
        extension_document: number of the approval, such as 沁岚党发〔2026〕15号.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("Party organization"), on_delete=models.PROTECT, related_name="terms"
    )
    elected_on = models.DateField(_("elected on"))
    first_day = models.DateField(_("first day of the term"))
    last_day = models.DateField(_("last day of the term"))
    extended_to = models.DateField(_("extended to"), null=True, blank=True)
    extension_document = models.CharField(_("approval of the extension"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("term of a Party organization")
        verbose_name_plural = _("terms of Party organizations")
        ordering = ["-first_day", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "first_day"], name="branches_term_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="branches_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True)
                | (Q(extended_to__gt=F("last_day")) & ~Q(extension_document="")),
                name="branches_extension_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.ends_on}"

    @property
    def ends_on(self) -> datetime.date:
        """The last day, an approved extension included."""
        return self.extended_to or self.last_day

    def clean(self) -> None:
        """Refuse days in the wrong order and an extension nobody approved."""
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The end lies before the beginning.")})
        if self.extended_to and self.last_day and self.extended_to <= self.last_day:
            raise ValidationError({"extended_to": _("An extension ends after the last day.")})
        if self.extended_to and not self.extension_document.strip():
            raise ValidationError(
                {"extension_document": _("Please write the number of the approval.")}
            )


class PostKind(models.TextChoices):
    """Posts in a Party branch. Source: working rules for Party branches of 2018, article 22."""

    SECRETARY = "secretary", pgettext_lazy("Party post", "Secretary")
    DEPUTY = "deputy", pgettext_lazy("Party post", "Deputy secretary")
    ORGANIZATION = "organization", pgettext_lazy("Party post", "Organization member")
    PUBLICITY = "publicity", pgettext_lazy("Party post", "Publicity member")
    DISCIPLINE = "discipline", pgettext_lazy("Party post", "Discipline member")
    MEMBER = "member", pgettext_lazy("Party post", "Committee member")
    GROUP_LEADER = "group-leader", pgettext_lazy("Party post", "Group leader")


#: Posts that belong to the committee, in the order in which they are listed.
COMMITTEE_POSTS = tuple(kind for kind in PostKind.values if kind != PostKind.GROUP_LEADER)
#: Posts that several people may hold at once in one unit.
SHARED_POSTS = frozenset({str(PostKind.MEMBER)})


class PartyPost(models.Model):
    """Who held which post in which Party organization, from when to when.

    One person may hold two posts, such as secretary and organization member. A post of one unit
    has one holder at a time, other than plain members of the committee.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("Party organization"), on_delete=models.PROTECT, related_name="posts"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="party_posts"
    )
    kind = models.CharField(
        pgettext_lazy("Party post", "post"), max_length=20, choices=PostKind.choices
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("Party post")
        verbose_name_plural = _("Party posts")
        ordering = ["-valid_from", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="branches_post_in_order",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind"],
                condition=Q(valid_to__isnull=True) & ~Q(kind="member"),
                name="branches_post_one_holder",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "person"],
                condition=Q(valid_to__isnull=True),
                name="branches_post_once_a_person",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "kind"], name="branches_post_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.person_id}"


class RuleCode(models.TextChoices):
    """What is checked of a Party organization."""

    TOO_FEW = "too-few", _("Too few full members")
    TOO_MANY = "too-many", _("Too many members")
    NO_COMMITTEE = "no-committee", _("No committee")
    COMMITTEE_SIZE = "committee-size", _("Size of the committee")
    NO_SECRETARY = "no-secretary", _("No secretary")
    GROUP_SIZE = "group-size", _("Small group")
    TERM = "term", _("Length of a term")
    EXTENSION = "extension", _("Length of an extension")
    ELECTION = "election", _("Election ahead")
    OVERDUE = "overdue", _("Election overdue")


class StructureRule(models.Model):
    """One rule of size or term, with its numbers and its clause. Rules warn and forbid nothing.

    Attributes:
        low, high: people, or months for terms, extensions and reminders; empty means no limit.
        usual: up to this number nothing is said, above it a milder word (3 to 5, at most 7).
    """

    code = models.CharField(_("rule"), max_length=20, choices=RuleCode.choices)
    unit_kind = models.CharField(_("kind of organization"), max_length=20, default="party-branch")
    low = models.PositiveSmallIntegerField(_("at least"), null=True, blank=True)
    usual = models.PositiveSmallIntegerField(_("usually at most"), null=True, blank=True)
    high = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    is_serious = models.BooleanField(_("serious"), default=False)
    clause = models.CharField(_("clause"), max_length=200)
    is_unverified = models.BooleanField(
        _("not confirmed yet"), default=False, help_text=_("The source is practice, not a rule.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    class Meta:
        verbose_name = _("rule of structure")
        verbose_name_plural = _("rules of structure")
        ordering = ["order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "unit_kind"], name="branches_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.unit_kind}"


class ReorganizationKind(models.TextChoices):
    """How a branch changed as a whole."""

    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")
    DISSOLVED = "dissolved", _("Dissolved")


class Reorganization(models.Model):
    """A branch was merged, split or dissolved: what, when, by which decision.

    Attributes:
        into: the branch that takes the members over, or the new one that splits off.
        day: the first day on which it is different.
        moved: how many memberships went to the other branch.
    """

    unit = models.ForeignKey(
        Unit, verbose_name=_("Party branch"), on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(_("change"), max_length=20, choices=ReorganizationKind.choices)
    into = models.ForeignKey(
        Unit,
        verbose_name=_("other branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes_into",
    )
    day = models.DateField(_("in force from"))
    document = models.CharField(pgettext_lazy("document", "decision"), max_length=60)
    moved = models.PositiveIntegerField(_("members who moved"), default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a branch")
        verbose_name_plural = _("changes of branches")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.day}"
