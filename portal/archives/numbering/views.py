"""The pages of archive codes: templates by year, issued numbers, gaps and duplicates."""

from __future__ import annotations

from itertools import islice

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.address_values import plain_text
from portal.archives.models import CodeTemplate, IssuedCode
from portal.archives.numbering import services
from portal.archives.numbering.report import code_faults, series_summary
from portal.archives.numbering.writing import CodeParts, write_code
from portal.archives.permissions import may_receive, require_office, require_receive

FAULTS_SHOWN = 200
# The year in which the Party was founded; no record is older.
EARLIEST_YEAR = 1921
CODES_PER_PAGE = 20


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the codes of a year are written."""

    class Meta:
        model = CodeTemplate
        fields = ("pattern", "category", "item_width")
        widgets = {"pattern": forms.RadioSelect}


def example(template: CodeTemplate) -> str:
    """Return the first code the template would write."""
    parts = CodeParts(template.fonds_id, template.category, template.year, "D30", "DQ02", 1)
    return write_code(template, parts)


@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """Show the templates and, for one year, series, faults and issued numbers."""
    require_office(request.user)
    this_year = timezone.localdate().year
    templates = list(CodeTemplate.objects.select_related("fonds"))
    if all(template.year != this_year for template in templates):
        templates.insert(0, services.proposed_template(this_year))
    wanted = request.GET.get("year", "")
    years = sorted({template.year for template in templates} | {this_year}, reverse=True)
    year = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else this_year
    issued = IssuedCode.objects.filter(year=year).select_related("record")
    words = plain_text(request.GET.get("q", ""))
    if words:
        issued = issued.filter(code__startswith=words)
    paginator = Paginator(issued, CODES_PER_PAGE)
    return render(
        request,
        "archives/codes/codes.html",
        {
            "templates": [(template, example(template)) for template in templates],
            "years": years,
            "year": year,
            "words": words,
            "series": series_summary(year),
            "faults": list(islice(code_faults(year), FAULTS_SHOWN)),
            "page_obj": paginator.get_page(request.GET.get("page")),
            "may_receive": may_receive(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, year: int) -> HttpResponse:
    """Say how the codes of a year are written, before the first is issued."""
    require_receive(request.user)
    if not EARLIEST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404
    found = services.proposed_template(year)
    form = TemplateForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        services.change_template(year, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("archive_codes")
    return render(
        request,
        "archives/codes/template.html",
        {"form": form, "template": found},
        status=422 if form.errors else 200,
    )
