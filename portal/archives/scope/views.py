"""The pages of the scope and retention table."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.archives.models import ScopeRule, ScopeTable, ScopeTableState
from portal.archives.permissions import (
    may_receive,
    require_office,
    require_receive,
    sees_pool,
)
from portal.archives.refusals import NotArchivist
from portal.archives.scope import services
from portal.archives.scope.forms import InForceForm, RuleForm, TableForm, UploadForm
from portal.archives.scope.sheets import read_sheet, write_sheet
from portal.archives.scope.simulation import (
    disagreement,
    records_to_look_at,
    simulate,
    years_to_look_at,
)
from portal.archives.sources import publishable_kinds
from portal.spreadsheets.faults import SheetRefused

RULES_PER_PAGE = 50
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _require_reader(request: HttpRequest) -> None:
    if not sees_pool(request.user):
        raise NotArchivist.standard()


@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    """List the versions; the one in force stands out."""
    _require_reader(request)
    paginator = Paginator(
        ScopeTable.objects.select_related("created_by__person", "in_force_by__person"), 20
    )
    return render(
        request,
        "archives/scope/tables.html",
        {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "may_receive": may_receive(request.user),
            "in_force": ScopeTable.objects.in_force(),
        },
    )


def _table(request: HttpRequest, number: int) -> ScopeTable:
    _require_reader(request)
    return get_object_or_404(ScopeTable, number=number)


def _table_page(
    request: HttpRequest, table: ScopeTable, status: int = 200, **bound: Any
) -> HttpResponse:
    editable = table.state == ScopeTableState.DRAFT and may_receive(request.user)
    names = publishable_kinds()
    paginator = Paginator(table.rules.in_order(), RULES_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    proposals = disagreement(page) if table.state != ScopeTableState.DRAFT else {}
    return render(
        request,
        "archives/scope/table.html",
        {
            "table": table,
            "page_obj": page,
            "rows": [(rule, proposals.get(rule.pk)) for rule in page],
            "editable": editable,
            "may_receive": may_receive(request.user),
            "table_form": TableForm(instance=table) if editable else None,
            "uncovered": [names[kind] for kind in services.uncovered_kinds(table)],
            **bound,
        },
        status=status,
    )


@require_GET
def table(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version with its rows."""
    return _table_page(request, _table(request, number))


@require_GET
def download(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out a version as an Excel sheet."""
    found = _table(request, number)
    response = HttpResponse(write_sheet(found), content_type=EXCEL)
    name = f"归档范围和保管期限表_第{found.number}版.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take an Excel sheet as a new draft, or say in which row and column it is wrong."""
    require_receive(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            draft = read_sheet(
                form.cleaned_data["sheet"].read(), request.user, form.cleaned_data["remark"]
            )
        except SheetRefused as refused:
            problems = refused.faults
        else:
            messages.success(request, _("The sheet is a draft now. Look at its effect next."))
            return redirect("archive_scope_simulation", draft.number)
    return render(
        request,
        "archives/scope/upload.html",
        {"form": form, "problems": problems, "in_force": ScopeTable.objects.in_force()},
        status=422 if problems or form.errors else 200,
    )


@require_POST
def copy(request: HttpRequest, number: int) -> HttpResponse:
    """Copy a version into a new draft."""
    require_receive(request.user)
    draft = services.copy_as_draft(_table(request, number), request.user)
    messages.success(request, _("%(table)s is a draft now.") % {"table": draft})
    return redirect("archive_scope_table", draft.number)


@require_POST
def settings(request: HttpRequest, number: int) -> HttpResponse:
    """Save the limits of a draft."""
    require_receive(request.user)
    with transaction.atomic():
        draft = services.locked_draft(_table(request, number).pk)
        form = TableForm(request.POST, instance=draft)
        if form.is_valid():
            form.save()
    if form.errors:
        return _table_page(request, draft, 422, table_form=form, form=form)
    messages.success(request, _("Saved."))
    return redirect("archive_scope_table", number)


@require_POST
def add_defaults(request: HttpRequest, number: int) -> HttpResponse:
    """Add the default rows of kinds that the draft leaves out."""
    require_receive(request.user)
    added = services.add_missing_defaults(_table(request, number).pk)
    messages.success(request, _("%(count)d rows were added.") % {"count": added})
    return redirect("archive_scope_table", number)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, number: int, rule_id: int | None = None) -> HttpResponse:
    """Add or change one row of a draft."""
    require_receive(request.user)
    found = _table(request, number)
    if request.method == "GET":
        own = get_object_or_404(found.rules, pk=rule_id) if rule_id else None
        last = found.rules.order_by("-position").first()
        initial = {} if own else {"position": (last.position if last else 0) + 1}
        form = RuleForm(instance=own, initial=initial)
        return _rule_page(request, found, form, own)
    with transaction.atomic():
        draft = services.locked_draft(found.pk)
        own = get_object_or_404(draft.rules, pk=rule_id) if rule_id else ScopeRule(table=draft)
        form = RuleForm(request.POST, instance=own)
        if form.is_valid():
            services.place(form.save(commit=False))
    if form.errors:
        return _rule_page(request, found, form, own if rule_id else None, 422)
    messages.success(request, _("The row is saved."))
    return redirect("archive_scope_table", number)


def _rule_page(
    request: HttpRequest,
    found: ScopeTable,
    form: RuleForm,
    own: ScopeRule | None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "archives/scope/rule.html",
        {"table": found, "form": form, "rule": own},
        status=status,
    )


@require_http_methods(["GET", "POST"])
def remove_rule(request: HttpRequest, number: int, rule_id: int) -> HttpResponse:
    """Ask, then remove a row of a draft."""
    require_receive(request.user)
    found = _table(request, number)
    own = get_object_or_404(found.rules, pk=rule_id)
    if request.method == "POST":
        with transaction.atomic():
            services.locked_draft(found.pk)
            services.remove(own)
        messages.success(request, _("The row was removed."))
        return redirect("archive_scope_table", number)
    return render(
        request,
        "components/confirm.html",
        {
            "title": _("Remove this row?"),
            "question": own.description,
            "action_url": request.path,
            "confirm_label": pgettext("row of a table", "Remove"),
            "cancel_url": reverse("archive_scope_table", args=[number]),
        },
    )


@require_GET
def simulation(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a version would have done to the records of last year and this one."""
    require_office(request.user)
    found = _table(request, number)
    in_force = ScopeTable.objects.in_force()
    today = timezone.localdate()
    return render(
        request,
        "archives/scope/simulation.html",
        {
            "table": found,
            "years": years_to_look_at(today),
            "against": in_force,
            "simulation": simulate(found, in_force, records_to_look_at(request.user, today)),
            "may_receive": may_receive(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def put_in_force(request: HttpRequest, number: int) -> HttpResponse:
    """Let a draft replace the version in force, after its effect was shown."""
    require_receive(request.user)
    found = _table(request, number)
    form = InForceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.put_in_force(found.pk, request.user, form.cleaned_data["mandate"])
        messages.success(request, _("%(table)s is in force.") % {"table": found})
        return redirect("archive_scope_table", number)
    return render(
        request,
        "archives/scope/put_in_force.html",
        {
            "table": found,
            "form": form,
            "simulation": simulate(
                found,
                ScopeTable.objects.in_force(),
                records_to_look_at(request.user, timezone.localdate()),
            ),
        },
        status=422 if form.errors else 200,
    )
