"""The dialogues in which questions and surveys are chosen, closed to who does not run surveys."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.snippets.views import chooser

from union.models import Survey, SurveyQuestion
from union.surveys.permissions import may_keep_questions, run_offices


class _OfficeOnly:
    """Refuses who does not run surveys."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        """Let in whoever runs surveys.

        Raises:
            PermissionDenied: the account does not.
        """
        if not may_keep_questions(request.user):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(  # type: ignore[misc]
            request, *arguments, **keywords
        )
        return answer


class _Listed(_OfficeOnly):
    """What can be chosen: questions that are still used, surveys of the own office."""

    def get_object_list(self) -> models.QuerySet[Any]:
        """Return what is offered."""
        rows: models.QuerySet[Any] = super().get_object_list()  # type: ignore[misc]
        if rows.model is SurveyQuestion:
            return rows.filter(is_retired=False).select_related("dimension")
        if rows.model is Survey:
            offices = run_offices(self.request.user)  # type: ignore[attr-defined]
            return rows.filter(office__in=offices).defer("snapshot", "design")
        return rows


class ChooseView(_Listed, chooser.ChooseView):
    """The dialogue."""


class ChooseResultsView(_Listed, chooser.ChooseResultsView):
    """Its list, after a search."""


class ChosenView(_OfficeOnly, chooser.SnippetChosenView):
    """What was chosen."""


class ChosenMultipleView(_OfficeOnly, chooser.SnippetChosenMultipleView):
    """What was chosen, several."""


class CreateView(_OfficeOnly, chooser.SnippetCreateView):
    """Nothing is made from inside the dialogue: the bank has the form, with its checks."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponseBase:
        """Refuse everybody.

        Raises:
            PermissionDenied: always.
        """
        raise PermissionDenied


class OfficeChooserViewSet(chooser.SnippetChooserViewSet):
    """The dialogues of surveys, questions and dimensions."""

    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView
