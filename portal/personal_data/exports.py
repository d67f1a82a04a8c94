"""Exports of personal data: asked for with a reason, approved by a second person, fetched once,
and marked in every row with who took it.

Source: PIPL 51; two people, as everywhere in the portal where something leaves it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from portal.personal_data.models import ExportRequest, ExportState, Reveal
from portal.personal_data.permissions import may_approve_exports, may_read_reveals
from portal.personal_data.refusals import ExportRefused, NotYourDecision
from portal.personal_data.reveals import checked_reason
from portal.spreadsheets import add_heading, add_row, add_sheet, saved

COLUMN_WIDTH = 20


@dataclass(frozen=True)
class Export:
    """One kind of export.

    Attributes:
        header: the names of the columns.
        rows: yields them for an account, numbers whole or masked; reads row by row.
        may_request: who may ask for it.
    """

    code: str
    title: Any
    header: tuple[Any, ...]
    rows: Callable[[Any, bool], Iterable[Iterable[Any]]]
    may_request: Callable[[Any], bool]


_exports: dict[str, Export] = {}


def register_export(
    code: str,
    title: Any,
    header: Iterable[Any],
    rows: Callable[[Any, bool], Iterable[Iterable[Any]]],
    may_request: Callable[[Any], bool],
) -> None:
    """Add a kind once, when its application is ready."""
    _exports[code] = Export(code, title, tuple(header), rows, may_request)


def export_of(code: str) -> Export | None:
    """Return the registered kind."""
    return _exports.get(code)


def exports_for(user: Any) -> list[Export]:
    """Return the kinds an account may ask for."""
    return [export for export in _exports.values() if export.may_request(user)]


def has_to_do_with_exports(user: Any) -> bool:
    """Whether an account asks for exports, approves them or audits them."""
    return bool(exports_for(user)) or may_approve_exports(user) or may_read_reveals(user)


def requests_for(user: Any) -> Any:
    """Return the requests an account sees: its own, or all where it approves or audits."""
    found = ExportRequest.objects.select_related("requested_by__person", "decided_by__person")
    if may_approve_exports(user) or may_read_reveals(user):
        return found
    return found.filter(requested_by=user)


def request_export(
    kind: str, user: Any, reason: str, *, whole_numbers: bool = False
) -> ExportRequest:
    """Ask for an export.

    Raises:
        ExportRefused: the account may not ask for this kind.
        ValidationError: the reason says nothing.
    """
    export = export_of(kind)
    if export is None or not export.may_request(user):
        raise ExportRefused(_("Your role does not include this export."))
    return ExportRequest.objects.create(
        kind=kind,
        whole_numbers=whole_numbers,
        reason=checked_reason(reason),
        requested_by=user,
        requested_at=timezone.now(),
    )


def _same_person(first: Any, second: Any) -> bool:
    return first.pk == second.pk or (
        first.person_id is not None and first.person_id == second.person_id
    )


@transaction.atomic
def decide(
    request_id: uuid.UUID, user: Any, *, approve: bool, note: str = "", now: Any = None
) -> ExportRequest:
    """Approve or refuse somebody else's request.

    Raises:
        NotYourDecision: the request is one's own, or the role does not approve.
        ExportRefused: it was decided already.
    """
    now = now or timezone.now()
    request = (
        ExportRequest.objects.select_for_update(of=("self",))
        .select_related("requested_by__person", "decided_by__person")
        .get(pk=request_id)
    )
    if not may_approve_exports(user) or _same_person(request.requested_by, user):
        raise NotYourDecision.standard()
    if request.state != ExportState.REQUESTED:
        raise ExportRefused(
            _("%(name)s has decided on this request already.") % {"name": request.decided_by}
        )
    request.state = ExportState.APPROVED if approve else ExportState.REFUSED
    request.decided_by, request.decided_at = user, now
    request.decision_note = note[:300]
    if approve:
        request.expires_at = now + datetime.timedelta(days=settings.DATA_EXPORT_DAYS)
    request.save()
    return request


def watermark(request: ExportRequest, moment: datetime.datetime) -> str:
    """Return the words that stand on every page and in every row."""
    person = request.requested_by
    when = timezone.localtime(moment)
    return (
        f"{settings.SITE_NAME} 内部资料 {person}（{person.username}）"
        f"{when:%Y-%m-%d %H:%M} 导出 编号 {request.number} 请勿外传"
    )


def fetch(request_id: uuid.UUID, user: Any, *, now: Any = None) -> IO[bytes]:
    """Return the approved workbook, once, to who asked for it; the look at it is written down.

    Raises:
        ExportRefused: it is not approved, too old, fetched already, or somebody else's.
    """
    now = now or timezone.now()
    with transaction.atomic():
        request = (
            ExportRequest.objects.select_for_update(of=("self",))
            .select_related("requested_by__person__unit")
            .get(pk=request_id)
        )
        export = export_of(request.kind)
        if request.requested_by_id != user.pk or export is None or not export.may_request(user):
            raise ExportRefused(_("Only who asked for an export can fetch it."))
        if request.state != ExportState.APPROVED:
            raise ExportRefused(
                _("This export is not approved, or was fetched already. Please ask again.")
            )
        if request.expires_at is None or request.expires_at <= now:
            raise ExportRefused(_("The approval is too old. Please ask for the export again."))
        workbook, request.row_count = _workbook(export, request, user, now)
        request.state, request.fetched_at = ExportState.FETCHED, now
        request.save()
        if request.whole_numbers:
            _log(request, user, now)
    return workbook


def _log(request: ExportRequest, user: Any, now: datetime.datetime) -> None:
    unit = user.person.unit if user.person_id else None
    Reveal.objects.create(
        at=now,
        user=user,
        name=str(user)[:50],
        unit=str(unit or "")[:100],
        field=f"export:{request.kind}",
        object_id=str(request.pk),
        subject=str(_("%(count)s rows") % {"count": request.row_count}),
        reason=request.reason,
        request_id=request.pk,
    )


def _workbook(
    export: Export, request: ExportRequest, user: Any, now: datetime.datetime
) -> tuple[IO[bytes], int]:
    words = watermark(request, now)
    book = Workbook(write_only=True)
    book.properties.creator = str(request.requested_by)
    book.properties.description = words
    sheet = add_sheet(book, str(export.title), [COLUMN_WIDTH] * (len(export.header) + 1))
    sheet.freeze_panes = "A3"
    for part in (sheet.oddHeader.center, sheet.oddFooter.center):
        part.text = words.replace("&", "&&")
    add_row(sheet, [words])
    # Rows are cut out and passed on; each says where it came from.
    add_heading(sheet, [*export.header, str(_("Export number"))])
    count = 0
    for row in _marked(export, request, user):
        add_row(sheet, row)
        count += 1
    return saved(book), count


def _marked(export: Export, request: ExportRequest, user: Any) -> Iterator[list[Any]]:
    for row in export.rows(user, request.whole_numbers):
        yield [*row, f"{request.number} {user.username}"]
