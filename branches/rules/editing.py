"""The rules of branch work as rows people may change: numbers, clause, whether it is confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from branches.members.permissions import may_keep_all
from branches.models import (
    IndicatorRule,
    LifeRequirement,
    MemberRule,
    StructureRule,
    TrainingGoal,
    VoteRule,
)
from portal.organizations.models import UnitKind
from portal.people.models import User
from portal.refusals import ChangedMeanwhile, NotYours


@dataclass(frozen=True)
class RuleTable:
    """One kind of rules.

    Attributes:
        code: its part of the address.
        fields: what may be changed; what a rule is about stays.
        labels: names of fields that have none of their own.
    """

    code: str
    name: Any
    model: type[models.Model]
    fields: tuple[str, ...]
    labels: dict[str, Any] = field(default_factory=dict)


TABLES: dict[str, RuleTable] = {
    table.code: table
    for table in (
        RuleTable(
            "life",
            gettext_lazy("How often something is held"),
            LifeRequirement,
            ("period", "count", "warning_days", "record_days", "clause", "is_unverified"),
        ),
        RuleTable(
            "indicators",
            gettext_lazy("Thresholds of indicators"),
            IndicatorRule,
            ("good", "fair", "strict_month", "strict_day", "clause", "is_unverified"),
        ),
        RuleTable(
            "structure",
            gettext_lazy("Size and term"),
            StructureRule,
            ("low", "usual", "high", "is_serious", "clause", "is_unverified"),
        ),
        RuleTable(
            "members",
            gettext_lazy("Joining, probation, transfer"),
            MemberRule,
            ("number", "clause", "is_unverified"),
        ),
        RuleTable(
            "training",
            gettext_lazy("Training hours of a year"),
            TrainingGoal,
            ("hours", "concentrated", "clause"),
        ),
        RuleTable(
            "votes",
            gettext_lazy("Votes"),
            VoteRule,
            ("numerator", "denominator", "strictly", "base", "clause", "is_unverified"),
            {
                "numerator": gettext_lazy("Parts that are needed"),
                "denominator": gettext_lazy("of how many parts"),
            },
        ),
    )
}


def title_of(row: Any) -> str:
    """Return what a rule is about, without its numbers."""
    if isinstance(row, LifeRequirement):
        return str(row.get_kind_display())
    if isinstance(row, IndicatorRule | MemberRule):
        return str(row.get_code_display())
    if isinstance(row, StructureRule):
        kind = UnitKind(row.unit_kind).label
        return f"{row.get_code_display()}（{kind}）"
    if isinstance(row, TrainingGoal):
        return f"{row.get_audience_display()}（{row.since_year}）"
    return f"{row.get_subject_display()}，{row.get_step_display()}"


@transaction.atomic
def change(table: RuleTable, key: int, values: dict[str, Any], user: User) -> Any:
    """Change a rule; what it was before stays in the log.

    Raises:
        NotYours: only the Party affairs department does.
        ChangedMeanwhile: there is no such rule.
        ValidationError: the numbers do not fit together.
    """
    if not may_keep_all(user):
        raise NotYours(_("Rules are changed by the Party affairs department."))
    row: Any = table.model._default_manager.select_for_update().filter(pk=key).first()
    if row is None:
        raise ChangedMeanwhile(_("There is no such rule."))
    before = {name: str(getattr(row, name)) for name in table.fields}
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    changed = {
        name: [before[name], str(getattr(row, name))]
        for name in table.fields
        if before[name] != str(getattr(row, name))
    }
    if changed:
        log(instance=row, action="branches.rule_changed", user=user, data={"changes": changed})
    return row
