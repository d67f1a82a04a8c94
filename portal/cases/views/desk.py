"""The case desk (办件工作台): what waits, everything one may read, steps for many at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook
from wagtail.log_actions import log

from portal.cases import services
from portal.cases.flow import Flow, Transition, UnknownFlow, UnknownTransition, flow, flows
from portal.cases.forms import StepForm
from portal.cases.kin import mark_aside
from portal.cases.listing import Choice, batch_steps, counted, staff_cases
from portal.cases.models import Case
from portal.cases.permissions import nameless_flows, reads_cases, units_of
from portal.cases.querysets import CaseQuerySet
from portal.cases.refusals import NotInBatch
from portal.cases.views.reading import account
from portal.cases.views.steps import step_form
from portal.organizations.models import Unit
from portal.people.models import User
from portal.refusals import Refusal
from portal.spreadsheets import add_heading, add_row, add_sheet, workbook_response

CASES_PER_PAGE = 20
LARGEST_BATCH = 50
MOST_EXPORTED = 20_000
UNPROCESSABLE = 422


def _require_desk(request: HttpRequest) -> User:
    """Return the account.

    Raises:
        PermissionDenied: it has no part in any flow.
    """
    if not reads_cases(request.user):
        raise PermissionDenied
    return account(request)


def _chosen(user: User, choice: Choice) -> CaseQuerySet:
    base = Case.objects.waiting_for(user) if choice.tab == "mine" else staff_cases(user)
    return choice.within(base)


@require_safe
def case_desk(request: HttpRequest) -> HttpResponse:
    """List the cases that wait for the account, or all it may read.

    Raises:
        PermissionDenied: it has no part in any flow.
    """
    user = _require_desk(request)
    choice = Choice.of(request)
    listed = Case.objects.waiting_for(user) if choice.tab == "mine" else staff_cases(user)
    # One walk tells how many there are, how many of them were chosen, and which units to choose
    # from. The other list is counted when it is opened: counting is most of what a list costs.
    found = counted(listed, choice)
    # Keys first: a database that joins before it sorts would join every case of the list.
    keys = choice.within(listed).values_list("pk", flat=True)
    paginator: Paginator[Any] = Paginator(keys, CASES_PER_PAGE)
    paginator.count = found.chosen
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = _with_people(list(page.object_list))
    if choice.tab != "mine":
        mark_aside(user, page.object_list)
    hide_applicants(user, page.object_list)
    mine = [table for table in flows() if units_of(user, tuple(table.roles())) != []]
    return render(
        request,
        "cases/desk.html",
        {
            "page_obj": page,
            "total": paginator.count,
            "choice": choice,
            "tabs": [("mine", _("My turn")), ("all", _("All"))],
            "in_list": found.total,
            "flows": mine,
            "states": _states(mine, choice.flow),
            "units": _units(found.by_unit, choice.unit),
            "batch_steps": batch_steps(user),
            "filtered": choice.is_narrowed,
        },
    )


def _units(counted_units: Iterable[int], chosen: Unit | None) -> QuerySet[Unit]:
    """Return the units to choose from; what was chosen stays, or the form would not show it."""
    keys = {*counted_units, *([chosen.pk] if chosen else [])}
    return Unit.objects.filter(pk__in=keys).order_by("path")


def _with_people(keys: list[uuid.UUID]) -> list[Case]:
    """Return the cases of these keys with unit and people, in this order."""
    people = ("unit", "beneficiary", "applicant", "handler__person")
    found = Case.objects.select_related(*people).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def hide_applicants(user: User, cases: Iterable[Case]) -> None:
    """Say on each case of a list, as `nameless`, that the account reads no name in it."""
    nameless = nameless_flows(user)
    for case in cases:
        case.nameless = case.flow in nameless  # type: ignore[attr-defined]


def _states(tables: list[Flow], chosen: str) -> list[tuple[str, Any]]:
    """Return codes and names of the states of the chosen flow, or of all, each once."""
    found: dict[str, Any] = {}
    for table in tables:
        if chosen in ("", table.code):
            for state in table.states:
                if state.code != table.initial:
                    found.setdefault(state.code, state.name)
    return list(found.items())


@require_safe
def case_export(request: HttpRequest) -> FileResponse:
    """Hand out the chosen list as a workbook, without names and numbers of people.

    Raises:
        PermissionDenied: the account has no part in any flow.
    """
    user = _require_desk(request)
    today = timezone.localdate()
    book = Workbook(write_only=True)
    sheet = add_sheet(book, _("Cases"), (22, 24, 24, 14, 14, 14, 10))
    add_heading(
        sheet,
        (
            *(_("Case number"), _("Matter"), _("Unit"), _("State"), _("Handed in at")),
            *(_("Last day"), _("Overdue")),
        ),
    )
    choice = Choice.of(request)
    chosen = _chosen(user, choice)
    total = chosen.order_by().count()
    cases = chosen.select_related("unit")[:MOST_EXPORTED]
    if total > MOST_EXPORTED:
        words = _("Only the first %(some)d of %(all)d cases. Please narrow the list.")
        add_row(sheet, (words % {"some": MOST_EXPORTED, "all": total},))
    log(
        instance=user,
        action="cases.list_exported",
        user=user,
        data={"list": choice.tab, "cases": min(total, MOST_EXPORTED), "of": total},
    )
    for case in cases.iterator(chunk_size=1_000):
        late = case.due_on is not None and case.due_on < today
        handed_in = timezone.localdate(case.submitted_at) if case.submitted_at else None
        add_row(
            sheet,
            (
                *(case.number, case.item, case.unit.name, str(case.standing.name), handed_in),
                *(case.due_on, _("yes") if late else ""),
            ),
        )
    return workbook_response(book, f"cases-{today:%Y%m%d}.xlsx")


# ---- many at once


@dataclass
class BatchRow:
    """One case of a batch: what will happen, or what happened."""

    case: Case
    refusal: Any = ""
    seen: int = 0


def _batch_step(request: HttpRequest, user: User) -> tuple[Flow, Transition]:
    """Return the step that was asked for.

    Raises:
        NotInBatch: no rule allows it for many at once, or the account has no part in it.
    """
    code, _colon, name = request.POST.get("step", "").partition(":")
    try:
        table = flow(code)
        row = table.transition(name)
    except (UnknownFlow, UnknownTransition):
        row = None
    if row is None or (table, row) not in batch_steps(user):
        raise NotInBatch(_("No rule allows this step for several cases at once."))
    return table, row


def _batch_cases(request: HttpRequest, user: User, table: Flow) -> list[Case]:
    keys = []
    for value in request.POST.getlist("case")[:LARGEST_BATCH]:
        try:
            keys.append(uuid.UUID(value))
        except ValueError:
            continue  # a value that no tick box of ours has
    found = staff_cases(user).filter(pk__in=keys, flow=table.code)
    return list(found.select_related("unit", "beneficiary", "applicant").most_urgent_first())


@require_POST
def case_batch(request: HttpRequest) -> HttpResponse:
    """Show what a step would do to several cases; confirmed, do it, each for itself.

    Raises:
        PermissionDenied: the account has no part in any flow.
        NotInBatch: no rule allows the step for many at once.
    """
    user = _require_desk(request)
    table, row = _batch_step(request, user)
    cases = _batch_cases(request, user, table)
    if not cases:
        return redirect("case_desk")
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        key = None
    if "confirmed" not in request.POST or key is None:
        form = step_form(cases[0], row, user)
        return _confirmation(request, row, cases, form, uuid.uuid4())
    form = step_form(cases[0], row, user, request)
    if not form.is_valid():
        return _confirmation(request, row, cases, form, key, UNPROCESSABLE)
    rows = [_take(request, case, row, user, form.cleaned_data, key) for case in cases]
    return render(
        request,
        "cases/batch_result.html",
        {
            "transition": row,
            "rows": rows,
            "done": sum(not result.refusal for result in rows),
            "refused": sum(bool(result.refusal) for result in rows),
        },
    )


def _confirmation(
    request: HttpRequest,
    row: Transition,
    cases: list[Case],
    form: StepForm,
    key: uuid.UUID,
    status: int = 200,
) -> HttpResponse:
    rows = []
    hide_applicants(account(request), cases)
    for case in cases:
        try:
            services.check(case, row.code, account(request))
            rows.append(BatchRow(case, "", case.sequence))
        except Refusal as refusal:
            rows.append(BatchRow(case, refusal.message, case.sequence))
    return render(
        request,
        "cases/batch.html",
        {
            "transition": row,
            "rows": rows,
            "ready": sum(not one.refusal for one in rows),
            "form": form,
            "key": key,
            "step": request.POST.get("step", ""),
        },
        status=status,
    )


def _take(
    request: HttpRequest,
    case: Case,
    row: Transition,
    user: User,
    values: dict[str, Any],
    key: uuid.UUID,
) -> BatchRow:
    """Take the step for one case in its own transaction; sent twice, it is taken once."""
    seen = request.POST.get(f"seen-{case.pk}", "")
    try:
        services.apply(
            case.pk,
            row.code,
            user,
            values,
            seen=int(seen) if seen.isdecimal() else -1,
            key=uuid.uuid5(key, str(case.pk)),
        )
    except Refusal as refusal:
        return BatchRow(case, refusal.message)
    return BatchRow(case)
