"""What an archive search asks for, as conditions on records and on the counts of alike ones."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.address_values import FIRST_YEAR, LAST_YEAR
from portal.archives.models import CITED_ROLES, FileRole, Record, RecordFile, RecordPerson
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit
from portal.search.conditions import AllOf, Condition, Facet, Scope, from_text

NEWEST = "newest"
OLDEST = "oldest"
BY_CODE = "code"
ORDERS = (
    (NEWEST, _("Newest dates first")),
    (OLDEST, _("Oldest dates first")),
    (BY_CODE, _("By archive code")),
)
NEWEST_FIRST = ("-business_date", "-captured_at", "-pk")
OLDEST_FIRST = ("business_date", "captured_at", "pk")
#: Sets up to here are looked up one by one instead of being met on the way through all records.
FEW = 3_000

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Name and beginnings of the media types of each format that can be asked for.
FILE_FORMATS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "pdf": ("PDF", ("application/pdf",)),
    "ofd": ("OFD", ("application/ofd",)),
    "text": (
        _("Text document (Word, WPS)"),
        ("application/msword", f"{_OFFICE}wordprocessingml", "application/vnd.ms-works", "text/"),
    ),
    "sheet": (
        _("Spreadsheet (Excel, WPS)"),
        ("application/vnd.ms-excel", f"{_OFFICE}spreadsheetml", "text/csv"),
    ),
    "slides": (
        _("Slides"),
        ("application/vnd.ms-powerpoint", f"{_OFFICE}presentationml"),
    ),
    "picture": (_("Picture"), ("image/",)),
    "audio": (_("Audio"), ("audio/",)),
    "video": (_("Video"), ("video/",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What is asked for; empty fields ask for nothing.

    Attributes:
        words: all of them occur in the title or text.
        title: all of them occur in the title.
        code: how the archive code begins.
        number: part of the document number.
        unit_ids: the keys of the unit and of all below it.
    """

    words: str = ""
    title: str = ""
    code: str = ""
    number: str = ""
    person: str = ""
    unit: Unit | None = None
    unit_ids: tuple[int, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    kind: str = ""
    subkind: str = ""
    class_code: str = ""
    period: str = ""
    state: str = ""
    level: str = ""
    file_format: str = ""
    late: bool = False
    attached: bool = False
    order: str = NEWEST

    def counted(self, *, without_units: bool = False) -> Q:
        """Return the conditions on columns that records and counts both have."""
        wanted = Q()
        for column, value in (
            ("year__gte", self.year_from),
            ("year__lte", self.year_to),
            ("kind", self.kind),
            ("state", self.state),
            ("class_code", self.class_code),
            ("period", self.period),
            ("access_level", self.level),
        ):
            if value:
                wanted &= Q(**{column: value})
        if self.unit is not None and not without_units:
            wanted &= Q(unit_id__in=self.unit_ids)
        return wanted

    @property
    def asks_for_words(self) -> bool:
        """Whether the search index must be asked."""
        return bool(self.words or self.title or self.number)

    @property
    def is_counted(self) -> bool:
        """Whether the counts of alike records answer everything."""
        return not (
            self.asks_for_words
            or self.code
            or self.person
            or self.date_from
            or self.date_to
            or self.subkind
            or self.file_format
            or self.late
            or self.attached
        )

    @property
    def has_counted_part(self) -> bool:
        """Whether the counts can at least narrow the search."""
        return bool(self.counted())

    def indexed(self) -> Condition:
        """Return what the search index is asked."""
        members: list[Condition] = []
        if self.words:
            members.append(from_text(self.words))
        if self.title:
            members.append(from_text(self.title, scope=Scope.TITLE))
        if self.number:
            members.append(from_text(self.number))
        if self.kind:
            members.append(Facet(f"kind:{self.kind}"))
        return AllOf(tuple(members))

    def days(self, *others: datetime.date | None) -> tuple[Any, Any]:
        """Return the first and last day of what is asked for, None where any day is right.

        Args:
            others: a first and a last day that are known besides.
        """
        firsts = [self.date_from, datetime.date(self.year_from, 1, 1) if self.year_from else None]
        lasts = [self.date_to, datetime.date(self.year_to, 12, 31) if self.year_to else None]
        first = max((day for day in (*firsts, *others[:1]) if day), default=None)
        last = min((day for day in (*lasts, *others[1:]) if day), default=None)
        return first, last

    def moments(self) -> tuple[datetime.datetime, datetime.datetime] | None:
        """Return the first and last moment of what is asked for, None for any time."""
        first, last = self.days()
        if first is None and last is None:
            return None
        return (
            _moment(first or datetime.date(FIRST_YEAR, 1, 1), datetime.time.min),
            _moment(last or datetime.date(LAST_YEAR, 12, 31), datetime.time.max),
        )

    def of(
        self,
        records: RecordQuerySet,
        within: tuple[datetime.date, datetime.date] | tuple[()] = (),
        *,
        without_units: bool = False,
    ) -> RecordQuerySet:
        """Return the records that fit everything but the words the search index answers.

        Args:
            records: from which.
            within: the first and last day on which those are that fit, where it is known.
            without_units: whether somebody else looks after the units.
        """
        records = records.filter(self.counted(without_units=without_units))
        # The year is that of the date, so all of this is one piece of the index in list order;
        # with two bounds of one kind a database may start from the wrong one.
        first, last = self.days(*within)
        if first is not None:
            records = records.filter(business_date__gte=first)
        if last is not None:
            records = records.filter(business_date__lte=last)
        if self.subkind:
            records = records.filter(subkind=self.subkind)
        if self.late:
            records = records.filter(late=True)
        if self.number:
            records = records.filter(reference__icontains=self.number)
        if self.attached:
            records = records.filter(_has_file(Q(role=FileRole.DOCUMENT)))
        if self.file_format:
            types = Q()
            for beginning in FILE_FORMATS[self.file_format][1]:
                types |= Q(media_type__startswith=beginning)
            records = records.filter(_has_file(types & Q(role__in=CITED_ROLES)))
        if self.person:
            records = self._of_person(records)
        return self._of_code(records) if self.code else records

    def _of_person(self, records: RecordQuerySet) -> RecordQuerySet:
        named = RecordPerson.objects.filter(name=self.person)
        keys = set(named.values_list("record", flat=True)[: FEW + 1])
        if len(keys) <= FEW:
            return records.filter(pk__in=keys)
        return records.filter(Exists(named.filter(record=OuterRef("pk"))))

    def _of_code(self, records: RecordQuerySet) -> RecordQuerySet:
        beginning = Q(archive_code__startswith=self.code)
        if connections[records.db].vendor == "sqlite":
            # LIKE ignores capitals there and so cannot use the index.
            beginning = Q(archive_code__gte=self.code, archive_code__lt=f"{self.code}\U0010ffff")
        found = Record.objects.filter(beginning)
        keys = list(found.values_list("pk", flat=True)[: FEW + 1])
        if len(keys) <= FEW:
            return records.filter(pk__in=keys)
        # Nearly all records may begin like this; then their order decides, not the code.
        return records.alias(whole_code=Concat(F("archive_code"), Value(""))).filter(
            whole_code__startswith=self.code
        )


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _has_file(condition: Q) -> Exists:
    return Exists(RecordFile.objects.filter(condition, record=OuterRef("pk")))
