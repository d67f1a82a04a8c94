"""Pages a round publishes: its notice, and the decision that confers the title."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage


class HonorDocumentPage(PortalPage):
    """What both share: services write them with four eyes, nobody makes or changes one by hand."""

    section = "honors"
    is_creatable = False
    kept_by_services = True
    parent_page_types: ClassVar[list[str]] = ["honors.HonorIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        abstract = True


class HonorRoundPage(HonorDocumentPage):
    """The notice of a round (评选通知): title, quota, conditions, last day of nominations."""

    kind = "honor-round"
    template = "honors/rounds/document_page.html"
    default_audience = Audience.EMPLOYEES

    title_name = models.CharField(_("title"), max_length=40)
    opened_on = models.DateField(_("opened on"))
    closes_on = models.DateField(_("last day of nominations"))

    class Meta:
        verbose_name = _("notice of an honors round")
        verbose_name_plural = _("notices of honors rounds")

    def business_date(self) -> datetime.date:
        """The day on which the round was opened."""
        return self.opened_on

    def facts(self) -> list[tuple[Any, Any]]:
        """Title, unit and the days."""
        return [
            (pgettext_lazy("honor", "Title"), self.title_name),
            (_("Responsible unit"), self.unit),
            (_("Opened on"), chinese_date(self.opened_on)),
            (_("Last day of nominations"), chinese_date(self.closes_on)),
        ]


class HonorDecisionPage(HonorDocumentPage):
    """The decision of the Party committee that confers a title (表彰决定)."""

    kind = "honor-decision"
    template = "honors/rounds/document_page.html"
    default_audience = Audience.PUBLIC

    document_number = models.CharField(_("document number"), max_length=60)
    decided_on = models.DateField(_("decided on"))

    class Meta:
        verbose_name = _("decision on honors")
        verbose_name_plural = _("decisions on honors")

    def business_date(self) -> datetime.date:
        """The day of the decision."""
        return self.decided_on

    def reference(self) -> str:
        """The document number."""
        return self.document_number

    def facts(self) -> list[tuple[Any, Any]]:
        """Number, unit and day."""
        return [
            (_("Document number"), self.document_number),
            (_("Responsible unit"), self.unit),
            (_("Decided on"), chinese_date(self.decided_on)),
        ]
