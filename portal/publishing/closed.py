"""Addresses of Wagtail's admin that the portal does not offer, or offers with a check.

They stand before Wagtail's own in the address table: the way to replace an admin view that
has no hook. `tests/permissions/test_versions.py` notices when Wagtail changes them.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from portal.publishing.refusals import NothingChosen


def not_offered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that there is nothing here.

    The admin's programming interface acts on pages without the portal's forms and lists the
    files of all units; no screen of the admin uses these parts of it.

    Raises:
        Http404: always.
    """
    raise Http404(_("The portal does not offer this address."))


def _explorable(request: HttpRequest) -> Any:
    return page_permission_policy.explorable_instances(request.user)


def choose_page_below(request: HttpRequest, parent_page_id: int) -> HttpResponse:
    """Browse the page chooser below a page, if the account may see that page at all."""
    get_object_or_404(_explorable(request), pk=parent_page_id)
    response: HttpResponse = BrowseView.as_view()(request, parent_page_id=parent_page_id)
    return response


def chosen_pages(request: HttpRequest) -> HttpResponse:
    """Hand over several chosen pages, if the account may see every one of them.

    Raises:
        Http404: one of them is not there or belongs to somebody else.
    """
    keys = {key for key in request.GET.getlist("id") if key.isdigit()}
    if len(keys) != len(set(request.GET.getlist("id"))) or len(keys) != (
        _explorable(request).filter(pk__in=keys).count()
    ):
        raise Http404
    response: HttpResponse = ChosenMultipleView.as_view()(request)
    return response


_choose_parent = page_viewset_registry.as_view(
    "choose_parent", app_label_kwarg="app_label", model_name_kwarg="model_name"
)


def choose_parent(request: HttpRequest, app_label: str, model_name: str) -> HttpResponse:
    """Ask below which page a new one is made; Wagtail's form cannot show nonsense again.

    Raises:
        NothingChosen: what was posted is no page.
    """
    try:
        is_page = issubclass(apps.get_model(app_label, model_name), Page)
    except LookupError:
        is_page = False
    if not is_page:
        raise Http404
    if request.method == "POST" and not _is_page(request.POST.get("parent_page", "")):
        raise NothingChosen(_("Please choose the page under which the new page is made."))
    response: HttpResponse = _choose_parent(request, app_label=app_label, model_name=model_name)
    return response


def _is_page(key: str) -> bool:
    return key.isdigit() and len(key) < 19 and Page.objects.filter(pk=int(key)).exists()
