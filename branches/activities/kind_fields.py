"""What only some kinds of activities record, beside what all of them do.

Source: sections 2.3 and 2.6 of the domain facts. A kind adds its fields here; they are kept in
`Activity.details` by their names, so a new field needs no migration.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.models.activities import ActivityKind

PREFIX = "detail_"


class FieldType(enum.Enum):
    """What a field holds."""

    LINE = "line"
    TEXT = "text"
    HOURS = "hours"
    COUNT = "count"


@dataclass(frozen=True)
class KindField:
    """One field of a kind."""

    name: str
    label: Any
    type: FieldType


GRADES = ("excellent", "qualified", "basic", "unqualified")
KIND_FIELDS: dict[str, tuple[KindField, ...]] = {
    ActivityKind.PARTY_CLASS: (
        KindField("lecturer", gettext_lazy("Lecturer"), FieldType.LINE),
        KindField("hours", gettext_lazy("Training hours"), FieldType.HOURS),
    ),
    ActivityKind.THEME_DAY: (
        KindField("form", gettext_lazy("Form of the activity"), FieldType.LINE),
        KindField("effect", gettext_lazy("Effect"), FieldType.TEXT),
    ),
    ActivityKind.LIFE_MEETING: (
        KindField("opinions", gettext_lazy("Opinions asked for beforehand"), FieldType.TEXT),
        KindField("problems", gettext_lazy("Problems examined"), FieldType.TEXT),
    ),
    ActivityKind.APPRAISAL: (
        KindField("excellent", pgettext_lazy("appraisal", "Excellent"), FieldType.COUNT),
        KindField("qualified", pgettext_lazy("appraisal", "Qualified"), FieldType.COUNT),
        KindField("basic", pgettext_lazy("appraisal", "Basically qualified"), FieldType.COUNT),
        KindField("unqualified", pgettext_lazy("appraisal", "Unqualified"), FieldType.COUNT),
        KindField("opinion", gettext_lazy("Opinion of the branch"), FieldType.TEXT),
    ),
    ActivityKind.DRILL: (
        KindField("plan", gettext_lazy("Emergency plan that was drilled"), FieldType.LINE),
        KindField("threat", gettext_lazy("Drilled threat"), FieldType.LINE),
        KindField("participants", gettext_lazy("People in the drill"), FieldType.COUNT),
        KindField("assessment", gettext_lazy("Assessment of the drill"), FieldType.TEXT),
        KindField("improvements", gettext_lazy("What is to be improved"), FieldType.TEXT),
    ),
    ActivityKind.CASE_STUDY: (
        KindField("case", gettext_lazy("Studied accident"), FieldType.LINE),
        KindField("accident", gettext_lazy("Kind of accident"), FieldType.LINE),
        KindField("cause", pgettext_lazy("accident", "Cause"), FieldType.TEXT),
        KindField("lessons", pgettext_lazy("accident", "Lessons"), FieldType.TEXT),
        KindField("thoughts", gettext_lazy("What members took from it"), FieldType.TEXT),
    ),
}


def fields_of(kind: str) -> tuple[KindField, ...]:
    """Return the fields of a kind, none for most."""
    return KIND_FIELDS.get(kind, ())


def form_field(field: KindField) -> forms.Field:
    """Return the field of a form; none of them has to be filled in before the review."""
    if field.type is FieldType.COUNT:
        return forms.IntegerField(label=field.label, required=False, min_value=0, max_value=9999)
    if field.type is FieldType.HOURS:
        return forms.DecimalField(
            label=field.label,
            required=False,
            min_value=Decimal("0.5"),
            max_value=Decimal("8"),
            step_size=Decimal("0.5"),
            decimal_places=1,
        )
    if field.type is FieldType.LINE:
        return forms.CharField(label=field.label, required=False, max_length=100)
    return forms.CharField(
        label=field.label,
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def kept(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a kind as JSON holds them, by field names with `PREFIX`."""
    found = {}
    for field in fields_of(kind):
        value = values.get(PREFIX + field.name)
        if value not in (None, ""):
            found[field.name] = str(value) if isinstance(value, Decimal) else value
    return found


def shown(kind: str, details: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Return label and value of what was filled in."""
    return [
        (field.label, details[field.name])
        for field in fields_of(kind)
        if details.get(field.name) not in (None, "")
    ]


def problems(kind: str, details: Mapping[str, Any], should: int) -> list[str]:
    """Return what is missing or does not add up before a review, one sentence each."""
    if kind == ActivityKind.PARTY_CLASS and not details.get("lecturer"):
        return [_("Please write who held the Party class.")]
    if kind == ActivityKind.DRILL and not (details.get("plan") and details.get("assessment")):
        return [_("Please write which plan was drilled and how the drill is assessed.")]
    if kind == ActivityKind.CASE_STUDY and not (details.get("case") and details.get("lessons")):
        return [_("Please write which accident was studied and its lessons.")]
    if kind == ActivityKind.APPRAISAL:
        graded = sum(int(details.get(name) or 0) for name in GRADES)
        if graded > should:
            return [
                _("%(graded)d members were graded, but only %(should)d are on the list.")
                % {"graded": graded, "should": should}
            ]
        if not graded:
            return [_("Please write how many members were given which grade.")]
    return []
