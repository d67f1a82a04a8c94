"""The pages of Party branches and of their activities."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from branches.dates import in_words
from branches.models.activities import Activity, ActivityKind
from portal.organizations.models import Unit, UnitKind
from portal.pages.formats import chinese_date
from portal.pages.models import Audience, IndexPage, PortalPage
from portal.roles.services import synchronize_unit_groups


class BranchIndexPage(IndexPage):
    """The front of Party building: all branches and their activities."""

    kind = "branch-index"
    section = "branches"
    listed_kinds = ("activity",)
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["branches.BranchPage"]
    template = "branches/branch_index_page.html"

    class Meta:
        verbose_name = _("Party building front page")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the doors to the branches; the list below holds their activities."""
        from branches.year.permissions import may_see_year
        from portal.pages.models import Publication
        from portal.roles.permissions import has_role

        context = super().get_context(request, *args, **kwargs)
        branches = Publication.objects.visible_to(request.user).of_kind("branch")
        context["branches"] = branches.order_by("page__path")
        context["sees_year"] = may_see_year(request.user)
        # By roles alone, which are read already: the front stays cheap for all other readers.
        context["works_here"] = context["sees_year"] or has_role(request.user, "party_member")
        return context


class BranchPage(PortalPage):
    """The page of a Party branch, one to one with its unit."""

    kind = "branch"
    section = "branches"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["branches.BranchIndexPage"]
    subpage_types: ClassVar[list[str]] = ["branches.ActivityPage"]
    template = "branches/branch_page.html"

    branch = models.OneToOneField(
        Unit,
        verbose_name=_("Party branch"),
        on_delete=models.PROTECT,
        related_name="branch_page",
        limit_choices_to={"kind": UnitKind.PARTY_BRANCH},
    )

    content_panels = [*Page.content_panels, FieldPanel("branch"), *PortalPage.content_panels[1:]]

    class Meta:
        verbose_name = _("Party branch")
        verbose_name_plural = _("Party branches")

    def get_unit(self) -> Unit | None:
        """The branch itself."""
        return self.branch if self.branch_id else None

    def went_live(self) -> None:
        """Give the roles of the branch, and of the units above it, their rights on the page."""
        synchronize_unit_groups(self.branch)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the branch's activities, paged and filtered."""
        from branches.listing import branch_activities

        context = super().get_context(request, *args, **kwargs)
        context.update(branch_activities(self, request))
        return context


class ActivityPage(PortalPage):
    """The public account of an activity. The facts are copied from the activity, so that
    what was reviewed is what stays published."""

    kind = "activity"
    section = "branches"
    default_audience = Audience.EMPLOYEES
    parent_page_types: ClassVar[list[str]] = ["branches.BranchPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "branches/activity_page.html"
    person_fields: ClassVar[tuple[str, ...]] = ("host_name", "recorder_name")

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="page",
    )
    activity_kind = models.CharField(
        _("kind of activity"), max_length=20, choices=ActivityKind.choices
    )
    held_on = models.DateField(_("date"), null=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    host_name = models.CharField(_("host"), max_length=50, blank=True)
    recorder_name = models.CharField(_("recorder"), max_length=50, blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("activity_kind"), FieldPanel("held_on")]),
                FieldPanel("place"),
                FieldRowPanel([FieldPanel("host_name"), FieldPanel("recorder_name")]),
            ],
            heading=_("Facts"),
        ),
        *PortalPage.content_panels[1:],
    ]
    promote_panels = [FieldPanel("audience"), FieldPanel("slug")]
    # Wagtail's page copy must not give two pages one activity.
    exclude_fields_in_copy: ClassVar[list[str]] = ["activity"]
    search_fields = [*PortalPage.search_fields, index.FilterField("held_on")]

    class Meta:
        verbose_name = _("branch activity")
        verbose_name_plural = _("branch activities")

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """Keep the activity: drafts written before the first publication know of none."""
        page = super().with_content_json(content)
        page.activity_id = self.activity_id
        page.unit_id = self.unit_id
        return page

    def went_live(self) -> None:
        """Bring the activity behind the page in step with what is published."""
        from branches.services import record_activity

        record_activity(self)

    def clean(self) -> None:
        """A year ahead is a slip of the keyboard; a reviewed record says what was held when."""
        super().clean()
        record = self.activity
        if record is not None and record.has_record and self.held_on != record.held_on:
            raise ValidationError(
                {
                    "held_on": _("By its record the activity was held on %(day)s.")
                    % {"day": in_words(record.held_on)}
                }
            )
        if record is not None and record.has_record and self.activity_kind != record.kind:
            raise ValidationError(
                {
                    "activity_kind": _("By its record this was: %(kind)s.")
                    % {"kind": record.get_kind_display()}
                }
            )
        if self.held_on and self.held_on > timezone.localdate() + datetime.timedelta(days=366):
            raise ValidationError(
                {"held_on": _("The date lies more than a year ahead. Please check the year.")}
            )

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Belong to the branch whose page stands above, wherever the page was copied from."""
        if self.path:
            above = BranchPage.objects.filter(path=self.path[: -self.steplen])
            self.unit_id = above.values_list("branch_id", flat=True).first()
        return super().save(*args, **kwargs)

    @classmethod
    def follow_move(cls, page_id: int, parent: Page) -> None:
        """Let a draft that was moved to another branch belong to it."""
        branch = BranchPage.objects.filter(pk=parent.pk).values_list("branch_id", flat=True).first()
        cls.objects.filter(pk=page_id).update(unit_id=branch)

    def can_move_to(self, parent: Page) -> bool:
        """What was published in one branch is not moved to another: its record names the branch."""
        return bool(super().can_move_to(parent)) and not (
            self.first_published_at and not self.is_child_of(parent)
        )

    def subkind(self) -> str:
        """The kind of the activity."""
        return self.activity_kind

    @classmethod
    def subkinds(cls) -> dict[str, Any]:
        """The kinds of activities."""
        return dict(ActivityKind.choices)

    def business_date(self) -> datetime.date:
        """The day of the activity."""
        return self.held_on or super().business_date()

    def facts(self) -> list[tuple[Any, Any]]:
        """Kind, date, place, host and recorder."""
        facts = [
            (_("Kind of activity"), self.get_activity_kind_display()),
            (_("Date"), chinese_date(self.held_on)),
            (_("Place"), self.place),
            (_("Host"), self.host_name),
            (_("Recorder"), self.recorder_name),
        ]
        return [(label, value) for label, value in facts if value]
