"""The page that publishes the frozen figures of a survey and what is done about them."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from union.models.surveys import Survey


class SurveyResultPage(PortalPage):
    """The results of a survey (调查结果): figures, comments that two people looked at, progress.

    Everything is copied here when the page is written, so that readers, the reviewer and the
    archive see the same.

    Attributes:
        figures: the frozen JSON of the survey.
        comments: by question, the words that are shown.
        improvements: the improvement list with its progress, as of the last version of the page.
    """

    kind = "survey-result"
    section = "union"
    default_audience = Audience.EMPLOYEES
    # Written by the service alone, from frozen figures.
    is_creatable = False
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/survey_results/result_page.html"

    survey = models.OneToOneField(
        Survey, verbose_name=_("survey"), on_delete=models.PROTECT, related_name="result_page"
    )
    figures = models.JSONField(default=dict, editable=False)
    comments = models.JSONField(default=list, editable=False)
    improvements = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("survey result page")
        verbose_name_plural = _("survey result pages")

    def business_date(self) -> datetime.date:
        """The last day of the survey."""
        facts = self.figures.get("survey", {})
        return parse_date(facts.get("closed_on", "")) or super().business_date()

    def facts(self) -> list[tuple[Any, Any]]:
        """Days, how many were asked and answered, the rules of publication."""
        facts = self.figures.get("survey")
        if not facts:
            return []
        rows: list[tuple[Any, Any]] = [
            (_("First day"), chinese_date(parse_date(facts["opened_on"]))),
            (_("Last day"), chinese_date(parse_date(facts["closed_on"]))),
            (_("Invited people"), self.figures["invited"]),
        ]
        if self.figures["enough"]:
            rows += [
                (pgettext_lazy("survey", "Answers"), self.figures["answered"]),
                (_("Turnout"), f"{self.figures['rate']} %"),
            ]
        return [*rows, (_("Smallest group"), facts["minimum"])]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the figures show."""
        from union.survey_results.pages import page_context

        return {**super().get_context(request, *args, **kwargs), **page_context(self)}
