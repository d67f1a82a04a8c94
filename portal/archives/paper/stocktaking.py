"""Stock-taking (清点): go through the boxes, note what is found, close with a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.archives import ledger
from portal.archives.models import BoxResult, PaperCopy, StockBox, StockTaking
from portal.archives.paper.events import paper_event
from portal.archives.refusals import AlreadyHandled, NotReady

SAVED_TOGETHER = 500
MOST_BOXES = 20_000
#: Results after which the paper counts as seen on that day.
SEEN = (BoxResult.FOUND, BoxResult.DAMAGED)


@dataclass(frozen=True)
class Finding:
    """What somebody saw of one box, and what the page had shown before."""

    box_id: int
    result: str
    note: str
    seen_at: str


@transaction.atomic
def start(user: Any, name: str, shelf: str = "") -> StockTaking:
    """Begin with the boxes as they are now.

    Raises:
        NotReady: there is no box to go through.
    """
    papers = PaperCopy.objects.exclude(box="").filter(shelf__startswith=shelf)
    boxes = list(
        papers.order_by("box")
        .values("box")
        .annotate(place=Max("shelf"), items=Count("pk"), total=Sum("sheets"))[:MOST_BOXES]
    )
    if not boxes:
        raise NotReady(_("There is no box to go through. Write down first where paper lies."))
    taking = StockTaking.objects.create(
        name=name, shelf=shelf, started_on=timezone.localdate(), started_by=user
    )
    StockBox.objects.bulk_create(
        [
            StockBox(
                stock_taking=taking,
                box=found["box"],
                shelf=found["place"] or "",
                items=found["items"],
                sheets=found["total"] or 0,
            )
            for found in boxes
        ],
        batch_size=SAVED_TOGETHER,
    )
    return taking


def _open(taking_id: int) -> StockTaking:
    """Lock a stock-taking that is not finished.

    Raises:
        AlreadyHandled: it is.
    """
    taking: StockTaking = StockTaking.objects.select_for_update().get(pk=taking_id)
    if taking.finished_at is not None:
        raise AlreadyHandled(
            _("The stock-taking “%(name)s” was finished meanwhile. Nothing was changed by you.")
            % {"name": taking.name},
            [(_("Open the stock-taking"), taking.get_absolute_url())],
        )
    return taking


def version(box: StockBox) -> str:
    """Return what tells whether somebody else entered something since the page was shown."""
    return box.checked_at.isoformat() if box.checked_at else ""


@transaction.atomic
def note(user: Any, taking_id: int, findings: list[Finding]) -> tuple[int, list[StockBox]]:
    """Write down findings; return how many, and the boxes that somebody else entered first.

    Raises:
        AlreadyHandled: the stock-taking is finished.
    """
    taking = _open(taking_id)
    by_id = {finding.box_id: finding for finding in findings}
    changed, passed = [], []
    for box in StockBox.objects.select_related("checked_by__person").filter(
        stock_taking=taking, pk__in=by_id
    ):
        finding = by_id[box.pk]
        if (box.result, box.note) == (finding.result, finding.note):
            continue
        if version(box) != finding.seen_at:
            passed.append(box)
            continue
        box.result, box.note = finding.result, finding.note
        box.checked_at, box.checked_by = timezone.now(), user
        changed.append(box)
    StockBox.objects.bulk_update(changed, ["result", "note", "checked_at", "checked_by"])
    return len(changed), passed


@transaction.atomic
def finish(user: Any, taking_id: int) -> StockTaking:
    """Close a stock-taking; the paper in the boxes that were found counts as seen.

    Raises:
        AlreadyHandled: somebody finished it first.
        NotReady: boxes were not looked at.
    """
    taking = _open(taking_id)
    left = taking.boxes.filter(result=BoxResult.OPEN).count()
    if left:
        raise NotReady(
            _("%(count)d boxes were not looked at yet. Enter what was found of them first.")
            % {"count": left},
            [(_("Open the stock-taking"), taking.get_absolute_url())],
        )
    taking.finished_at, taking.finished_by = timezone.now(), user
    taking.save(update_fields=["finished_at", "finished_by"])
    results: dict[str, str] = dict(taking.boxes.values_list("box", "result"))
    days = {
        box.box: timezone.localdate(box.checked_at) for box in taking.boxes.all() if box.checked_at
    }
    drafts = []
    for part in _parts(sorted(results)):
        papers = list(
            PaperCopy.objects.select_for_update(of=("self",)).filter(
                box__in=part, shelf__startswith=taking.shelf
            )
        )
        for paper in papers:
            if results[paper.box] in SEEN:
                paper.checked_on = days[paper.box]
                paper.checked_by = user
        PaperCopy.objects.bulk_update(papers, ["checked_on", "checked_by"])
        drafts += [
            paper_event(paper, user, stock_taking=taking.pk, result=results[paper.box])
            for paper in papers
            if paper.record_id
        ]
    ledger.append(drafts)
    return taking


def _parts(boxes: list[str]) -> list[list[str]]:
    return [boxes[start : start + SAVED_TOGETHER] for start in range(0, len(boxes), SAVED_TOGETHER)]


def counts(taking: StockTaking) -> list[dict[str, Any]]:
    """Return how many boxes and items have each result, in the order of the results."""
    found: dict[str, Any] = {
        row["result"]: row
        for row in taking.boxes.order_by()
        .values("result")
        .annotate(boxes=Count("pk"), items=Sum("items"))
    }
    return [
        {
            "code": result.value,
            "name": result.label,
            "boxes": found.get(result.value, {}).get("boxes", 0),
            "items": found.get(result.value, {}).get("items") or 0,
        }
        for result in BoxResult
    ]
