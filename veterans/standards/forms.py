"""The self-check: the questions of a standard as one short form."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from veterans.standards.answer_fields import Answers
from veterans.standards.content import Question, Standard

UNSURE = "unsure"


class SelfCheckForm(forms.Form):
    """The questions the answers so far call for; who is not sure says so."""

    use_required_attribute = False

    def __init__(
        self, standard: Standard, on: datetime.date, data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.standard = standard
        self.on = on
        self.seen: set[str] = set() if data is None else set(data.getlist("seen"))
        known = self._readable(data) if data is not None else {}
        relevant = standard.relevant(known, on)
        asked = [one for one in standard.questions() if one.is_asked(relevant, on)]
        for question in asked:
            # Everything else hangs on the first question.
            self.fields[question.code] = _question_field(question, unsure=question is not asked[0])

    def _readable(self, data: Any) -> dict[str, Any]:
        """Return the answers that can be read; the others are complained about at their field."""
        found: dict[str, Any] = {}
        for question in self.standard.questions():
            raw = data.get(question.code, "")
            if raw == UNSURE:
                continue
            try:
                value = question.standard_field.to_python(raw)
            except ValidationError:
                continue
            if value is not None:
                found[question.code] = value
        return found

    @cached_property
    def has_new_questions(self) -> bool:
        """Whether the answers called for a question that was not on the page yet."""
        return bool(self.new_questions)

    @cached_property
    def new_questions(self) -> list[str]:
        """Codes of the questions that were not on the page yet."""
        if not self.is_bound:
            return []
        return [code for code in self.fields if code not in self.seen]

    def answers(self) -> Answers:
        """Return what was answered; what is unsure is absent."""
        return {code: value for code, value in self.cleaned_data.items() if value is not None}


class AnswerField(forms.CharField):
    """One answer, read by the vocabulary; full-width digits are welcome."""

    def __init__(self, question: Question, **options: Any) -> None:
        self.question = question
        super().__init__(max_length=30, **options)

    def clean(self, value: Any) -> Any:
        """Return the answer as a value, None for none.

        Raises:
            ValidationError: it is no answer to the question.
        """
        text = super().clean(value)
        return self.question.standard_field.to_python(text)


class ChoiceAnswerField(forms.ChoiceField):
    """One answer out of few, with "not sure" as the last."""

    def __init__(self, question: Question, **options: Any) -> None:
        self.question = question
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """Return the answer as a value, None for not sure.

        Raises:
            ValidationError: it is none of the answers.
        """
        text = super().clean(value)
        return None if text == UNSURE else self.question.standard_field.to_python(text)


def _question_field(question: Question, *, unsure: bool) -> forms.Field:
    required = _("Please answer this question; the others depend on it.")
    if unsure:
        required = _("Please choose an answer; if in doubt, choose “Not sure”.")
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": question.help,
        "required": bool(question.choices),
        "error_messages": {
            "required": required,
            "invalid_choice": _("Please choose one of the answers offered."),
        },
    }
    if question.choices:
        choices = list(question.choices)
        if unsure:
            choices.append((UNSURE, _("Not sure")))
        return ChoiceAnswerField(question, choices=choices, widget=forms.RadioSelect, **common)
    if question.type == "date":
        widget: forms.Widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    else:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return AnswerField(question, widget=widget, **common)
