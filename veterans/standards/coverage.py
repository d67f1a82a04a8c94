"""Days on which no standard of an item would be in force: warned of, not forbidden."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from portal.pages.formats import chinese_date
from veterans.models import ItemVersion
from veterans.standards.services import regions_above

ONE_DAY = datetime.timedelta(days=1)


def gap_warnings(version: ItemVersion) -> list[str]:
    """Return a sentence for each stretch of days that a version leaves without a standard.

    A general version covers a region too, so a local version leaves no gap beside one.
    """
    others = list(
        ItemVersion.objects.published()
        .filter(item=version.item_id, region__in=regions_above(version.region))
        .exclude(pk=version.pk)
        .order_by("effective_from")
    )
    found = []
    before = [one for one in others if one.effective_from < version.effective_from]
    ends = [one.effective_to for one in before]
    if before and None not in ends:
        last = max(day for day in ends if day is not None)
        if last + ONE_DAY < version.effective_from:
            found.append(_gap(last + ONE_DAY, version.effective_from - ONE_DAY))
    if version.effective_to is not None:
        last = version.effective_to
        covered = any(
            one.effective_from <= last + ONE_DAY
            and (one.effective_to is None or one.effective_to > last)
            for one in others
        )
        if not covered:
            following = [one.effective_from for one in others if one.effective_from > last]
            end = min(following) - ONE_DAY if following else None
            found.append(_gap(last + ONE_DAY, end))
    return found


def _gap(first: datetime.date, last: datetime.date | None) -> str:
    if last is None:
        return _(
            "From %(first)s on no standard of this item is in force, so nobody can apply."
            " Leave the last day empty if it goes on."
        ) % {"first": chinese_date(first)}
    return _(
        "From %(first)s to %(last)s no standard of this item is in force, so nobody can apply."
        " If that is not meant, change the first day."
    ) % {"first": chinese_date(first), "last": chinese_date(last)}
