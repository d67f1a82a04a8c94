"""What finding records needs beside the records: the people in them, counts, saved searches."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.archives.models.records import Record
from portal.archives.querysets import RecordTallyQuerySet
from portal.organizations.models import Unit

MAX_SEARCH_NAME = 60
MAX_SEARCH_QUERY = 1_500


class PersonPart(models.TextChoices):
    """What a person has to do with a record."""

    DRAFTED = "draft", _("Drafted")
    SUBMITTED = "submit", _("Submitted for review")
    APPROVED = "approve", _("Approved")
    PUBLISHED = "publish", _("Published")
    NAMED = "named", _("Named in it")


class RecordPerson(models.Model):
    """A person in a record: who made it, or who is named in its facts.

    Written when the worker makes the files, from what was captured. The names are those of
    the day of the capture and point to no account. Kind and moments are copied from the record,
    where they never change, so that the list of a person is one piece of one index.
    """

    record = models.ForeignKey(
        Record, on_delete=models.CASCADE, related_name="people", db_index=False
    )
    name = models.CharField(_("name"), max_length=100)
    part = models.CharField(_("part"), max_length=10, choices=PersonPart.choices)
    # Of the parts one person has in a record, the one by which the record is listed.
    first = models.BooleanField(default=True)
    kind = models.CharField(max_length=30)
    business_date = models.DateField()
    captured_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person in a record")
        verbose_name_plural = _("people in records")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "name", "part"], name="archives_record_person_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["name", "-business_date", "-captured_at", "-record", "kind"],
                condition=models.Q(first=True),
                name="archives_person_newest",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SavedSearch(models.Model):
    """Conditions that somebody keeps under a name: never results, never for others."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_record_searches"
    )
    name = models.CharField(_("name"), max_length=MAX_SEARCH_NAME)
    # The conditions as they stand in an address.
    query = models.CharField(max_length=MAX_SEARCH_QUERY)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="archives_search_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class RecordTally(models.Model):
    """Steps up and down of the number of records that are alike in what the columns say.

    Triggers add a row for every record that appears, changes or goes; the sum over rows is
    always the number of records. Rows are only added, so writers never wait for each other;
    the worker puts alike rows together (`portal.archives.retrieval.tallies`).
    """

    year = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=10)
    class_code = models.CharField(max_length=20)
    period = models.CharField(max_length=3)
    access_level = models.CharField(max_length=10)
    # The archive code up to its last hyphen, behind which the item number stands.
    code_series = models.CharField(max_length=80)
    number = models.IntegerField()
    # Written by a trigger and not yet put together with its like.
    loose = models.BooleanField()

    objects = RecordTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("number of records")
        verbose_name_plural = _("numbers of records")

    def __str__(self) -> str:
        return f"{self.year} {self.kind} {self.number:+d}"
