"""Titles that are conferred (荣誉称号): subject, criteria, score card, quota, vetoes and cycle.

Source: chapters 3.1 and 3.5 of the domain facts. Every number stands in a row with its clause, so
an enterprise changes its regulation here and not in code. A round keeps a copy of what it is
judged by, so a change never touches a round that runs.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Unit
from portal.workdays.dated import DatedRule

LEAST_NOTICE_DAYS = 5


class SubjectKind(models.TextChoices):
    """Who receives a title."""

    PERSON = "person", pgettext_lazy("honor", "Person")
    POST = "post", pgettext_lazy("honor", "Post (work station)")
    TEAM = "team", pgettext_lazy("honor", "Team")
    BRANCH = "branch", pgettext_lazy("honor", "Party organization")


class Organ(models.TextChoices):
    """Which organization confers a title; its office runs the rounds."""

    PARTY = "party", _("Party committee")
    UNION = "union", pgettext_lazy("honor", "Union")


class Cycle(models.TextChoices):
    """How often a title is conferred."""

    YEARLY = "yearly", _("Every year")
    TWO_YEARLY = "two-yearly", _("Every two years")
    AS_NEEDED = "as-needed", _("As needed")


class NamingRule(DatedRule):
    """A word that the name of an internal award must not hold.

    Source: the negative list for awards, chapter 3.1 of the domain facts.

    Attributes:
        code: the word itself.
    """

    class Meta:
        verbose_name = _("forbidden word in names of titles")
        verbose_name_plural = _("forbidden words in names of titles")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"], name="honors_naming_rule_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def broken_by(cls, name: str, day: datetime.date) -> list[NamingRule]:
        """Return the rules in force on a day that a name breaks."""
        packed = "".join(name.split())
        rows = cls.objects.filter(effective_from__lte=day)
        return [row for row in rows if row.code in packed]


class TitleQuerySet(models.QuerySet["Title"]):
    """Sets of titles."""

    def offered(self) -> TitleQuerySet:
        """Those for which rounds can be opened."""
        return self.filter(active=True)

    def of_organ(self, organs: Any) -> TitleQuerySet:
        """Those that one of the organizations confers."""
        return self.filter(organ__in=organs)


class Title(models.Model):
    """One title, such as 安全生产模范岗.

    Attributes:
        code: stable name in programs and imports.
        number_mark: the sign of the title in numbers of certificates (QLRY-2026-党-0012).
        page_kind: kind of the page an award of this title gets: `model-post`,
            `excellent-member`, or empty for a page of the same form as its subject.
        conferred_by: full name of the organization on the certificate; that of the portal's
            enterprise without it.
        quota: how many one unit may nominate; `TitleQuota` says otherwise for single units.
        seats: how many are conferred at most in a round; None without a limit.
        front_line_share: least share of winners from the front line, in per cent; None for none.
        pass_mark: least mean of the scores, of 100; None where nothing is scored.
        top_share: which part of all nominated may be proposed, in per cent; None for any.
        ballot_share: part of the judges whose yes is needed in the ballot, in per cent.
        notice_days: working days of the public notice, at least five.
        review_months: months between reviews of those who hold the title; 0 without review.
        has_plate: holders get a plate on site.
        posthumous: somebody who has died may be nominated.
        basis: the regulation the title rests on.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name of the title"), max_length=40, unique=True)
    subject_kind = models.CharField(
        _("who receives it"), max_length=10, choices=SubjectKind.choices
    )
    organ = models.CharField(
        _("conferred by"), max_length=10, choices=Organ.choices, default=Organ.PARTY
    )
    conferred_by = models.CharField(_("name on the certificate"), max_length=100, blank=True)
    number_mark = models.CharField(_("sign in certificate numbers"), max_length=2, default="党")
    page_kind = models.SlugField(max_length=30, blank=True, editable=False)
    cycle = models.CharField(_("cycle"), max_length=12, choices=Cycle.choices, default=Cycle.YEARLY)
    basis = models.CharField(_("basis"), max_length=300)
    description = models.TextField(_("what it stands for"), max_length=1000, blank=True)
    by_self = models.BooleanField(_("one may nominate oneself"), default=False)
    by_other = models.BooleanField(_("colleagues may nominate"), default=True)
    by_branch = models.BooleanField(_("branches may nominate"), default=True)
    posthumous = models.BooleanField(_("may be given posthumously"), default=False)
    quota = models.PositiveSmallIntegerField(
        _("nominations of a unit"), default=1, validators=[MaxValueValidator(500)]
    )
    seats = models.PositiveSmallIntegerField(
        _("awards in a round at most"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    front_line_share = models.PositiveSmallIntegerField(
        _("least share of the front line (%)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    pass_mark = models.DecimalField(
        _("least mean score"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    top_share = models.DecimalField(
        _("best part of all nominated (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    ballot_share = models.PositiveSmallIntegerField(
        _("yes votes needed (%)"),
        default=50,
        help_text=_("More than this part of the judges who may vote."),
        validators=[MaxValueValidator(99)],
    )
    notice_days = models.PositiveSmallIntegerField(
        _("working days of the public notice"),
        default=LEAST_NOTICE_DAYS,
        validators=[MinValueValidator(LEAST_NOTICE_DAYS), MaxValueValidator(60)],
    )
    review_months = models.PositiveSmallIntegerField(
        _("months between reviews"),
        default=0,
        help_text=_("0 for titles that are not reviewed."),
        validators=[MaxValueValidator(60)],
    )
    has_plate = models.BooleanField(_("has a plate on site"), default=False)
    active = models.BooleanField(_("offered"), default=True)
    order = models.PositiveSmallIntegerField(_("place in the list"), default=100)

    objects: ClassVar[TitleQuerySet] = TitleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject_kind__in=SubjectKind.values),
                name="honors_title_known_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(notice_days__gte=LEAST_NOTICE_DAYS),
                name="honors_title_notice_of_five_days",
            ),
            models.CheckConstraint(
                condition=models.Q(by_self=True)
                | models.Q(by_other=True)
                | models.Q(by_branch=True),
                name="honors_title_somebody_nominates",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse names that sound like honors of the state, and titles nobody can nominate for."""
        super().clean()
        errors: dict[str, Any] = {}
        if broken := NamingRule.broken_by(self.name, timezone.localdate()):
            words = "、".join(row.code for row in broken)
            errors["name"] = gettext(
                "The name of an internal award must not hold “%(words)s” (%(clause)s). "
                "Please choose another name."
            ) % {"words": words, "clause": broken[0].clause}
        if not (self.by_self or self.by_other or self.by_branch):
            errors["by_branch"] = gettext("Please choose at least one way of nominating.")
        if self.by_self and self.subject_kind == SubjectKind.BRANCH:
            errors["by_self"] = gettext("A Party organization is nominated by its branch.")
        if errors:
            raise ValidationError(errors)

    def quota_of(self, unit: Unit) -> int:
        """Return how many a unit may nominate."""
        row = self.quotas.filter(unit=unit).first()
        return self.quota if row is None else row.quota


class TitleRow(models.Model):
    """What the rows of a title share: their place and the clause they rest on."""

    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    clause = models.CharField(_("clause"), max_length=200, blank=True)

    class Meta:
        abstract = True


class TitleCriterion(TitleRow):
    """One condition a nominee has to meet.

    Attributes:
        evidence: code of the evidence that speaks for it, of `portal.evidence`; empty for none.
    """

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="criteria")
    text = models.CharField(_("condition"), max_length=200)
    evidence = models.SlugField(_("evidence"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("condition of a title")
        verbose_name_plural = _("conditions of titles")
        ordering = ["title", "order", "pk"]

    def __str__(self) -> str:
        return self.text


class ScoreLine(TitleRow):
    """One line of the score card: what is looked at, and how many points it gives at most."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="score_lines")
    name = models.CharField(_("what is scored"), max_length=60)
    points = models.PositiveSmallIntegerField(
        _("points at most"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    guidance = models.CharField(_("how to score"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of a score card")
        verbose_name_plural = _("lines of score cards")
        ordering = ["title", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["title", "name"], name="honors_score_line_once"),
            models.CheckConstraint(
                condition=models.Q(points__gte=1, points__lte=100),
                name="honors_score_line_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.points}"


class VetoItem(TitleRow):
    """Something that rules a nominee out (一票否决).

    Attributes:
        check_code: code of a check the portal makes by itself; empty for what people look at.
    """

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="vetoes")
    text = models.CharField(_("what rules out"), max_length=200)
    check_code = models.SlugField(_("check of the portal"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("veto item")
        verbose_name_plural = _("veto items")
        ordering = ["title", "order", "pk"]

    def __str__(self) -> str:
        return self.text


class TitleQuota(models.Model):
    """How many one unit may nominate, where it differs from the others."""

    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    quota = models.PositiveSmallIntegerField(
        _("nominations of the unit"), validators=[MaxValueValidator(500)]
    )

    class Meta:
        verbose_name = _("quota of a unit")
        verbose_name_plural = _("quotas of units")
        ordering = ["title", "unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["title", "unit"], name="honors_quota_once_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.quota}"
