"""Pages of the paper twin: what has paper, what has none, tables in and out."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.address_values import plain_text
from portal.archives.models import PaperCopy, Record
from portal.archives.paper import services
from portal.archives.paper.forms import PaperForm, PaperSheetForm
from portal.archives.paper.lists import (
    MOST_COUNTED,
    CappedPaginator,
    paper_alone,
    paper_of,
    without_paper,
)
from portal.archives.paper.sheets import (
    COLUMNS,
    MOST_ROWS,
    electronic_rows,
    exported_rows,
    read_papers,
    write_papers,
)
from portal.archives.permissions import may_receive, require_office, require_receive
from portal.archives.refusals import TooManyToExport
from portal.archives.spreadsheets import Problem, write_table, write_template
from portal.organizations.models import Unit
from portal.spreadsheets import workbook_response

ROWS_PER_PAGE = 20
READ_TOGETHER = 1_000
PROBLEMS_SHOWN = 200
NOTES = (
    "盒号必填；档号、电子文件号都不填的，按题名登记为“有纸质无电子”。",
    "同一电子档案只能有一行；已登记的按表更新，表中没有的不删除。",
)


@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """List electronic items without paper, paper without electronic items, or all paper."""
    require_office(request.user)
    lists = {
        "electronic": _("Electronic, no paper"),
        "paper": _("Paper, no electronic item"),
        "all": _("All paper"),
    }
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in lists else "electronic"
    rows, filters = _rows(request, chosen)
    page_obj = CappedPaginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    total = page_obj.paginator.count
    return render(
        request,
        "archives/paper/list.html",
        {
            "lists": lists.items(),
            "chosen": chosen,
            "filters": filters,
            "page_obj": page_obj,
            "total": f"{MOST_COUNTED}+" if total == MOST_COUNTED else total,
            "filter_units": Unit.objects.filter(pk__in=_units(request.user)).values_list(
                "code", "name"
            ),
            "may_write": may_receive(request.user),
        },
    )


def _units(user: Any) -> Any:
    return Record.objects.visible_to(user).order_by().values("unit").distinct()


def _rows(request: HttpRequest, chosen: str) -> tuple[Any, dict[str, str]]:
    """Return the rows of a list, filtered by the year and the unit in the address."""
    filters = {name: plain_text(request.GET.get(name, "")) for name in ("year", "unit", "box")}
    year = int(filters["year"]) if filters["year"].isdecimal() and len(filters["year"]) == 4 else 0
    filters["year"] = str(year) if year else ""
    if chosen == "electronic":
        records = without_paper(request.user).select_related("unit")
        if year:
            records = records.filter(year=year)
        if filters["unit"]:
            records = records.filter(unit__code=filters["unit"])
        return records.order_by("-business_date", "-captured_at", "-version"), filters
    found = paper_alone() if chosen == "paper" else paper_of(request.user)
    if year:
        found = found.filter(year=year)
    if filters["box"]:
        found = found.filter(box__startswith=filters["box"])
    return found.select_related("record__unit").order_by("box", "code", "pk"), filters


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """Hand out a list as the Excel table that the import reads.

    Raises:
        TooManyToExport: the list has more rows than a table that is imported may have.
    """
    require_office(request.user)
    chosen = request.GET.get("list", "all")
    rows, _filters = _rows(request, chosen)
    if rows[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise TooManyToExport.of(MOST_ROWS)
    listed = rows[:MOST_ROWS].iterator(READ_TOGETHER)
    if chosen == "electronic":
        book = write_table(COLUMNS, electronic_rows(listed), "有电子无纸质")
        return workbook_response(book, "有电子无纸质清单.xlsx")
    name = "有纸质无电子清单.xlsx" if chosen == "paper" else "纸质档案登记表.xlsx"
    return workbook_response(write_table(COLUMNS, exported_rows(listed), "纸质档案"), name)


@require_GET
def template(request: HttpRequest) -> FileResponse:
    """Hand out the empty table with one explained row."""
    require_office(request.user)
    return workbook_response(write_template(COLUMNS, "纸质档案", NOTES), "纸质档案登记表模板.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Read a table: all of it is written, or nothing and every problem named."""
    require_receive(request.user)
    form = PaperSheetForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            read = read_papers(
                form.cleaned_data["sheet"].read(), Record.objects.visible_to(request.user)
            )
            problems = read.problems
            numbers = {"created": read.created, "changed": read.changed, "alone": read.alone}
            words = _("%(created)d new, %(changed)d changed, %(alone)d without electronic item.")
            if not problems and form.cleaned_data["only_check"]:
                messages.info(request, _("No problem was found:") + " " + words % numbers)
                return redirect("archive_paper_import")
            if not problems:
                write_papers(request.user, read)
                messages.success(request, words % numbers)
                return redirect("archive_paper")
    return render(
        request,
        "archives/paper/import.html",
        {
            "form": form,
            "problems": [problem.as_data() for problem in problems[:PROBLEMS_SHOWN]],
            "problem_count": len(problems),
        },
        status=status,
    )


@require_POST
def match(request: HttpRequest) -> HttpResponse:
    """Give paper without a record the record that bears its code by now."""
    require_receive(request.user)
    count = services.match_alone(request.user)
    messages.success(request, _("%(count)d items were matched by their code.") % {"count": count})
    return redirect("archive_paper")


@require_http_methods(["GET", "HEAD", "POST"])
def record_paper(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """Write down where the paper of one record lies, or that there is none."""
    require_receive(request.user)
    record = get_object_or_404(Record.objects.visible_to(request.user), pk=record_id)
    paper = PaperCopy.objects.filter(record=record).first()
    if request.method == "POST" and "remove" in request.POST:
        if services.remove_paper(request.user, record.pk):
            messages.success(request, _("The paper copy was taken off the list."))
        return redirect(record)
    form = PaperForm(request.POST or None, instance=paper)
    if request.method == "POST" and form.is_valid():
        services.note_paper(request.user, record.pk, services.Place(**form.cleaned_data))
        messages.success(request, _("The place of the paper was saved."))
        return redirect(record)
    return render(
        request,
        "archives/paper/record.html",
        {"record": record, "paper": paper, "form": form},
        status=422 if request.method == "POST" else 200,
    )
