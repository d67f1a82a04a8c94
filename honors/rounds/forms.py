"""The forms of rounds beside the steps of their case."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from honors.models import (
    CONSULTED,
    Round,
    RoundPart,
    Title,
)
from portal.office_pages import day_field
from portal.organizations.models import Unit
from portal.people.models import Person

_SEPARATORS = re.compile(r"[\s,，;；、]+")
CHOOSE = gettext_lazy("Please choose")


class NameField(forms.ModelChoiceField):
    """One unit, by its name and place in the tree."""

    def label_from_instance(self, unit: Unit) -> str:
        """Return the name."""
        return str(unit.indented_name)


def units_today(*kinds: str) -> Any:
    """Return the units of today of some kinds, in the order of the tree."""
    return Unit.objects.filter(kind__in=kinds).valid_on().order_by("path")


def text_field(label: Any, rows: int, most: int, **more: Any) -> forms.CharField:
    """Return a field for a longer text."""
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def people_of(text: str) -> list[Person]:
    """Return the people of employee numbers that were typed, each once.

    Raises:
        ValidationError: a number belongs to nobody; every one is named.
    """
    numbers = list(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))
    found = {
        str(person.employee_number): person
        for person in Person.objects.filter(employee_number__in=numbers)
    }
    if missing := [number for number in numbers if number not in found]:
        raise ValidationError(
            _("Nobody has the employee number %(numbers)s.") % {"numbers": "、".join(missing[:20])}
        )
    return [found[number] for number in numbers]


class RoundForm(forms.Form):
    """A round: title, year, quota, days, judges, departments that are asked."""

    title = forms.ModelChoiceField(
        Title.objects.offered(),
        label=pgettext_lazy("honor", "Title"),
        empty_label=CHOOSE,
        error_messages={"required": gettext_lazy("Please choose the title.")},
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year of the honor"), min_value=1949, max_value=2100
    )
    closes_on = day_field(
        gettext_lazy("Last day of nominations"),
        help_text=gettext_lazy("It stands in the notice and cannot be moved forward afterwards."),
    )
    seats = forms.IntegerField(label=gettext_lazy("Awards at most"), min_value=1, max_value=500)
    quota = forms.IntegerField(
        label=gettext_lazy("Nominations of each unit"), min_value=0, max_value=500
    )
    quotas = text_field(
        gettext_lazy("Units with another quota"),
        3,
        2000,
        required=False,
        help_text=gettext_lazy("One unit a line: its code or name, a space, the number."),
    )
    requirements = text_field(gettext_lazy("Requirements and materials"), 6, 2000)
    judges = text_field(
        gettext_lazy("Judges"),
        2,
        1000,
        help_text=gettext_lazy("Employee numbers, with spaces between them; at least three."),
    )
    phone = forms.CharField(label=pgettext_lazy("office", "Phone"), max_length=40)
    address = forms.CharField(
        label=gettext_lazy("Address for letters and visits"), max_length=100, required=False
    )

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        for part in CONSULTED:
            self.fields[part.value] = forms.CharField(
                label=_("Asked: %(part)s") % {"part": part.label},
                help_text=_("Employee number of who speaks for the department; empty: not asked."),
                required=False,
                max_length=20,
            )
        self.order_fields(
            [
                *("title", "year", "closes_on", "seats", "quota", "quotas", "requirements"),
                "judges",
                *(part.value for part in CONSULTED),
                *("phone", "address"),
            ]
        )

    def clean_closes_on(self) -> Any:
        """The last day lies ahead."""
        day = self.cleaned_data["closes_on"]
        if day <= timezone.localdate():
            raise ValidationError(_("Please choose a day that lies ahead."))
        return day

    def clean_judges(self) -> list[Person]:
        """Return the judges; at least three."""
        people = people_of(self.cleaned_data["judges"])
        if len(people) < 3:
            raise ValidationError(_("Please name at least three judges."))
        return people

    def clean_quotas(self) -> dict[Unit, int]:
        """Return the quotas of the units that differ."""
        found: dict[Unit, int] = {}
        for place, line in enumerate(self.cleaned_data["quotas"].splitlines(), 1):
            if not line.strip():
                continue
            name, _space, number = line.strip().rpartition(" ")
            unit = Unit.objects.filter(code=name.strip()).first()
            unit = unit or Unit.objects.filter(name=name.strip()).first()
            if unit is None or not number.isdecimal() or int(number) > 500:
                raise ValidationError(
                    _("Line %(line)d: please write the unit, a space and the number.")
                    % {"line": place}
                )
            found[unit] = int(number)
        return found

    def clean(self) -> dict[str, Any]:
        """Find the people of the departments."""
        cleaned: dict[str, Any] = super().clean() or {}
        members: dict[str, list[Person]] = {"judge": cleaned.get("judges") or []}
        for part in CONSULTED:
            try:
                people = people_of(cleaned.get(part.value) or "")
            except ValidationError as error:
                self.add_error(part.value, error)
                continue
            if len(people) > 1:
                self.add_error(part.value, _("Please name one person."))
            members[part.value] = people[:1]
        cleaned["members"] = members
        return cleaned


def initial_of_round(round_: Round) -> dict[str, Any]:
    """Return what stands in the form of a round that is changed."""
    members = list(round_.members.select_related("person"))
    numbers = {
        part: " ".join(str(row.person.employee_number) for row in members if row.part == part)
        for part in RoundPart.values
    }
    return {
        "title": round_.title_id,
        "year": round_.year,
        "closes_on": round_.closes_on,
        "seats": round_.seats,
        "quota": round_.terms.get("quota"),
        "quotas": "\n".join(
            f"{row.unit.code} {row.quota}" for row in round_.quotas.select_related("unit")
        ),
        "requirements": round_.requirements,
        "phone": round_.phone,
        "address": round_.address,
        "judges": numbers.pop("judge"),
        **numbers,
    }
