"""Papers that were handed in and looked at once; while they are valid nobody sends them again.

Source: 国办发〔2018〕45号 and the column 免提交 of the materials of a standard.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from portal.cases.flow import Context
from portal.workdays.periods import months_later
from veterans.models import Application, PaperOnFile, ReusedPaper


def _concerns_the_person(application: Application) -> bool:
    """Whether the application is for the person of the case, by the identity number."""
    person = application.case.beneficiary
    return (
        person is not None
        and bool(application.identity_number_index)
        and person.identity_number_index == application.identity_number_index
    )


def _still_valid(paper: PaperOnFile, months: int | None, day: datetime.date) -> bool:
    if months is None:
        return True
    return months_later(timezone.localdate(paper.verified_at), months) >= day


def papers_on_file(
    application: Application, wanted: list[Any], day: datetime.date | None = None
) -> dict[str, list[PaperOnFile]]:
    """Return the papers that count without being sent again, by the code of the material.

    After the hand-in these are the ones written down then; one query whatever is wanted.

    Args:
        wanted: the materials the standard asks for.
    """
    if application.case.sequence:
        rows = PaperOnFile.objects.filter(reused__application=application).order_by("pk")
        return _by_material(rows)
    codes = {row.code: row for row in wanted if row.exempt_when_on_file}
    if not codes or not _concerns_the_person(application):
        return {}
    day = day or timezone.localdate()
    found = PaperOnFile.objects.valid_for(application.case.beneficiary_id or 0, day)
    newest: dict[str, datetime.datetime] = {}
    counted = []
    for paper in found.filter(material__in=codes):
        if not _still_valid(paper, codes[paper.material].valid_months, day):
            continue
        # Several photos of one paper were verified together; an older set no longer matters.
        if newest.setdefault(paper.material, paper.verified_at) == paper.verified_at:
            counted.append(paper)
    return _by_material(counted)


def _by_material(rows: Any) -> dict[str, list[PaperOnFile]]:
    found: dict[str, list[PaperOnFile]] = {}
    for paper in rows:
        found.setdefault(paper.material, []).append(paper)
    return found


def record_reused(context: Context) -> None:
    """Write down, at the hand-in, which papers on file count for the application."""
    from veterans.applications.tasks import handed_in, wanted_materials

    application = context.subject
    sent = handed_in(application)
    wanted = wanted_materials(application)
    papers = [
        paper
        for code, rows in papers_on_file(application, wanted, context.today).items()
        if code not in sent
        for paper in rows
    ]
    ReusedPaper.objects.bulk_create(
        ReusedPaper(application=application, paper=paper) for paper in papers
    )
    context.remembered["on_file"] = [paper.pk for paper in papers]


def keep_papers(context: Context) -> None:
    """Keep, after a review that supports the application, what need not be sent again."""
    application, case = context.subject, context.case
    person = case.beneficiary
    if person is None or not application.supported or not _concerns_the_person(application):
        return
    exempt = {
        row.code: row for row in application.version.standard.materials if row.exempt_when_on_file
    }
    documents = case.documents.filter(
        letter=False, replaced_at=None, material__in=exempt
    ).select_related("file")
    for document in documents:
        months = exempt[document.material].valid_months
        PaperOnFile.objects.update_or_create(
            file=document.file,
            material=document.material,
            defaults={
                "person": person,
                "title": document.title,
                "document": document,
                "verified_by": context.user,
                "verified_at": context.now,
                "valid_until": months_later(context.today, months) if months else None,
                "withdrawn_on": None,
            },
        )
