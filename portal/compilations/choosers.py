"""The dialogue in which an editor of compilations chooses a record."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from portal.archives.models import AccessLevel, Record
from portal.archives.querysets import RecordQuerySet
from portal.archives.retrieval.conditions import begins
from portal.compilations.citing import name_for_editors, offered_records
from portal.compilations.permissions import may_compile

LONGEST_WORDS = 60


class RecordFilterForm(BaseFilterForm):
    """Narrows the list down by words of the title, a code or a year."""

    q = forms.CharField(
        label=gettext_lazy("Title, archive code or document number"),
        max_length=LONGEST_WORDS,
        required=False,
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False)

    def filter(self, objects: RecordQuerySet) -> RecordQuerySet:
        """Return the records that fit; a year is asked first, because it leaves few."""
        words, year = self.cleaned_data["q"], self.cleaned_data["year"]
        if year is not None:
            objects = objects.filter(year=year) if 0 < year < 10_000 else objects.none()
        for word in words.split():
            objects = objects.filter(
                Q(title__icontains=word) | begins("archive_code", word) | begins("reference", word)
            )
        self.is_searching, self.search_query = bool(words or year), words
        return objects


def level_words(record: Record) -> str:
    """Return the level of a record, with the warning that belongs to it."""
    if record.access_level == AccessLevel.OPEN:
        return str(record.get_access_level_display())
    return _("Internal: not for a compilation that everybody reads")


class _CompilersOnly:
    """Refuses who writes no compilations."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        """Let in whoever may add a compilation.

        Raises:
            PermissionDenied: the account may not.
        """
        if not may_compile(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(  # type: ignore[misc]
            request, *arguments, **keywords
        )
        return answer


class _Listed(_CompilersOnly):
    """What is offered, and in which columns."""

    filter_form_class = RecordFilterForm
    ordering = None
    request: HttpRequest

    def get_object_list(self) -> RecordQuerySet:
        """Return the records that the account may list."""
        return offered_records(self.request.user)

    def can_create(self) -> bool:
        """Records come from what is published, never from a form."""
        return False

    @property
    def columns(self) -> list[Column]:
        """Title, day, unit, code and level."""
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("business_date", label=gettext_lazy("Date")),
            Column("unit", label=gettext_lazy("Unit")),
            Column("archive_code", label=gettext_lazy("Archive code")),
            Column("level", label=pgettext_lazy("archive", "Access level"), accessor=level_words),
        ]


class ChooseView(_Listed, chooser.ChooseView):
    """The dialogue."""


class ChooseResultsView(_Listed, chooser.ChooseResultsView):
    """Its list, after a search."""


class _Chosen(_CompilersOnly):
    """What was chosen must be among what is offered."""

    request: HttpRequest

    def get_object(self, number: str) -> Record:
        """Return a record that was chosen.

        Raises:
            Record.DoesNotExist: it is not offered to the account.
        """
        return self.get_objects([number]).get()

    def get_objects(self, numbers: list[str]) -> RecordQuerySet:
        """Return the records that were chosen and are offered."""
        return offered_records(self.request.user).filter(pk__in=_record_numbers(numbers))

    def get_display_title(self, record: Record) -> str:
        """Return the words that the form shows."""
        return name_for_editors(record)


def _record_numbers(typed: list[str]) -> list[uuid.UUID]:
    numbers = []
    for value in typed:
        try:
            numbers.append(uuid.UUID(value))
        except ValueError:
            # Nothing has such a number.
            continue
    return numbers


class ChosenView(_Chosen, chooser.ChosenView):
    """What was chosen."""


class ChosenMultipleView(_Chosen, chooser.ChosenMultipleView):
    """What was chosen, several."""


class CreateView(chooser.CreateView):
    """Nothing is made from inside the dialogue."""

    def can_create(self) -> bool:
        """Nobody may."""
        return False


class RecordChooserViewSet(ChooserViewSet):
    """The addresses of the dialogue."""

    model = Record
    icon = "doc-full"
    choose_one_text = gettext_lazy("Choose a record")
    per_page = 10
    register_widget = False
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView
