"""Public pages of surveys. The survey is a model; its page says what it is for, and leads to it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from union.models.surveys import Survey


class SurveyPage(PortalPage):
    """The announcement of a survey: purpose, days, and what is stored of an answer."""

    kind = "survey"
    section = "union"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["union.UnionIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "union/surveys/survey_page.html"

    survey = models.ForeignKey(
        Survey, verbose_name=_("survey"), on_delete=models.PROTECT, related_name="pages"
    )
    # What was launched is said here for good, also when the survey itself is gone.
    opens_on = models.DateField(_("first day"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("survey"),
        *PortalPage.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("survey page")
        verbose_name_plural = _("survey pages")

    def clean(self) -> None:
        """Take the days from the survey."""
        super().clean()
        if self.survey_id:
            self.opens_on, self.closes_on = self.survey.opens_on, self.survey.closes_on

    def facts(self) -> list[tuple[Any, Any]]:
        """Days, who runs it, and whether answers have names."""
        facts: list[tuple[Any, Any]] = [(_("Run by"), self.unit)] if self.unit else []
        if self.opens_on and self.closes_on:
            facts += [
                (_("First day"), chinese_date(self.opens_on)),
                (_("Last day"), chinese_date(self.closes_on)),
            ]
        if self.survey_id:
            facts.append((_("How answers are kept"), self.survey.get_mode_display()))
        return facts

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say whether answers are taken now."""
        context = super().get_context(request, *args, **kwargs)
        today = timezone.localdate()
        context["survey"] = self.survey
        context["takes_answers"] = (
            self.survey.pk is not None
            and Survey.objects.open().filter(pk=self.survey.pk).exists()
            and self.survey.opens_on <= today <= self.survey.closes_on
        )
        return context
