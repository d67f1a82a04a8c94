"""What is filed, under which class and for how long: the scope and retention table as data."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import AccessLevel, RetentionPeriod
from portal.archives.querysets import ScopeRuleQuerySet, ScopeTableQuerySet

CLASS_CODE = RegexValidator(
    r"^[A-Z0-9]{1,10}$", _("A class code has up to ten capital letters and digits.")
)


class Fonds(models.Model):
    """The body of records of one constituting unit (全宗)."""

    code = models.CharField(
        _("fonds number"),
        max_length=4,
        primary_key=True,
        validators=[
            RegexValidator(
                r"^[A-Z]\d{3}$", _("A fonds number is a capital letter and three digits.")
            )
        ],
    )
    name = models.CharField(_("name"), max_length=100)
    unit_name = models.CharField(_("constituting unit"), max_length=100)

    class Meta:
        verbose_name = _("fonds")
        verbose_name_plural = _("fonds")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ArchiveClass(models.Model):
    """A class of the classification scheme (分类方案), the lowest part of an archive code."""

    code = models.CharField(
        _("class code"), max_length=10, primary_key=True, validators=[CLASS_CODE]
    )
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("archive class")
        verbose_name_plural = _("archive classes")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ScopeTableState(models.TextChoices):
    """Where a version of the table stands."""

    DRAFT = "draft", _("Draft")
    IN_FORCE = "in-force", _("In force")
    REPLACED = "replaced", _("Replaced")


class ScopeTable(models.Model):
    """One version of the scope and retention table (归档范围和保管期限表).

    A draft may be edited; once in force, a version never changes and is only replaced.
    Source: order 10 of the State Archives Administration, articles 5 to 9.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ScopeTableState.choices, default=ScopeTableState.DRAFT
    )
    mandate = models.CharField(
        _("approved by document"),
        max_length=120,
        blank=True,
        help_text=_("The number of the document that approved this version."),
    )
    remark = models.CharField(_("remarks"), max_length=200, blank=True)
    pool_working_days = models.PositiveSmallIntegerField(
        _("working days to decide on a pool item"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
    )
    apart_years = models.PositiveSmallIntegerField(
        _("years that records out of scope are kept apart"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    created_at = models.DateTimeField(_("drawn up at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drawn up by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    in_force_at = models.DateTimeField(_("in force since"), null=True)
    in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("put in force by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ScopeTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("scope and retention table")
        verbose_name_plural = _("scope and retention tables")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="in-force"),
                name="archives_one_table_in_force",
            )
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.number})


class ScopeRule(models.Model):
    """One row: which records it concerns, and what it proposes with which clause.

    Rules are tried by position; the first whose kind, detail and title words all fit wins.
    """

    table = models.ForeignKey(ScopeTable, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=30)
    subkind = models.CharField(_("detail of the kind"), max_length=30, blank=True)
    title_words = models.CharField(
        _("words in the title"),
        max_length=200,
        blank=True,
        help_text=_("Any one of these words; separate them by spaces."),
    )
    description = models.CharField(_("scope of filing"), max_length=200)
    files = models.BooleanField(_("to be filed"), default=True)
    archive_class = models.ForeignKey(
        ArchiveClass,
        verbose_name=_("class"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    period = models.CharField(
        _("retention period"), max_length=3, choices=RetentionPeriod.choices, blank=True
    )
    access_level = models.CharField(
        _("access level at least"), max_length=10, choices=AccessLevel.choices, blank=True
    )
    clause = models.CharField(_("clause"), max_length=200)
    unverified = models.BooleanField(_("clause not verified"), default=False)
    straight_through = models.BooleanField(
        _("accept without an archivist when all checks pass"), default=False
    )

    objects = ScopeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("scope rule")
        verbose_name_plural = _("scope rules")
        ordering = ["table", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "position"], name="archives_rule_position_once"
            ),
            models.CheckConstraint(
                condition=models.Q(files=False)
                | models.Q(archive_class__isnull=False, period__in=RetentionPeriod.values),
                name="archives_filed_rule_has_class_and_period",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    def fits(self, kind: str, subkind: str, title: str) -> bool:
        """Whether a record of this kind, detail and title falls under the rule."""
        return (
            self.kind == kind
            and self.subkind in ("", subkind)
            and (
                not self.title_words.strip()
                or any(word in title for word in self.title_words.split())
            )
        )
