"""Which records a compilation may list, and who finds them in it.

A compilation is a publication, so records of the level controlled are never listed, and a
compilation that everybody reads lists open records only. A level may be raised afterwards:
the page then leaves the record out for whoever may not read it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.archives.models import AccessLevel, Record, RecordState
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit
from portal.pages.kinds import listed_kinds, page_kinds
from portal.pages.models import Audience


def offered_records(user: Any) -> RecordQuerySet:
    """Return what an editor can choose: newest versions that are published or on the shelf.

    Fronts of sections lead somewhere and say nothing themselves, so they are not offered.
    """
    fronts = page_kinds().keys() - listed_kinds().keys()
    shelved = Q(state=RecordState.ACCEPTED)
    published = Q(
        state__in=(RecordState.CAPTURED, RecordState.POOL, RecordState.RETURNED),
        ended_at__isnull=True,
    )
    return (
        Record.objects.visible_to(user)
        .filter(shelved | published, next__isnull=True)
        .exclude(access_level=AccessLevel.CONTROLLED)
        .exclude(kind__in=fronts)
        .select_related("unit")
        .order_by("-business_date", "-captured_at")
    )


def name_for_editors(record: Record) -> str:
    """Return how the editor names a chosen record; nothing of a controlled one but its number."""
    if record.access_level == AccessLevel.CONTROLLED:
        return record.archive_code or str(record.pk)
    return f"{record.title}（{record.business_date:%Y-%m-%d}）"


def problems(records: Iterable[Record], audience: str) -> list[str]:
    """Return a sentence for each record that a compilation with these readers may not list."""
    chosen = list(records)
    sentences = [
        _("“%(record)s” is listed twice. Take one of them out.")
        % {"record": name_for_editors(record)}
        for record, count in Counter(chosen).items()
        if count > 1
    ]
    for record in dict.fromkeys(chosen):
        if record.access_level == AccessLevel.CONTROLLED:
            sentences.append(
                _("“%(record)s” is controlled. Controlled records are not compiled; take it out.")
                % {"record": name_for_editors(record)}
            )
        elif record.access_level != AccessLevel.OPEN and audience == Audience.PUBLIC:
            sentences.append(
                _(
                    "“%(record)s” is internal, but everybody on the network can read this "
                    "compilation. Take it out, or let signed-in people read the compilation."
                )
                % {"record": name_for_editors(record)}
            )
    return sentences


def level_of_record(records: Iterable[Record], audience: str, unit: Unit | None) -> str:
    """Return who may read the archive record of a compilation at first.

    Its copy names all records that are listed, so nobody may read it who may not read them:
    internal ones of other units are read by fewer people than an internal record of the unit.
    """
    level = AccessLevel.OPEN if audience == Audience.PUBLIC else AccessLevel.INTERNAL
    for record in records:
        if record.access_level == AccessLevel.CONTROLLED:
            return AccessLevel.CONTROLLED
        if record.access_level == AccessLevel.INTERNAL:
            level = AccessLevel.INTERNAL
            # Without a unit only those read it who read the records of every unit.
            if unit is not None and (
                record.unit is None or not record.unit.path.startswith(unit.path)
            ):
                return AccessLevel.CONTROLLED
    return level


def readable_among(records: Iterable[Record], user: Any) -> set[uuid.UUID]:
    """Return the numbers of those records whose record pages an account may open."""
    keys = [record.pk for record in records]
    if not user.is_authenticated or not keys:
        return set()
    return set(Record.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
