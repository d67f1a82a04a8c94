"""The tree of units in the admin, for the system administrator."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from portal.organizations.forms import NewUnitForm, UnitForm
from portal.organizations.models import Unit
from portal.organizations.permissions import NeverDeletedPolicy


class NewUnitView(generic.CreateView):
    """Creates a unit; `?parent=` chooses the place beforehand."""

    def get_initial(self) -> dict[str, Any]:
        """Return the place named in the address, if there is such a unit."""
        parent = self.request.GET.get("parent", "")
        return {"parent": parent} if parent.isdigit() else {}


class UnitViewSet(ModelViewSet):
    """List in the order of the tree, create under a unit, rename and end; never delete."""

    model = Unit
    icon = "site"
    name = "units"
    menu_label = _("Units")
    menu_order = 310
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    add_view_class = NewUnitView
    list_display = [
        "indented_name",
        Column("code", label=_("code")),
        Column("kind", label=_("kind"), accessor="get_kind_display"),
        Column("valid_from", label=_("valid from")),
        Column("valid_to", label=_("valid to")),
    ]
    list_filter = ["kind"]
    list_per_page = 50
    ordering = "path"
    search_fields = ["name", "short_name", "code"]
    search_backend_name = None

    @property
    def permission_policy(self) -> NeverDeletedPolicy:
        """Model permissions of the role table, without deletion."""
        return NeverDeletedPolicy(self.model)

    def get_form_class(self, for_update: bool = False) -> type[NewUnitForm | UnitForm]:
        """Return the form: place and kind are chosen once."""
        return UnitForm if for_update else NewUnitForm
