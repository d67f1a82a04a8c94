"""The pages of the archive search: list, catalogue as a workbook, saved searches, versions."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.archives.models import FileRole, Record, SavedSearch
from portal.archives.permissions import may_receive
from portal.archives.retrieval import saved
from portal.archives.retrieval.conditions import ORDERS
from portal.archives.retrieval.differences import PartDifference, differences
from portal.archives.retrieval.exports import MOST_ROWS, catalogue
from portal.archives.retrieval.facets import facet_lists
from portal.archives.retrieval.finding import COUNT_LIMIT, MOST_IN_CODE_ORDER, PAGE_SIZE, find
from portal.archives.retrieval.forms import DayInput, RetrievalForm, SearchNameForm
from portal.archives.retrieval.versions import NotReadable, as_of, content_of, versions_of
from portal.spreadsheets import workbook_response


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """List the records this account may read, found by the conditions of the address.

    Where a condition is not valid nothing is looked for: a list without it would mislead.
    """
    form = RetrievalForm(request.GET)
    context: dict[str, Any] = {"form": form, "orders": ORDERS, "page_obj": None}
    if form.is_valid():
        context |= _found(request, form)
    return render(request, "archives/record_list.html", context)


def _found(request: HttpRequest, form: RetrievalForm) -> dict[str, Any]:
    found = find(request.user, form.conditions)
    page = found.paginator.get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    order = form.conditions.order
    notes = []
    if found.total.more:
        notes.append(
            _(
                "More than %(count)d records. The newest %(count)d are listed and counted; "
                "another condition narrows them down."
            )
            % {"count": COUNT_LIMIT}
        )
    if not found.in_asked_order:
        notes.append(
            _("So many records are listed newest first only. Up to %(most)d can be sorted.")
            % {"most": COUNT_LIMIT if found.total.more else MOST_IN_CODE_ORDER}
        )
    return {
        "page_obj": page,
        "total": found.total,
        "facets": facet_lists(form, found.counts),
        "chips": form.chips(),
        "query": form.query(),
        "order": order,
        "order_links": [
            (code, name, form.query(order="" if code == ORDERS[0][0] else code))
            for code, name in ORDERS
        ],
        "notes": notes,
        "exportable": bool(found.total) and found.total.value <= MOST_ROWS,
        "most_rows": MOST_ROWS,
        "can_save": bool(form.query()),
        "may_hand_over": bool(form.query()) and may_receive(request.user),
    }


@require_GET
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Hand out the found records as a catalogue (归档文件目录) in an Excel workbook."""
    form = RetrievalForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('archive_records')}?{request.GET.urlencode()}")
    found = find(request.user, form.conditions)
    name = _("Catalogue of filed items")
    return workbook_response(catalogue(found), f"{name}-{timezone.localdate():%Y%m%d}.xlsx")


# ---- Saved searches


@require_GET
def searches(request: HttpRequest) -> HttpResponse:
    """List the searches this account keeps."""
    own = SavedSearch.objects.filter(owner_id=request.user.pk)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return render(request, "archives/searches.html", {"page_obj": page})


def _own_search(request: HttpRequest, search_id: int) -> SavedSearch:
    return get_object_or_404(SavedSearch, pk=search_id, owner_id=request.user.pk)


def _name_page(
    request: HttpRequest, form: SearchNameForm, title: str, button: str, query: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "query": query}
    return render(request, "archives/search_name.html", context)


def _same_name(form: SearchNameForm) -> None:
    form.add_error("name", _("You already keep a search of this name."))


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of the posted address under a name."""
    query = request.POST.get("query", "")
    form = SearchNameForm(request.POST)
    conditions = saved.understood(query)
    if form.is_valid():
        kept = saved.save(request.user, form.cleaned_data["name"], conditions)
        if kept is not None:
            messages.success(request, _("The search “%(name)s” was saved.") % {"name": kept.name})
            return redirect("archive_searches")
        _same_name(form)
    return _name_page(request, form, _("Save the search"), _("Save"), conditions)


@require_http_methods(["GET", "POST"])
def rename_search(request: HttpRequest, search_id: int) -> HttpResponse:
    """Give a saved search another name."""
    search = _own_search(request, search_id)
    form = SearchNameForm(request.POST if request.method == "POST" else None)
    form.fields["name"].initial = search.name
    if request.method == "POST" and form.is_valid():
        if saved.rename(search, form.cleaned_data["name"]):
            messages.success(request, _("The search was renamed."))
            return redirect("archive_searches")
        _same_name(form)
    return _name_page(request, form, _("Rename the search"), _("Rename"))


@require_http_methods(["GET", "POST"])
def delete_search(request: HttpRequest, search_id: int) -> HttpResponse:
    """Ask, then delete a saved search."""
    search = _own_search(request, search_id)
    if request.method == "POST":
        search.delete()
        messages.success(request, _("The search “%(name)s” was deleted.") % {"name": search.name})
        return redirect("archive_searches")
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Delete the search"),
            "question": _("Delete the saved search “%(name)s”?") % {"name": search.name},
            "consequences": [_("The records stay; only the saved conditions are deleted.")],
            "action_url": request.path,
            "confirm_label": _("Delete"),
            "cancel_url": reverse("archive_searches"),
        },
    )


# ---- Versions


class DayForm(forms.Form):
    """The day an item is wanted of."""

    date = forms.DateField(
        label=gettext_lazy("As it was on"),
        widget=DayInput,
        error_messages={
            "invalid": gettext_lazy("Write the day as 2026-11-21."),
            "required": gettext_lazy("Choose a day."),
        },
    )
    record = forms.UUIDField(widget=forms.HiddenInput)

    def clean_date(self) -> datetime.date:
        """Refuse days to come, of which nobody knows anything."""
        day: datetime.date = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def _visible(request: HttpRequest, record_id: Any) -> Record:
    try:
        key = uuid.UUID(str(record_id))
    except ValueError as error:
        raise Http404(_("There is no such record.")) from error
    return get_object_or_404(Record.objects.visible_to(request.user).select_related("unit"), pk=key)


@require_GET
def as_of_page(request: HttpRequest) -> HttpResponse:
    """Show an item as it was at the end of a day."""
    record = _visible(request, request.GET.get("record", ""))
    form = DayForm(request.GET if "date" in request.GET else None)
    form.fields["record"].initial = record.pk
    context: dict[str, Any] = {"record": record, "form": form}
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["date"]
        state = as_of(record, day, request.user)
        context |= {"day": day, "state": state}
        if state.record is not None:
            snapshot = state.record.files.filter(
                role=FileRole.SNAPSHOT, stored_at__isnull=False
            ).first()
            context["snapshot"] = snapshot
            try:
                context["parts"] = content_of(state.record)
            except NotReadable as erased:
                context["erased"] = str(erased)
    return render(request, "archives/as_of.html", context)


@require_GET
def difference(request: HttpRequest, record_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Show what changed between two versions of one item, the older one first."""
    record = _visible(request, record_id)
    pair = list(versions_of(record, request.user).filter(pk__in=[record_id, other_id]))
    if len(pair) != 2:
        raise Http404(_("There is no such version."))
    newer, older = pair
    found: list[PartDifference] = []
    erased = ""
    try:
        found = differences(content_of(older), content_of(newer))
    except NotReadable as sentence:
        erased = str(sentence)
    return render(
        request,
        "archives/difference.html",
        {
            "older": older,
            "newer": newer,
            "erased": erased,
            "parts": [part for part in found if part.change != "same"],
            "same_count": sum(part.change == "same" for part in found),
        },
    )
