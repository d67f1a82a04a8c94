"""The forms of a title: its own fields, and the rows below it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from honors.models import ScoreLine, Title, TitleCriterion, TitleQuota, VetoItem
from portal import evidence

EXTRA_ROWS = 2
MOST_POINTS = 100


class TitleForm(forms.ModelForm):
    """The title itself."""

    class Meta:
        model = Title
        fields = (
            *("name", "code", "subject_kind", "organ", "conferred_by", "number_mark", "cycle"),
            *("basis", "description", "by_self", "by_other", "by_branch", "posthumous", "quota"),
            *("seats", "front_line_share", "pass_mark", "top_share", "ballot_share"),
            *("notice_days", "review_months", "has_plate", "active", "order"),
        )
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["code"].help_text = _("Letters, digits and hyphens; it never changes.")
        self.fields["active"].label = pgettext("honor", "Offered")
        if self.instance.pk:
            self.fields["code"].disabled = True


class _RowForm(forms.ModelForm):
    """A row; its place is that in the form."""


class CriterionForm(_RowForm):
    """One condition."""

    class Meta:
        model = TitleCriterion
        fields = ("text", "clause", "evidence")

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["evidence"] = forms.ChoiceField(
            label=pgettext_lazy("honor", "Evidence"),
            required=False,
            choices=_with_stored([("", "—"), *evidence.evidence_codes()], self.instance.evidence),
        )


class VetoForm(_RowForm):
    """One thing that rules out."""

    class Meta:
        model = VetoItem
        fields = ("text", "clause", "check_code")

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.fields["check_code"] = forms.ChoiceField(
            label=gettext_lazy("Check of the portal"),
            required=False,
            choices=_with_stored([("", "—"), *evidence.check_codes()], self.instance.check_code),
        )


def _with_stored(choices: list[Any], stored: str) -> list[Any]:
    """Return the choices with what is stored, though nothing of this code is registered now."""
    if stored and stored not in dict(choices):
        choices.append((stored, stored))
    return choices


class ScoreLineForm(_RowForm):
    """One line of the score card."""

    class Meta:
        model = ScoreLine
        fields = ("name", "points", "guidance", "clause")


class ScoreLines(BaseInlineFormSet):
    """All lines of a score card: together they give 100 points, or there are none."""

    def clean(self) -> None:
        """Refuse a card that gives other than 100 points."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        total = sum(row.get("points") or 0 for row in kept)
        if kept and total != MOST_POINTS:
            raise forms.ValidationError(
                _("The score card gives %(total)d points; it has to give %(most)d.")
                % {"total": Decimal(total), "most": MOST_POINTS}
            )


def _rows(model: Any, form: Any, formset: Any = BaseInlineFormSet) -> Any:
    return inlineformset_factory(
        Title, model, form=form, formset=formset, extra=EXTRA_ROWS, max_num=40, can_delete=True
    )


CriterionSet = _rows(TitleCriterion, CriterionForm)
VetoSet = _rows(VetoItem, VetoForm)
ScoreLineSet = _rows(ScoreLine, ScoreLineForm, ScoreLines)


class QuotaForm(_RowForm):
    """The quota of one unit."""

    class Meta:
        model = TitleQuota
        fields = ("unit", "quota")


QuotaSet = _rows(TitleQuota, QuotaForm)


def row_sets(title: Title, data: Any = None) -> list[tuple[Any, Any]]:
    """Return the sets of rows below a title, each with its heading."""
    return [
        (pgettext("honor", "Conditions"), CriterionSet(data, instance=title, prefix="criteria")),
        (_("Score card"), ScoreLineSet(data, instance=title, prefix="lines")),
        (_("What rules out"), VetoSet(data, instance=title, prefix="vetoes")),
        (_("Quotas of single units"), QuotaSet(data, instance=title, prefix="quotas")),
    ]
