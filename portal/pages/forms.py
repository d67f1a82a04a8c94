"""The base form of the page editor."""

from __future__ import annotations

from itertools import count
from typing import Any

from anyascii import anyascii
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from portal.organizations.models import Unit
from portal.roles.permissions import assignments
from portal.roles.table import Scope

MAX_SLUG_CHARACTERS = 60


def free_slug(title: str, taken: set[str]) -> str:
    """Return the title in Latin letters as an address part that no sibling has."""
    base = slugify(anyascii(title))[:MAX_SLUG_CHARACTERS].strip("-") or "page"
    candidates = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)


class PortalPageForm(WagtailAdminPageForm):
    """Wagtail's page form with the portal's rules on units and schedules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            # The browser cannot spell Chinese in letters; the server does it when it must.
            self.fields["slug"].required = False
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
                continue
            if field.queryset.model is Unit:
                field.queryset = self._own_units(field.queryset, self.initial.get(name))

    def _own_units(self, units: Any, present: Any) -> Any:
        """Offer the units of the editor's roles: the unit decides who may review the page."""
        user = self.for_user
        if user is None or user.is_superuser:
            return units
        own = assignments(user)
        if any(found.role.scope is Scope.ALL and found.role.staff for found in own):
            return units
        within = Unit.objects.within([found.unit for found in own if found.role.staff])
        return units.filter(Q(pk__in=within.values("pk")) | Q(pk=present))

    def clean_slug(self) -> str:
        """Return the address that was typed, or one made from the title that is still free."""
        slug: str = self.cleaned_data["slug"]
        if self.instance.pk:
            return slug or self.instance.slug
        taken = set(self.parent_page.get_children().values_list("slug", flat=True))
        if slug and slug not in taken:
            return slug
        return free_slug(self.cleaned_data.get("title", ""), taken)

    def clean(self) -> dict[str, Any]:
        """Refuse a schedule in the past when it was changed just now."""
        cleaned: dict[str, Any] = super().clean()
        moment = cleaned.get("go_live_at")
        if moment and "go_live_at" in self.changed_data and moment < timezone.now():
            self.add_error(
                "go_live_at",
                _(
                    "This time has passed. Choose a later time, or leave it empty to publish at"
                    " once."
                ),
            )
        return cleaned
