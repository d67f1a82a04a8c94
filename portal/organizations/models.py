"""The tree of units: administrative units and Party organizations in one tree."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from portal.organizations.querysets import UnitManager


class UnitKind(models.TextChoices):
    """What a unit is: an administrative one, or a level of the Party organization."""

    ADMINISTRATIVE = "administrative", _("Administrative unit")
    PARTY_COMMITTEE = "party-committee", _("Party committee")
    GENERAL_BRANCH = "general-branch", _("General branch")
    PARTY_BRANCH = "party-branch", _("Party branch")
    PARTY_GROUP = "party-group", _("Party group")


PARTY_KINDS = frozenset(UnitKind) - {UnitKind.ADMINISTRATIVE}
# A Party organization stands under a higher one; the Party committee stands under an
# administrative unit or a higher committee.
ALLOWED_PARENTS: dict[str, frozenset[str]] = {
    UnitKind.ADMINISTRATIVE: frozenset({UnitKind.ADMINISTRATIVE}),
    UnitKind.PARTY_COMMITTEE: frozenset({UnitKind.ADMINISTRATIVE, UnitKind.PARTY_COMMITTEE}),
    UnitKind.GENERAL_BRANCH: frozenset({UnitKind.PARTY_COMMITTEE}),
    UnitKind.PARTY_BRANCH: frozenset({UnitKind.PARTY_COMMITTEE, UnitKind.GENERAL_BRANCH}),
    UnitKind.PARTY_GROUP: frozenset({UnitKind.PARTY_BRANCH}),
}


class Unit(MP_Node):
    """An organizational unit (机构). Units are never deleted: they end or are merged."""

    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    code = models.CharField(
        _("code"), max_length=20, unique=True, help_text=_("Letters, digits and hyphens.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    valid_from = models.DateField(_("valid from"), default=datetime.date(1949, 10, 1))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_units",
    )

    node_order_by: list[str] = []
    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="organizations_unit_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_party(self) -> bool:
        """Whether the unit belongs to the Party organization."""
        return self.kind in PARTY_KINDS

    @property
    def display_name(self) -> str:
        """The short name where there is one, for lists and phones."""
        return self.short_name or self.name

    @property
    def indented_name(self) -> str:
        """The name, one wide space further in for each level of the tree."""
        return "\u3000" * (self.depth - 1) + self.name

    indented_name.fget.short_description = _("name")  # type: ignore[attr-defined]

    def is_valid_on(self, day: datetime.date | None = None) -> bool:
        """Whether the unit exists on a day (today in Shanghai by default)."""
        day = day or timezone.localdate()
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def contains(self, other: Unit) -> bool:
        """Whether the other unit is this one or lies below it."""
        return other.path.startswith(self.path)

    def clean(self) -> None:
        """Check the dates and the merger."""
        super().clean()
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})
        if self.merged_into_id and self.merged_into_id == self.pk:
            raise ValidationError({"merged_into": _("A unit cannot be merged into itself.")})

    def check_place(self, parent: Unit | None) -> None:
        """Raise ValidationError when a unit of this kind may not stand under the parent."""
        if parent is None:
            if self.kind != UnitKind.ADMINISTRATIVE:
                raise ValidationError({"kind": _("The topmost unit is administrative.")})
        elif parent.kind not in ALLOWED_PARENTS[self.kind]:
            raise ValidationError(
                {
                    "kind": _("%(kind)s cannot stand under %(parent)s.")
                    % {"kind": self.get_kind_display(), "parent": parent.name}
                }
            )
