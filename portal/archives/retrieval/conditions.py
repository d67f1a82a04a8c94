"""What an archive search asks for, as conditions on records and on the counts of alike ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.address_values import FIRST_YEAR, LAST_YEAR
from portal.archives.models import CITED_ROLES, FileRole, Record, RecordFile
from portal.archives.querysets import RecordQuerySet
from portal.organizations.models import Unit
from portal.search.conditions import AllOf, AnyOf, Condition, Facet, Scope, from_text

NEWEST = "newest"
OLDEST = "oldest"
BY_CODE = "code"
ORDERS = (
    (NEWEST, _("Newest dates first")),
    (OLDEST, _("Oldest dates first")),
    (BY_CODE, _("By archive code")),
)
NEWEST_FIRST = ("-business_date", "-captured_at", "-pk")
#: The same, as the people in records are kept.
NEWEST_OF_PERSON = ("-people__business_date", "-people__captured_at", "-people__record")
OLDEST_FIRST = ("business_date", "captured_at", "pk")
#: Sets up to here are looked up one by one instead of being met on the way through all records.
FEW = 3_000

#: Of more units than this the search index is not asked.
MOST_UNITS = 60

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

    def counted(self, *, without_units: bool = False, without_kind: bool = False) -> Q:
        """Return the conditions, but years, on columns that records and counts both have."""
        wanted = Q()
        for column, value in (
            ("kind", "" if without_kind else self.kind),
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

    def tallied(self) -> Q:
        """Return the conditions on the counts: none that fits is left out, with a code some that
        do not fit may be in (`cuts_series`).
        """
        wanted = self.counted()
        if self.year_from:
            wanted &= Q(year__gte=self.year_from)
        if self.year_to:
            wanted &= Q(year__lte=self.year_to)
        if self.code:
            inside = begins("code_series", self.code)
            if self.series:
                inside |= Q(code_series=self.series)
            wanted &= inside
        return wanted

    @property
    def series(self) -> str:
        """The series of codes that the asked beginning of a code lies in, empty for whole ones."""
        series = self.code[: self.code.rfind("-") + 1]
        return "" if series == self.code else series

    @property
    def newest_first(self) -> tuple[str, ...]:
        """The order newest first, by the index that the conditions are looked up in."""
        return NEWEST_OF_PERSON if self.person else NEWEST_FIRST

    @property
    def asks_for_words(self) -> bool:
        """Whether the search index must be asked."""
        return bool(self.words or self.title or self.number)

    @property
    def is_counted(self) -> bool:
        """Whether the counts of alike records answer everything, if the code cuts no series."""
        return not (
            self.asks_for_words
            or self.person
            or self.date_from
            or self.date_to
            or self.subkind
            or self.file_format
            or self.late
            or self.attached
        )

    @property
    def units_in_index(self) -> bool:
        """Whether the search index is asked for the units, which are not too many for that."""
        return self.unit is not None and len(self.unit_ids) <= MOST_UNITS

    @property
    def gains_by_counts(self) -> bool:
        """Whether the counts narrow the search: years, kinds and people have indexes as it is."""
        if self.asks_for_words:
            return self.unit is not None
        return not (self.person or self.late) and bool(
            self.code
            or self.unit is not None
            or self.state
            or self.class_code
            or self.period
            or self.level
            or ((self.year_from or self.year_to or self.kind) and not self.dates_alone)
        )

    @property
    def dates_alone(self) -> bool:
        """Whether nothing but dates is asked for beside what is counted."""
        return not (self.subkind or self.file_format or self.attached)

    @property
    def code_is_rare(self) -> bool:
        """Whether few records of the whole archive have a code that begins so."""
        having = Record.objects.filter(begins("archive_code", self.code))
        return having.order_by().values("pk")[: FEW + 1].count() <= FEW

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
        if self.units_in_index:
            members.append(in_units(self.unit_ids))
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
        in_other_index: bool = False,
    ) -> RecordQuerySet:
        """Return the records that fit everything but the words the search index answers.

        Args:
            records: from which.
            within: the first and last day on which those are that fit, where it is known.
            without_units: whether somebody else looks after the units.
            in_other_index: whether the records are few and looked up in an index of their own,
                so that the planner must not take the one of units or kinds.
        """
        records = self._hidden(records, in_other_index, without_units)
        # The year is that of the date, so all of this is one piece of the index in list order.
        # The year itself is not asked for: planners take year and date for independent, expect
        # far too few records, and start from the wrong index.
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
            records = self._of_person(records, first, last)
        return self._of_code(records) if self.code else records

    def _hidden(
        self, records: RecordQuerySet, in_other_index: bool, without_units: bool
    ) -> RecordQuerySet:
        """Return the records that fit the counted columns, some of them not to be looked up by.

        Planners know how many records a unit or a kind has on the average, not how few those are
        in which they should look: what they see only as the value of a function has no index.
        """
        kind = bool(self.kind) and (in_other_index or self.late)
        units = self.unit is not None and (in_other_index or without_units)
        records = records.filter(self.counted(without_units=units, without_kind=kind))
        if kind:
            own_kind = Coalesce(F("kind"), Value(""))
            records = records.alias(own_kind=own_kind).filter(own_kind=self.kind)
        if units and in_other_index:
            own_unit = Coalesce(F("unit_id"), 0)
            records = records.alias(own_unit=own_unit).filter(own_unit__in=self.unit_ids)
        return records

    def _of_person(
        self,
        records: RecordQuerySet,
        first: datetime.date | None,
        last: datetime.date | None,
    ) -> RecordQuerySet:
        # Everything the index of people has is asked there: together with `newest_first` a list
        # is one piece of it, however many records the person or the archive has.
        asked: dict[str, Any] = {"people__first": True, "people__name": self.person}
        if self.kind:
            asked["people__kind"] = self.kind
        if first is not None:
            asked["people__business_date__gte"] = first
        if last is not None:
            asked["people__business_date__lte"] = last
        return records.filter(**asked)

    def _of_code(self, records: RecordQuerySet) -> RecordQuerySet:
        if self.code_is_rare:
            beginning = begins("archive_code", self.code)
            if connection.vendor == "postgresql":
                return records.filter(beginning)
            # Cut, so that these are looked up first and not met on the way through a list.
            having = Record.objects.filter(beginning).order_by().values("pk")
            return records.filter(pk__in=having[:FEW])
        # Nearly all records may begin like this; then their order decides, not the code.
        return records.alias(whole_code=Concat(F("archive_code"), Value(""))).filter(
            whole_code__startswith=self.code
        )


def in_units(units: Iterable[int]) -> Condition:
    """Return the condition on the search index that a record is of one of these units."""
    return AnyOf(tuple(Facet(f"unit:{unit}") for unit in sorted(units)))


def begins(column: str, beginning: str) -> Q:
    """Return the condition that a column begins so, in the form that uses its index."""
    if connection.vendor == "sqlite":
        # LIKE ignores capitals there and so cannot use the index.
        return Q(**{f"{column}__gte": beginning, f"{column}__lt": f"{beginning}\U0010ffff"})
    return Q(**{f"{column}__startswith": beginning})


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _has_file(condition: Q) -> Exists:
    return Exists(RecordFile.objects.filter(condition, record=OuterRef("pk")))
