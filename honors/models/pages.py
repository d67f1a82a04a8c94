"""Honors: model posts for safe work and excellent members."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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
    listed_kinds = ("model-post", "excellent-member", "honored-collective")
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = [
        "honors.SafetyModelPostPage",
        "honors.ExcellentMemberPage",
        "honors.HonoredCollectivePage",
        "honors.HonorRoundPage",
        "honors.HonorDecisionPage",
    ]
    template = "honors/honor_index_page.html"

    class Meta:
        verbose_name = _("honors front page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Show the awards; with `stories` in the address the pages that tell of them."""
        from honors.wall.reading import wall_context

        if "stories" in request.GET:
            return {**super().get_context(request, *args, **kwargs), "stories": True}
        # The list of the base is not asked for: both lists would cost twice the queries.
        context = super(IndexPage, self).get_context(request, *args, **kwargs)
        return {**context, **wall_context(request)}


class HonorPage(PortalPage):
    """What all honors share: title and year, whether they still count, an innovation.

    Attributes:
        honor_title: the name of the title; empty on pages written before titles were rows.
        suspended, revoked, revocation: written by the service that changes the award, so that
            each of them is a version of the page of its own, with a record.
        innovation: what was made better, with words and pictures of before and after.
    """

    section = "honors"
    default_audience = Audience.PUBLIC
    parent_page_types: ClassVar[list[str]] = ["honors.HonorIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    later_fields: ClassVar[frozenset[str]] = frozenset(
        {
            *("honor_title", "suspended", "innovation"),
            *("before_words", "before_picture", "after_words", "after_picture"),
        }
    )

    year = _year_field()
    honor_title = models.CharField(pgettext_lazy("honor", "title"), max_length=40, blank=True)
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    suspended = models.BooleanField(_("suspended"), default=False)
    revoked = models.BooleanField(_("revoked"), default=False)
    revocation = models.CharField(
        _("reason, number and date of the revocation"), max_length=200, blank=True
    )
    innovation = models.CharField(_("innovation"), max_length=100, blank=True)
    before_words = models.TextField(_("before the innovation"), max_length=600, blank=True)
    before_picture = models.ForeignKey(
        "pages.PortalImage",
        verbose_name=_("picture from before"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    after_words = models.TextField(_("after the innovation"), max_length=600, blank=True)
    after_picture = models.ForeignKey(
        "pages.PortalImage",
        verbose_name=_("picture from after"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
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
        if (self.revoked or self.suspended) and not self.revocation.strip():
            raise ValidationError(
                {"revocation": _("Please give the reason, the number and the date.")}
            )

    def standing(self) -> str:
        """Return the code of the state: valid, suspended or revoked."""
        return "revoked" if self.revoked else "suspended" if self.suspended else "valid"

    def innovation_facts(self) -> list[tuple[Any, Any]]:
        """Return the innovation in words, for the archive copy; the page shows it by itself."""
        if not self.innovation:
            return []
        facts = [
            (_("Innovation"), self.innovation),
            (_("Before the innovation"), self.before_words),
            (_("After the innovation"), self.after_words),
        ]
        return [fact for fact in facts if fact[1]]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Show the facts without the innovation, which has a place of its own."""
        context = super().get_context(request, *args, **kwargs)
        apart = {str(label) for label, _words in self.innovation_facts()}
        context["facts"] = [fact for fact in context["facts"] if str(fact[0]) not in apart]
        return context

    def _honor_facts(self) -> list[tuple[Any, Any]]:
        words = {"revoked": _("Revoked"), "suspended": _("Suspended"), "valid": _("Valid")}
        label = _("Revocation") if self.revoked else pgettext_lazy("honor", "Suspension")
        return [
            (pgettext_lazy("honor", "Title"), self.honor_title),
            (_("Year of the honor"), self.year),
            (_("Number of the decision"), self.decision_number),
            (_("Status"), words[self.standing()]),
            (label, self.revocation if self.standing() != "valid" else ""),
            *self.innovation_facts(),
        ]


_HONOR_PANEL = MultiFieldPanel(
    [
        FieldPanel("honor_title"),
        FieldRowPanel([FieldPanel("year"), FieldPanel("decision_number")]),
    ],
    heading=_("Honor"),
)
_INNOVATION_PANEL = MultiFieldPanel(
    [
        FieldPanel("innovation"),
        FieldRowPanel([FieldPanel("before_words"), FieldPanel("after_words")]),
        FieldRowPanel([FieldPanel("before_picture"), FieldPanel("after_picture")]),
    ],
    heading=_("Innovation, before and after"),
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
        _INNOVATION_PANEL,
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
        _INNOVATION_PANEL,
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


class HonoredCollectivePage(HonorPage):
    """A team or a Party organization that received a title (先进集体)."""

    kind = "honored-collective"
    template = "honors/honored_collective_page.html"

    collective_name = models.CharField(_("team or organization"), max_length=60)
    accident_free_days = models.PositiveIntegerField(
        _("days without accident"), null=True, blank=True
    )
    hazards_found = models.PositiveIntegerField(_("hazards found"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("collective_name"),
                FieldRowPanel([FieldPanel("accident_free_days"), FieldPanel("hazards_found")]),
            ],
            heading=_("Team or organization"),
        ),
        _HONOR_PANEL,
        *PortalPage.content_panels[1:],
        _INNOVATION_PANEL,
    ]
    search_fields = [*PortalPage.search_fields, index.SearchField("collective_name")]

    class Meta:
        verbose_name = _("honored collective")
        verbose_name_plural = _("honored collectives")

    def facts(self) -> list[tuple[Any, Any]]:
        """Name, unit, figures and the honor."""
        facts = [
            (_("Team or organization"), self.collective_name),
            (_("Unit"), self.unit),
            (_("Days without accident"), self.accident_free_days),
            (_("Hazards found"), self.hazards_found),
            *self._honor_facts(),
        ]
        return [(label, value) for label, value in facts if value not in (None, "")]
