"""Forms of the office pages of opinions."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit, UnitKind
from portal.people.models import User
from union.models import OpinionCategory
from union.models.handling import LONGEST_REPLY
from union.opinions.limit_rows import NAMES
from union.opinions.permissions import branches_of
from union.text_fields import VisibleTextField

LONGEST_MATTER = 5_000


class ContributionForm(forms.Form):
    """What a helping unit contributes."""

    answer = VisibleTextField(
        label=_("Contribution of your unit"),
        help_text=_(
            "The unit that handles the opinion and the union read it, the sender does not."
        ),
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Please write what your unit contributes.")},
    )


class MatterForm(forms.Form):
    """A matter of a branch: which branch, what about, and what is wanted."""

    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Unit.objects.none(),
        empty_label=_("Please choose"),
        error_messages={"required": _("Please choose the branch.")},
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=OpinionCategory.objects.filter(to_discipline=False),
        empty_label=_("Please choose"),
        error_messages={"required": _("Please choose the category.")},
    )
    text = VisibleTextField(
        label=_("Matter and request"),
        help_text=_("What happens where, since when, and what the branch asks for."),
        least=10,
        max_length=LONGEST_MATTER,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Please write what the branch asks for.")},
    )
    accused_unit = forms.ModelChoiceField(
        label=_("Unit it is about"),
        help_text=_("It is not asked to handle the matter itself. Leave it empty for none."),
        queryset=Unit.objects.none(),
        empty_label=_("None of them"),
        required=False,
    )
    may_publish = forms.BooleanField(
        label=_("Question and answer may be published without names"), required=False
    )

    def __init__(self, *arguments: Any, user: User, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        own = [unit.pk for unit in branches_of(user)]
        branch: Any = self.fields["branch"]
        branch.queryset = Unit.objects.filter(pk__in=own).order_by("path")
        if len(own) == 1:
            branch.initial = own[0]
        today = timezone.localdate()
        accused: Any = self.fields["accused_unit"]
        accused.queryset = (
            Unit.objects.filter(kind=UnitKind.ADMINISTRATIVE, depth__gt=1, valid_from__lte=today)
            .exclude(valid_to__lt=today)
            .order_by("path")
        )


class LimitForm(forms.Form):
    """Another number of days for one limit, from a day on, and the rule it rests on."""

    code = forms.ChoiceField(label=_("Time limit"), choices=list(NAMES.items()))
    days = forms.IntegerField(
        label=pgettext_lazy("limit", "Days"),
        min_value=1,
        max_value=365,
        error_messages={"required": _("Please give the number of days.")},
    )
    clause = forms.CharField(
        label=_("Clause"),
        help_text=_("Regulation, article and date, for example the decision of the union."),
        max_length=200,
        error_messages={"required": _("Please say on which rule it rests.")},
    )
    effective_from = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Please give the first day.")},
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        self.fields["effective_from"].initial = tomorrow
