"""Records of honors of oneself, a person and a unit."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honors.awards.permissions import may_see_office
from honors.models import Award
from honors.wall.reading import cards, with_pictures
from honors.wall.records import figures_of, may_see_person, may_see_units
from portal.office_pages import account, guarded
from portal.organizations.models import Unit
from portal.people.models import Person

PAGE_SIZE = 20


def _record(request: HttpRequest, person: Person, *, is_own: bool) -> HttpResponse:
    rows = with_pictures(Award.objects.confirmed().of_person(person).in_order())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return render(
        request,
        "honors/wall/person.html",
        {
            "person": person,
            "is_own": is_own,
            "page_obj": page,
            "total": page.paginator.count,
            "cards": cards(page.object_list, request.user),
            "in_office": may_see_office(request.user),
        },
    )


@require_safe
@guarded(lambda user: user.is_authenticated)
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the account's own person was given.

    Raises:
        Http404: nobody stands behind the account.
    """
    person = account(request).person
    if person is None:
        raise Http404(_("No person stands behind this account."))
    return _record(request, person, is_own=True)


@require_safe
@guarded(lambda user: user.is_authenticated)
def person_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a person was given.

    Raises:
        Http404: there is no such person, or it is not the account's to see.
    """
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    if not may_see_person(request.user, person):
        raise Http404(_("There is no such record."))
    own = person.pk == account(request).person_id
    return _record(request, person, is_own=own)


@require_safe
@guarded(may_see_units)
def unit_record(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a unit and everything below it was given."""
    unit = get_object_or_404(Unit, code=code)
    rows = with_pictures(Award.objects.confirmed().of_unit(unit).in_order())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return render(
        request,
        "honors/wall/unit.html",
        {
            "unit": unit,
            "figures": figures_of(unit),
            "page_obj": page,
            "total": page.paginator.count,
            "cards": cards(page.object_list, request.user),
        },
    )
