"""The report to the congress (提案工作报告): frozen by one person, published by another."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import TaskState

from portal.archives.pdf import pdf_from_html
from portal.pages.blocks.written import table_block
from portal.pages.forms import free_slug
from portal.pages.models import Audience
from portal.people.models import User
from portal.publishing import services as publishing
from portal.publishing.refusals import OwnWork
from portal.refusals import NotPossible, NotYours, TooLate
from portal.roles.permissions import has_role
from union.models import CongressReport, CongressReportPage, CongressSession, UnionIndexPage
from union.proposals import figures
from union.proposals.permissions import runs_congress

COLUMNS = (
    ("received", "收到"),
    ("filed", "立案"),
    ("merged", "并案"),
    ("turned", "转意见建议"),
    ("declined", "不立案"),
    ("answered", "已答复"),
    ("in_time_rate", "按期答复率%"),
    ("satisfaction", "满意率%"),
)
_NAMESPACE = uuid.UUID("7f1b7a9e-4a5e-4d0a-9a53-3a6f6a1f0c11")


def may_publish_report(user: Any) -> bool:
    """Whether the account publishes reports: the union chair."""
    return has_role(user, "union_chair")


def _locked(session_id: int) -> CongressSession:
    return CongressSession.objects.select_for_update(of=("self",)).get(pk=session_id)


@transaction.atomic
def write(session_id: int, user: User) -> CongressReport:
    """Freeze the figures of a session as they are now; until it is published they can be anew.

    Raises:
        NotYours: the account does not run the congress.
        NotPossible: proposals are still collected or reviewed.
        TooLate: the report is published.
    """
    if not runs_congress(user):
        raise NotYours(_("The report is written by the union officer."))
    session = _locked(session_id)
    report = CongressReport.objects.filter(session=session).first()
    if report is not None and report.published_at is not None:
        raise TooLate(_("The report of this session is published."))
    with override("zh-hans"):
        found = figures.count(session)
    if timezone.localdate() <= session.closes_on or found["total"]["pending"]:
        raise NotPossible(
            _("The report is written when every proposal was reviewed; %(count)d are not yet.")
            % {"count": found["total"]["pending"]}
        )
    report = report or CongressReport(session=session)
    report.figures = found
    report.written_by, report.written_at = user, timezone.now()
    report.save()
    return report


@transaction.atomic
def publish(session_id: int, user: User, seen: str) -> CongressReport:
    """Publish the frozen report as a page that the archive captures, with four eyes.

    Args:
        seen: the moment of writing that the account looked at, as `written_at` in ISO 8601.

    Raises:
        NotYours: the account does not publish reports.
        OwnWork: the account wrote it.
        NotPossible: there is no report yet.
        TooLate: it is published, or it was frozen anew meanwhile.
    """
    if not may_publish_report(user):
        raise NotYours(_("The report is published by the union chair."))
    session = _locked(session_id)
    report = (
        CongressReport.objects.select_related("written_by__person").filter(session=session).first()
    )
    if report is None:
        raise NotPossible(_("There is no report on this session yet."))
    if report.published_at is not None:
        raise TooLate(_("The report of this session is published."))
    if report.written_at.isoformat() != seen:
        raise TooLate(_("The figures were frozen anew meanwhile. Please look at them once more."))
    if report.written_by_id == user.pk or report.written_by.person_id == user.person_id:
        raise OwnWork(_("You wrote this report. Somebody else has to publish it."))
    with override("zh-hans"):
        page = _page(report, session)
    _put_live(page, report.written_by, user)
    report.page = page
    report.published_by, report.published_at = user, timezone.now()
    report.save()
    return report


def _put_live(page: CongressReportPage, written_by: User, approved_by: User) -> None:
    """Take the page through the review every page goes through, in this transaction."""
    index = UnionIndexPage.objects.get()
    publishing.lock_page(index.pk)
    UnionIndexPage.objects.get(pk=index.pk).add_child(instance=page)
    revision = page.save_revision(user=written_by, log_action=True)
    submitted = publishing.submit_for_review(CongressReportPage.objects.get(pk=page.pk), written_by)
    state: TaskState = submitted.current_task_state
    publishing.approve(state.pk, seen_revision_id=revision.pk, user=approved_by)


def _page(report: CongressReport, session: CongressSession) -> CongressReportPage:
    found = report.figures
    day = timezone.localdate(report.written_at)
    return CongressReportPage(
        title=f"{session}提案工作报告",
        slug=free_slug(
            f"congress-report-{session.term.number}-{session.number}-{day:%Y%m%d}", set()
        ),
        summary=summary(found),
        unit=session.term.unit,
        audience=Audience.EMPLOYEES,
        body=json.dumps(_blocks(found, str(session.pk)), ensure_ascii=False),
        reported_on=day,
        live=False,
        owner=report.written_by,
    )


def summary(found: dict[str, Any]) -> str:
    """Return the figures in one sentence, for the page and the head of the report."""
    total = found["total"]
    words = [f"共收到提案{total['received']}件", f"立案{total['filed']}件"]
    if total["filing_rate"] is not None:
        words.append(f"立案率{total['filing_rate']}%")
    if total["in_time_rate"] is not None:
        words.append(f"按期答复率{total['in_time_rate']}%")
    if total["satisfaction"] is not None:
        words.append(f"满意率{total['satisfaction']}%")
    return "，".join(words) + "。"


def _table(caption: str, rows: list[list[str]], key: str) -> dict[str, Any]:
    return table_block(caption, rows[0], rows[1:], key=uuid.uuid5(_NAMESPACE, f"{key}:{caption}"))


def shown(value: Any) -> str:
    """Return a figure as it stands in a table; a dash for none."""
    return "—" if value is None or value == "" else str(value)


def _figure_rows(first: str, lines: list[dict[str, Any]]) -> list[list[str]]:
    head = [first, *(name for _code, name in COLUMNS)]
    return [head, *([row["name"], *(shown(row[code]) for code, _name in COLUMNS)] for row in lines)]


def _blocks(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    lines = [
        ["编号", "案由", "类别", "提案人", "附议", "结果", "主办单位", "评价"],
        *(
            [
                row["number"],
                row["subject"],
                row["category"],
                shown(row["proposer"]),
                str(row["supporters"]),
                "、".join(filter(None, (row["state"], row["result"]))),
                shown(row["lead"]),
                shown(row["level"]),
            ]
            for row in found["proposals"]
        ),
    ]
    total = [{"name": "合计", **found["total"]}]
    blocks = [
        _table("按类别", _figure_rows("类别", [*found["by_category"], *total]), key),
        _table("按主办单位", _figure_rows("主办单位", found["by_unit"]), key),
        _table("提案一览", lines, key),
    ]
    if found["best"]:
        best = [["编号", "案由", "提案人", "代表团"]]
        best += [
            [row["number"], row["subject"], shown(row["proposer"]), shown(row["delegation"])]
            for row in found["best"]
        ]
        blocks.append(_table("优秀提案", best, key))
    return blocks


def report_pdf(report: CongressReport) -> bytes:
    """Return the frozen report as PDF/A in the form of an official document (公文)."""
    with override("zh-hans"):
        html = render_to_string(
            "union/proposals/report_pdf.html",
            {
                "report": report,
                "session": report.session,
                "unit": report.session.term.unit,
                "total": report.figures["total"],
                "figures": report.figures,
                "columns": COLUMNS,
                "tables": [
                    ("按类别统计", "类别", report.figures["by_category"]),
                    ("按主办单位统计", "主办单位", report.figures["by_unit"]),
                ],
                "summary": summary(report.figures),
            },
        )
    return pdf_from_html(html)
