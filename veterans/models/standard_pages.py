"""The public page of a support item: what the standard in force says, in every reader's words."""

from __future__ import annotations

import datetime
import json
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page

from portal.organizations.models import Unit
from portal.pages.formats import chinese_date
from portal.pages.models import Audience, PortalPage
from veterans.models.pages import PolicyPage
from veterans.models.standards import ItemVersion


class SupportStandardPage(PortalPage):
    """The standard of one item (办事指南): conditions, amount, materials, steps and limits.

    The facts are the version; the page publishes them. Its body is written from the version
    whenever the page is saved, so what reviewers approve and what the archive keeps is the
    whole text of the standard, and nobody edits a number on the page.
    """

    kind = "support-standard"
    section = "veterans"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["veterans.VeteransIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "veterans/support_standard_page.html"

    version = models.ForeignKey(
        ItemVersion,
        verbose_name=_("version of the standard"),
        on_delete=models.PROTECT,
        related_name="pages",
        limit_choices_to={"status": "published"},
        help_text=_("Only published versions. The text of the page follows it."),
    )
    policy = models.ForeignKey(
        PolicyPage,
        verbose_name=_("policy it rests on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("version"),
        FieldPanel("summary"),
        PageChooserPanel("policy", "veterans.PolicyPage"),
        FieldPanel("picture"),
    ]

    class Meta:
        verbose_name = _("support standard")
        verbose_name_plural = _("support standards")

    def clean(self) -> None:
        """Take the text from the version; one item and region has one page.

        Raises:
            ValidationError: the version is not published, or another page has the item.
        """
        super().clean()
        if not self.version_id:
            return
        self._take_text()
        others = SupportStandardPage.objects.filter(
            version__item=self.version.item, version__region=self.version.region
        ).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError(
                {"version": _("This item has a page already. Please change the version there.")}
            )

    def _take_text(self) -> None:
        from veterans.standards.story import story_blocks

        if not self.version.is_published:
            raise ValidationError(
                {"version": _("This version is not published yet. Please choose another one.")}
            )
        text = json.dumps(story_blocks(self.version.standard), ensure_ascii=False)
        self.body = text  # type: ignore[assignment]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save with the text of the version, whoever saves and whatever was typed."""
        if "update_fields" not in kwargs:
            self._take_text()
        return super().save(*args, **kwargs)

    def get_unit(self) -> Unit | None:
        """The unit of the page, else of the item."""
        return self.unit or (self.version.item.unit if self.version_id else None)

    def business_date(self) -> datetime.date:
        """The first day in force; of what comes into force later, the day it was published.

        The archive takes no record whose day lies ahead (GD-1-5).
        """
        published = timezone.localdate(self.last_published_at or timezone.now())
        return min(self.version.effective_from, published)

    def reference(self) -> str:
        """The document number of the standard."""
        return self.version.document_number

    def expires_on(self) -> datetime.date | None:
        """The last day in force."""
        return self.version.effective_to

    def facts(self) -> list[tuple[Any, Any]]:
        """Item, number, days in force, where to go."""
        version = self.version
        facts = [
            (_("Item"), version.item.name),
            (_("Document number"), version.document_number),
            (_("In force from"), chinese_date(version.effective_from)),
            (_("In force until"), chinese_date(version.effective_to)),
            (_("Region"), version.region_name),
            (_("Where to go"), version.place),
            (_("Telephone"), version.phone),
            (_("Office hours"), version.hours),
            (_("Ways to apply"), version.channels),
        ]
        return [(label, value) for label, value in facts if value]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the content of the standard as the template shows it."""
        from veterans.standards.showing import standard_context

        context = super().get_context(request, *args, **kwargs)
        context.update(standard_context(self.version))
        policy = self.policy
        context["policy"] = policy if policy is not None and policy.live else None
        return context
