"""The conditions of an archive search as a form: what is typed stays, errors stand beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.address_values import FIRST_YEAR, LAST_YEAR, plain_text
from portal.archives.models import AccessLevel, ArchiveClass, RecordState, RetentionPeriod
from portal.archives.retrieval.conditions import FILE_FORMATS, NEWEST, ORDERS, Conditions
from portal.archives.sources import publishable_kinds, subkinds_of
from portal.organizations.models import Unit
from portal.search import text

LONGEST_WORDS = 100


class PlainSelect(forms.Select):
    """A select that is put together at once: Django renders a template for every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the select with its options."""
        chosen = "" if value is None else str(value)
        attributes = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html(
            "<select{}>{}</select>",
            format_html_join("", ' {}="{}"', attributes.items()),
            format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (code, " selected" if str(code) == chosen else "", label)
                    for code, label in self.choices
                ),
            ),
        )


class DayInput(forms.DateInput):
    """A day, picked from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _choice(label: Any, problem: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        widget=PlainSelect,
        error_messages={"invalid_choice": problem},
    )


def _words(label: Any, longest: int = LONGEST_WORDS, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text)


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"invalid": _("Write the year as four digits, for example 2026.")},
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DayInput,
        error_messages={"invalid": _("Write the day as 2026-11-21.")},
    )


class RetrievalForm(forms.Form):
    """Every condition of an archive search; all are optional and any of them go together."""

    q = _words(_("Words in title or text"))
    title = _words(_("Words in the title"))
    code = _words(_("Archive code begins with"), 80)
    number = _words(_("Document number contains"), 60)
    person = _words(
        pgettext_lazy("archive search", "Person"),
        100,
        _("Full name of who drafted, submitted, approved, published or is named."),
    )
    unit = _choice(_("Unit, with all below it"), _("There is no unit with this code."))
    year_from = _year(_("Year from"))
    year_to = _year(_("Year to"))
    date_from = _day(pgettext_lazy("archive search", "Date from"))
    date_to = _day(pgettext_lazy("archive search", "Date to"))
    kind = _choice(_("Kind"), _("There is no such kind."))
    subkind = _choice(_("Detail of the kind"), _("There is no such detail of a kind."))
    class_code = _choice(pgettext_lazy("archive search", "Class"), _("There is no such class."))
    period = _choice(_("Retention period"), _("There is no such retention period."))
    state = _choice(_("State"), _("There is no such state."))
    level = _choice(_("access level"), _("There is no such access level."))
    file_format = _choice(_("Format of files"), _("There is no such format."))
    late = forms.BooleanField(label=_("Recorded late"), required=False)
    attached = forms.BooleanField(label=_("With attachments"), required=False)
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=ORDERS, widget=forms.HiddenInput
    )

    #: Shown at once; the others are in a part that opens.
    FIRST = ("q", "title", "unit", "year_from", "year_to", "kind", "state")

    def __init__(self, data: Mapping[str, Any], **options: Any) -> None:
        super().__init__(_with_year(data), auto_id="find-%s", label_suffix="", **options)
        kinds = publishable_kinds()
        every = ("", _("All"))
        choices: dict[str, Iterable[tuple[str, Any]]] = {
            "kind": kinds.items(),
            "subkind": [pair for kind in kinds for pair in subkinds_of(kind).items()],
            "class_code": [(found.code, str(found)) for found in ArchiveClass.objects.all()],
            "period": RetentionPeriod.choices,
            "state": RecordState.choices,
            "level": AccessLevel.choices,
            "file_format": [(code, name) for code, (name, _types) in FILE_FORMATS.items()],
            "unit": [(unit.code, unit.indented_name) for unit in self.units],
        }
        for name, pairs in choices.items():
            field: Any = self.fields[name]
            field.choices = [every, *dict(pairs).items()]

    @cached_property
    def units(self) -> list[Unit]:
        """All units in the order of the tree, those that ended too: records outlive them."""
        return list(Unit.objects.order_by("path"))

    def clean(self) -> dict[str, Any]:
        """Check what belongs together; take control characters out of words."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("q", "title", "code", "number", "person"):
            typed = plain_text(cleaned.get(name) or "", LONGEST_WORDS)
            cleaned[name] = typed.upper() if name == "code" else typed
            if name in ("q", "title") and typed and not text.stretches(typed):
                self.add_error(
                    name,
                    _("There are only signs here. Please type at least one character or word."),
                )
        for first, last, problem in (
            ("year_from", "year_to", _("The last year lies before the first one.")),
            ("date_from", "date_to", _("The last day lies before the first one.")),
        ):
            begin, end = cleaned.get(first), cleaned.get(last)
            if begin and end and end < begin:
                self.add_error(last, problem)
        kind, subkind = cleaned.get("kind"), cleaned.get("subkind")
        if kind and subkind and subkind not in subkinds_of(kind):
            self.add_error("subkind", _("The chosen kind has no such detail."))
        return cleaned

    @property
    def conditions(self) -> Conditions:
        """What was asked for; the form must be valid."""
        values = dict(self.cleaned_data)
        code = values.pop("unit")
        unit = next((unit for unit in self.units if unit.code == code), None)
        below = tuple(other.pk for other in self.units if unit and other.path.startswith(unit.path))
        words = values.pop("q")
        order = values.pop("order") or NEWEST
        return Conditions(words=words, unit=unit, unit_ids=below, order=order, **values)

    @property
    def first_fields(self) -> list[Any]:
        """The fields that are always shown."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list[Any]:
        """The fields in the part that opens."""
        return [field for field in self.visible_fields() if field.name not in self.FIRST]

    @property
    def more_are_used(self) -> bool:
        """Whether a field in the part that opens has a value or an error."""
        return any(field.value() or field.errors for field in self.more_fields)

    def query(self, **changes: Any) -> str:
        """Return the conditions as part of an address, in one order, with some changed.

        Args:
            changes: new values by the names of the fields; empty ones are left out.
        """
        address = QueryDict(mutable=True)
        for name, field in self.fields.items():
            value = changes[name] if name in changes else self.cleaned_data.get(name)
            if value not in (None, "", False):
                prepared = field.prepare_value(value)
                address[name] = "1" if value is True else str(prepared)
        return address.urlencode()

    def chips(self) -> list[dict[str, Any]]:
        """Return each condition in words with the address that leaves it out."""
        shown = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if name == "order" or value in (None, "", False):
                continue
            words = value
            if isinstance(field, forms.ChoiceField):
                names: Any = field.choices
                words = str(dict(names)[value]).strip()
            elif value is True:
                words = ""
            changes = {"subkind": ""} if name == "kind" else {}
            query = self.query(**changes, **{name: ""})
            shown.append({"label": field.label, "value": words, "query": query})
        return shown


def _with_year(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Understand the single year of older addresses as both ends of a range."""
    year = data.get("year")
    if not year or data.get("year_from") or data.get("year_to"):
        return data
    return {**{name: data[name] for name in data}, "year_from": year, "year_to": year}


class SearchNameForm(forms.Form):
    """The name under which conditions are kept."""

    name = forms.CharField(label=_("Name of the search"), max_length=60)

    def clean_name(self) -> str:
        """Return the name without control characters.

        Raises:
            ValidationError: nothing is left of it.
        """
        name = plain_text(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please give the search a name."))
        return name
