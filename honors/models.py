"""Honors: model posts for safe work and excellent members."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.pages.models import Audience, IndexPage, PortalPage


def _year_field() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        _("year of the honor"),
        null=True,
        validators=[MinValueValidator(1949), MaxValueValidator(2100)],
    )


class HonorIndexPage(IndexPage):
    """The honor wall (光荣榜)."""

    kind = "honor-index"
    section = "honors"
    listed_kinds = ("model-post", "excellent-member")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "honors.SafetyModelPostPage",
        "honors.ExcellentMemberPage",
    ]
    template = "honors/honor_index_page.html"

    class Meta:
        verbose_name = _("honors front page")


class HonorPage(PortalPage):
    """What all honors share: the year, and whether the honor was revoked."""

    section = "honors"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["honors.HonorIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    year = _year_field()
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    revoked = models.BooleanField(_("revoked"), default=False)
    revocation = models.CharField(
        _("reason, number and date of the revocation"), max_length=200, blank=True
    )

    class Meta:
        abstract = True

    def reference(self) -> str:
        """The number of the decision."""
        return self.decision_number

    def clean(self) -> None:
        """A revocation says why."""
        from django.core.exceptions import ValidationError

        super().clean()
        if self.revoked and not self.revocation.strip():
            raise ValidationError(
                {"revocation": _("Please give the reason, the number and the date.")}
            )

    def _honor_facts(self) -> list[tuple[Any, Any]]:
        return [
            (_("Year of the honor"), self.year),
            (_("Number of the decision"), self.decision_number),
            (_("Status"), _("Revoked") if self.revoked else _("Valid")),
            (_("Revocation"), self.revocation if self.revoked else ""),
        ]


_HONOR_PANEL = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("year"), FieldPanel("decision_number")]),
        FieldRowPanel([FieldPanel("revoked"), FieldPanel("revocation")]),
    ],
    heading=_("Honor"),
)


class SafetyModelPostPage(HonorPage):
    """A model post for safe work (安全生产模范岗): the post, its team and its figures."""

    kind = "model-post"
    template = "honors/safety_model_post_page.html"

    post_name = models.CharField(_("post"), max_length=60)
    team_name = models.CharField(_("team"), max_length=60, blank=True)
    accident_free_days = models.PositiveIntegerField(
        _("days without accident"), null=True, blank=True
    )
    hazards_found = models.PositiveIntegerField(_("hazards found"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("post_name"), FieldPanel("team_name")]),
                FieldRowPanel([FieldPanel("accident_free_days"), FieldPanel("hazards_found")]),
            ],
            heading=_("Post"),
        ),
        _HONOR_PANEL,
        *PortalPage.content_panels[1:],
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("post_name")]

    class Meta:
        verbose_name = _("model safety post")
        verbose_name_plural = _("model safety posts")

    def facts(self) -> list[tuple[Any, Any]]:
        """Post, team, figures and the honor."""
        facts = [
            (_("Post"), self.post_name),
            (_("Team"), self.team_name),
            (_("Unit"), self.unit),
            (_("Days without accident"), self.accident_free_days),
            (_("Hazards found"), self.hazards_found),
            *self._honor_facts(),
        ]
        return [(label, value) for label, value in facts if value not in (None, "")]


class ExcellentMemberPage(HonorPage):
    """An excellent Party member (优秀共产党员)."""

    kind = "excellent-member"
    template = "honors/excellent_member_page.html"
    person_fields: ClassVar[tuple[str, ...]] = ("member_name",)

    member_name = models.CharField(_("name"), max_length=50)
    position = models.CharField(_("position"), max_length=50, blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("member_name"), FieldPanel("position")])],
            heading=_("Member"),
        ),
        _HONOR_PANEL,
        *PortalPage.content_panels[1:],
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("member_name")]

    class Meta:
        verbose_name = _("excellent member")
        verbose_name_plural = _("excellent members")

    def facts(self) -> list[tuple[Any, Any]]:
        """Name, position, unit and the honor."""
        facts = [
            (_("Full name"), self.member_name),
            (_("Position held"), self.position),
            (_("Unit"), self.unit),
            *self._honor_facts(),
        ]
        return [(label, value) for label, value in facts if value not in (None, "")]
