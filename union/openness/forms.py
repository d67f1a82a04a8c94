"""Forms of public replies and of questions on disclosed matters."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.pages.models.base import validate_plain_title
from union.models.openness import LONGEST_QUESTION
from union.openness.questions import LONGEST_ANSWER
from union.text_fields import VisibleTextField


class PublicReplyForm(forms.Form):
    """Question and answer without anything that tells who spoke."""

    title = forms.CharField(
        label=pgettext_lazy("page", "Title"), max_length=60, validators=[validate_plain_title]
    )
    question = VisibleTextField(
        label=_("What was said, without names, places and days"),
        help_text=_(
            "Take out whatever tells who wrote it: names, shifts, machines, a turn of phrase."
        ),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    answer = VisibleTextField(
        label=_("What was answered"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    improvement = VisibleTextField(
        label=_("What changed"),
        help_text=_("One sentence for the home page; leave it empty when nothing had to change."),
        required=False,
        max_length=100,
    )


class QuestionForm(forms.Form):
    """A question on a disclosed matter."""

    text = VisibleTextField(
        label=_("Your question"),
        help_text=_("By name. The answer is read by everybody, your name is not."),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please write your question.")},
    )


class AnswerForm(forms.Form):
    """The draft of an answer."""

    answer = VisibleTextField(
        label=_("Answer"),
        help_text=_("A colleague releases it. Everybody who reads the page reads it then."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please write the answer.")},
    )
