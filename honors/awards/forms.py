"""The forms of the office of awards."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.models import Page

from honors.awards.permissions import prepared_organs
from honors.models import Award, ChangeKind, SubjectKind, Title
from honors.models.awards import EARLIEST_YEAR
from portal.office_pages import day_field
from portal.organizations.models import Unit
from portal.people.models import Person

YES_NO = (
    ("", pgettext_lazy("front line", "Not known")),
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
)
LONGEST_REASON = 120


class UnitField(forms.ModelChoiceField):
    """A unit of the tree, each level one step further in."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Unit"))
        super().__init__(
            Unit.objects.order_by("path"),
            error_messages={
                "required": gettext_lazy("Please choose the unit."),
                "invalid_choice": gettext_lazy("There is no such unit. Please choose another one."),
            },
            **options,
        )

    def label_from_instance(self, unit: Any) -> str:
        """Return the name of the unit, indented."""
        return str(unit.indented_name)


def plain_words(text: str) -> str:
    """Return words in one form: NFC, no invisible signs, single blanks."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", text) if sign.isprintable())
    return " ".join(kept.split())


class PlainCharField(forms.CharField):
    """One line of text without invisible signs."""

    def to_python(self, value: Any) -> str:
        """Return the cleaned line."""
        return plain_words(str(super().to_python(value) or ""))


def document_field(label: Any) -> PlainCharField:
    """Return a field for the number of a document."""
    return PlainCharField(
        label=label,
        max_length=60,
        help_text=gettext_lazy("For example 沁岚党发〔2026〕18号."),
        error_messages={"required": gettext_lazy("Please enter the number of the document.")},
    )


def pages_without_award() -> Any:
    """Return the published pages of honors that no award leads to, the newest first."""
    kinds = ("model-post", "excellent-member", "honored-collective")
    return (
        Page.objects.filter(live=True, award__isnull=True, publication__kind__in=kinds)
        .select_related("publication__unit")
        .order_by("-publication__business_date", "-pk")
    )


class FindForm(forms.Form):
    """Words by which an award is found; sent as a form, so that no address holds a name."""

    words = forms.CharField(
        label=gettext_lazy("Name, or number of the certificate"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={"required": gettext_lazy("Please write a name or a number.")},
    )


class AwardForm(forms.Form):
    """An award no round of the portal decided.

    Args:
        user: for whose titles.
    """

    title = forms.ModelChoiceField(
        Title.objects.none(),
        label=pgettext_lazy("honor", "Title"),
        error_messages={
            "required": gettext_lazy("Please choose the title."),
            "invalid_choice": gettext_lazy("This title is not among yours. Please choose again."),
        },
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year of the honor"),
        min_value=EARLIEST_YEAR,
        error_messages={
            "required": gettext_lazy("Please enter the year."),
            "invalid": gettext_lazy("Please write the year with four digits."),
        },
    )
    employee_number = PlainCharField(
        label=gettext_lazy("Employee number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Of a person the portal knows; the honor then is in their record."),
    )
    subject_name = PlainCharField(
        label=gettext_lazy("Name on the certificate"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Of the post, team or organization, or of a person without an employee number."
        ),
    )
    position = PlainCharField(label=gettext_lazy("Position or team"), max_length=60, required=False)
    unit = UnitField()
    front_line = forms.ChoiceField(
        label=gettext_lazy("Works at the front line"), choices=YES_NO, required=False
    )
    decision_number = document_field(gettext_lazy("Number of the decision"))
    decided_on = day_field(gettext_lazy("Day of the decision"))
    number = PlainCharField(
        label=pgettext_lazy("honor", "Number of the certificate"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only if there is a certificate already; else it gets one."),
    )

    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: Any = self.fields["title"]
        titles.queryset = Title.objects.of_organ(prepared_organs(user))
        years: Any = self.fields["year"]
        years.max_value = timezone.localdate().year
        years.validators.append(MaxValueValidator(years.max_value))
        years.initial = years.max_value

    def clean_page(self) -> Page | None:
        """Return the page the award is entered for; refuse one that has an award by now."""
        key = self.cleaned_data["page"]
        if key is None:
            return None
        page: Page | None = pages_without_award().filter(pk=key).first()
        if page is None:
            raise ValidationError(_("This page has an award already, or there is no such page."))
        return page

    def clean_front_line(self) -> bool | None:
        """Return whether the front line is meant; None when it is not known."""
        return {"yes": True, "no": False}.get(self.cleaned_data["front_line"])

    def clean_number(self) -> str:
        """Refuse the number of another certificate."""
        number: str = self.cleaned_data["number"]
        if number and Award.objects.filter(number=number).exists():
            raise ValidationError(_("Another certificate has this number. Please check it."))
        return number

    def clean(self) -> dict[str, Any]:
        """Find the person of the employee number, and ask for a name where there is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        title: Title | None = cleaned.get("title")
        typed = cleaned.get("employee_number", "")
        cleaned["person"] = None
        if title is None:
            return cleaned
        if title.subject_kind != SubjectKind.PERSON:
            if typed:
                self.add_error(
                    "employee_number",
                    _("“%(title)s” is not given to a single person. Please leave this empty.")
                    % {"title": title.name},
                )
            if not cleaned.get("subject_name"):
                self.add_error("subject_name", _("Please enter the name on the certificate."))
            return cleaned
        if typed:
            self._find_person(cleaned, typed)
        elif not cleaned.get("subject_name"):
            self.add_error("employee_number", _("Please enter an employee number or a name."))
        return cleaned

    def _find_person(self, cleaned: dict[str, Any], typed: str) -> None:
        person = Person.objects.filter(employee_number__iexact=typed).first()
        if person is None:
            self.add_error(
                "employee_number",
                _("Nobody has the employee number %(number)s. Please check it.")
                % {"number": typed},
            )
            return
        name = cleaned.get("subject_name")
        if name and name != person.name:
            self.add_error(
                "subject_name",
                _("The employee number belongs to somebody with another name. Leave one empty."),
            )
        cleaned["person"] = person


class ChangeForm(forms.Form):
    """The document that suspends, restores or revokes."""

    number = document_field(gettext_lazy("Number of the document"))
    decided_on = day_field(gettext_lazy("Day of the document"))
    reason = PlainCharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody reads it on the page of the honor."),
        error_messages={"required": gettext_lazy("Please give the reason.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == ChangeKind.RESTORE:
            self.fields["reason"].help_text = ""


class DropForm(forms.Form):
    """Why a change is not confirmed."""

    answer = PlainCharField(
        label=gettext_lazy("Why not"),
        max_length=300,
        error_messages={"required": gettext_lazy("Please give the reason.")},
    )
