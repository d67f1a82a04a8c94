"""Items and draft versions in Wagtail's admin, for the veterans service officer.

Nothing here puts a standard in force: that is done on the office pages, by a second person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BasePermissionPolicy

from veterans.models import ItemVersion, SupportItem
from veterans.models.standards import VersionState
from veterans.standards.permissions import may_write_standards
from veterans.standards.refusals import NotAtThisState
from veterans.standards.services import edited


class WriterPolicy(BasePermissionPolicy):
    """The veterans service officer writes; nobody else enters, superusers included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the account adds, changes and sees; items are history and stay."""
        return action != "delete" and may_write_standards(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Whether the account may do one of them."""
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions: Iterable[str]) -> models.QuerySet[Any]:
        """Nobody by a permission of Django's: the role decides."""
        from portal.people.models import User

        return User.objects.none()


class DraftPolicy(WriterPolicy):
    """Drafts may also be thrown away."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether the account writes standards."""
        return may_write_standards(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """What is published is neither changed nor deleted."""
        if action in ("change", "delete") and instance.is_published:
            return False
        return self.user_has_permission(user, action)


class SupportItemViewSet(ModelViewSet):
    """The items: code, name, what they are about, who answers for them."""

    model = SupportItem
    icon = "list-ul"
    name = "support-items"
    menu_label = gettext_lazy("Support items")
    add_to_reference_index = False
    copy_view_enabled = False
    form_fields = ["code", "name", "category", "unit", "summary", "order", "is_offered"]
    list_display = ["name", "code", "category", "unit", "order", "is_offered"]
    list_filter = ["category", "is_offered"]
    list_per_page = 20
    ordering = ("order", "pk")
    search_fields = ["name", "code"]
    search_backend_name = None

    @property
    def permission_policy(self) -> WriterPolicy:
        """The officer's."""
        return WriterPolicy(self.model)


def office_address(version: ItemVersion) -> str:
    """Return the address of a version in the office."""
    return reverse("support_standard", args=[version.pk])


class VersionIndexView(generic.IndexView):
    """All versions, the open ones first."""

    def get_base_queryset(self) -> models.QuerySet[ItemVersion]:
        """Read the items along."""
        versions: models.QuerySet[ItemVersion] = super().get_base_queryset()
        return versions.select_related("item")


class VersionCreateView(generic.CreateView):
    """A new draft."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the draft and note who wrote it."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            edited(self.object, self.request.user)
        return response

    def get_success_url(self) -> str:
        """Go to the version in the office, where it is proposed."""
        return office_address(self.object)


class VersionEditView(generic.EditView):
    """Change a draft; what was proposed goes back to the draft."""

    def get_object(self, queryset: Any = None) -> ItemVersion:
        """Return the version.

        Raises:
            NotAtThisState: it is published.
        """
        version: ItemVersion = super().get_object(queryset)
        if version.is_published:
            raise NotAtThisState(
                _("“%(version)s” is published and does not change. Please copy it as a new one.")
                % {"version": version},
                links=[(_("Open the version"), office_address(version))],
            )
        return version

    def form_valid(self, form: Any) -> HttpResponse:
        """Save under the lock of the item, so that nothing is changed while it is published."""
        with transaction.atomic():
            edited(self.object, self.request.user)
            draft: ItemVersion = form.instance
            draft.status = VersionState.DRAFT
            draft.proposed_by = draft.proposed_at = None
            draft.changed_at = timezone.now()
            response: HttpResponse = super().form_valid(form)
        return response

    def get_success_url(self) -> str:
        """Go to the version in the office, where it is proposed."""
        return office_address(self.object)


class VersionDeleteView(generic.DeleteView):
    """Throw a draft away."""

    def get_object(self, queryset: Any = None) -> ItemVersion:
        """Return the draft.

        Raises:
            NotAtThisState: it is published.
        """
        version: ItemVersion = super().get_object(queryset)
        if version.is_published:
            raise NotAtThisState(
                _("“%(version)s” is published and is kept.") % {"version": version},
                links=[(_("Open the version"), office_address(version))],
            )
        return version


_CONDITION = FieldRowPanel([FieldPanel("field"), FieldPanel("operator"), FieldPanel("value")])
_FIRST_PAGE = [
    FieldPanel("item"),
    FieldRowPanel([FieldPanel("effective_from"), FieldPanel("effective_to")]),
    FieldRowPanel([FieldPanel("region"), FieldPanel("region_name")]),
    FieldPanel("document_number"),
    FieldPanel("basis"),
    FieldPanel("people"),
    FieldPanel("payment"),
    FieldPanel("guide"),
    MultiFieldPanel(
        [
            FieldPanel("place"),
            FieldRowPanel([FieldPanel("phone"), FieldPanel("hours")]),
            FieldPanel("channels"),
        ],
        heading=gettext_lazy("Where to go"),
    ),
    FieldRowPanel([FieldPanel("repeats"), FieldPanel("applies_to_open_cases")]),
]
_RULES = InlinePanel(
    "rules",
    [
        FieldPanel("title"),
        _CONDITION,
        FieldPanel("met"),
        FieldPanel("unmet"),
        FieldRowPanel([FieldPanel("refuses"), FieldPanel("clause")]),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("when_field"),
                        FieldPanel("when_operator"),
                        FieldPanel("when_value"),
                    ]
                )
            ],
            heading=gettext_lazy("Asked only if"),
        ),
    ],
    heading=gettext_lazy("Conditions"),
    label=gettext_lazy("Condition"),
)
_AMOUNTS = InlinePanel(
    "amounts",
    [
        FieldRowPanel([FieldPanel("label"), FieldPanel("categories")]),
        _CONDITION,
        FieldRowPanel([FieldPanel("method"), FieldPanel("adds")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("period")]),
        FieldRowPanel([FieldPanel("quantity"), FieldPanel("quantity_field")]),
        FieldRowPanel([FieldPanel("ratio"), FieldPanel("base_field")]),
        FieldRowPanel([FieldPanel("deductible"), FieldPanel("deduct_field")]),
        FieldPanel("bands"),
        FieldRowPanel([FieldPanel("cap_case"), FieldPanel("cap_year")]),
        FieldRowPanel([FieldPanel("note"), FieldPanel("clause")]),
    ],
    heading=gettext_lazy("Table of amounts"),
    label=gettext_lazy("Row"),
)
_MATERIALS = InlinePanel(
    "materials",
    [
        FieldRowPanel([FieldPanel("code"), FieldPanel("name")]),
        FieldRowPanel([FieldPanel("need"), FieldPanel("exempt_when_on_file")]),
        _CONDITION,
        FieldRowPanel([FieldPanel("formats"), FieldPanel("issued_by")]),
        FieldPanel("sample"),
        FieldRowPanel([FieldPanel("valid_months"), FieldPanel("clause")]),
        FieldPanel("note"),
    ],
    heading=gettext_lazy("Materials"),
    label=gettext_lazy("Material"),
)
_STEPS = InlinePanel(
    "steps",
    [
        FieldRowPanel([FieldPanel("name"), FieldPanel("role")]),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("working_days"), FieldPanel("clause")]),
    ],
    heading=gettext_lazy("How it goes"),
    label=gettext_lazy("Step"),
)
_LIMITS = InlinePanel(
    "limits",
    [
        FieldRowPanel([FieldPanel("stage"), FieldPanel("days"), FieldPanel("working")]),
        FieldPanel("clause"),
    ],
    heading=gettext_lazy("Time limits"),
    label=gettext_lazy("time limit"),
)


class ItemVersionViewSet(ModelViewSet):
    """Drafts of versions with all their rows."""

    model = ItemVersion
    icon = "doc-full-inverse"
    name = "support-standards"
    menu_label = gettext_lazy("Versions of standards")
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = VersionCreateView
    edit_view_class = VersionEditView
    delete_view_class = VersionDeleteView
    index_view_class = VersionIndexView
    edit_handler = TabbedInterface(
        [
            ObjectList(_FIRST_PAGE, heading=gettext_lazy("First page")),
            ObjectList([_RULES], heading=gettext_lazy("Conditions")),
            ObjectList([_AMOUNTS], heading=gettext_lazy("Table of amounts")),
            ObjectList([_MATERIALS], heading=gettext_lazy("Materials")),
            ObjectList([_STEPS, _LIMITS], heading=gettext_lazy("Steps and limits")),
        ]
    )
    list_display = [
        TitleColumn("__str__", label=gettext_lazy("version"), get_url=office_address),
        Column("state", label=gettext_lazy("state"), accessor="get_status_display"),
        Column(
            "effective_from",
            label=gettext_lazy("in force from"),
            accessor="effective_from",
            sort_key="effective_from",
        ),
        Column("effective_to", label=gettext_lazy("in force until"), accessor="effective_to"),
        Column("document_number", label=gettext_lazy("document number")),
    ]
    list_filter = ["status", "item"]
    list_per_page = 20
    ordering = ("item__order", "-effective_from")
    search_fields = ["item__name", "document_number"]
    search_backend_name = None

    @property
    def permission_policy(self) -> DraftPolicy:
        """The officer's; what is published stays as it is."""
        return DraftPolicy(self.model)


class StandardsGroup(ViewSetGroup):
    """Both in one menu."""

    menu_label = gettext_lazy("Support standards")
    menu_icon = "list-ul"
    menu_order = 260
    items = (SupportItemViewSet, ItemVersionViewSet)
