"""The manifest of a delivery: what a system says of a finished flow, read strictly.

JSON: number, kind, title, reference, unit (code), finished_on, steps [{action, person, at,
remark}], files [{role, name, size, sha256}]. Everything wrong is named at once, with its place.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from portal.archives.canonical import digest
from portal.archives.deliveries.refusals import DeliveryProblem, DeliveryRefused
from portal.archives.models import DeliveredRole, FlowKind
from portal.organizations.models import Unit

LARGEST_BYTES = 1024 * 1024
MOST_FILES = 50
MOST_STEPS = 500
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LENGTHS = {"number": 80, "title": 255, "reference": 60}


@dataclass(frozen=True)
class AnnouncedFile:
    """A file the manifest names; the part of the request that carries it is `file-<position>`."""

    position: int
    role: str
    name: str
    size: int
    sha256: str

    @property
    def part(self) -> str:
        """The name of its part in the request."""
        return f"file-{self.position}"


@dataclass(frozen=True)
class Manifest:
    """A manifest that holds together."""

    number: str
    kind: str
    title: str
    reference: str
    unit: Unit
    finished_on: datetime.date
    steps: list[dict[str, str]]
    files: list[AnnouncedFile]
    digest: str


def read_manifest(text: str) -> Manifest:
    """Read a manifest.

    Raises:
        DeliveryRefused: with every problem and its place.
    """
    try:
        said = json.loads(text)
    except ValueError:
        raise DeliveryRefused([DeliveryProblem("manifest", _("It is no JSON."))]) from None
    if not isinstance(said, dict):
        raise DeliveryRefused([DeliveryProblem("manifest", _("It is no JSON object."))])
    reader = _Reader(said)
    words = {name: reader.words(name, needed=name != "reference") for name in _LENGTHS}
    kind = reader.choice("kind", FlowKind.values)
    unit, finished_on = reader.unit(), reader.day("finished_on")
    steps, files = reader.steps(), reader.files()
    if reader.problems or unit is None or finished_on is None:
        raise DeliveryRefused(reader.problems)
    return Manifest(
        kind=kind,
        unit=unit,
        finished_on=finished_on,
        steps=steps,
        files=files,
        digest=digest(said),
        **words,
    )


class _Reader:
    """Reads one part after the other and collects what is wrong."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.problems: list[DeliveryProblem] = []

    def problem(self, place: str, message: str) -> None:
        self.problems.append(DeliveryProblem(place, message))

    def words(self, name: str, *, needed: bool) -> str:
        value = self.said.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.problem(name, _("It is missing or no text."))
            return ""
        value = " ".join(value.split())
        if len(value) > _LENGTHS[name]:
            self.problem(name, _("At most %(count)d characters.") % {"count": _LENGTHS[name]})
        return value

    def choice(self, name: str, allowed: list[str]) -> str:
        value = self.said.get(name)
        if value not in allowed:
            self.problem(name, _("One of: %(values)s.") % {"values": ", ".join(allowed)})
            return ""
        return str(value)

    def day(self, name: str) -> datetime.date | None:
        value = self.said.get(name)
        found = _parsed(parse_date, value)
        if found is None or not isinstance(found, datetime.date):
            self.problem(name, _("A date such as 2026-11-21 is needed."))
            return None
        if found > timezone.localdate():
            self.problem(name, _("The day lies in the future."))
        return found

    def unit(self) -> Unit | None:
        code = self.said.get("unit")
        found = Unit.objects.filter(code=code).first() if isinstance(code, str) else None
        if found is None:
            self.problem("unit", _("No unit has this code."))
        return found

    def steps(self) -> list[dict[str, str]]:
        rows = self.said.get("steps")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_STEPS:
            self.problem(
                "steps", _("A list of 1 to %(count)d steps is needed.") % {"count": MOST_STEPS}
            )
            return []
        found = []
        for position, row in enumerate(rows):
            place = f"steps[{position}]"
            if not isinstance(row, dict):
                self.problem(place, _("It is no JSON object."))
                continue
            moment = _parsed(parse_datetime, row.get("at"))
            if not isinstance(moment, datetime.datetime) or timezone.is_naive(moment):
                self.problem(f"{place}.at", _("A moment with its time zone is needed."))
                continue
            kept = {name: str(row.get(name) or "")[:200] for name in ("action", "person", "remark")}
            if not kept["action"] or not kept["person"]:
                self.problem(place, _("Action and person are needed."))
            found.append({**kept, "at": moment.isoformat()})
        return sorted(found, key=lambda step: parse_datetime(step["at"]) or timezone.now())

    def files(self) -> list[AnnouncedFile]:
        rows = self.said.get("files")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_FILES:
            self.problem(
                "files", _("A list of 1 to %(count)d files is needed.") % {"count": MOST_FILES}
            )
            return []
        found = [self._file(position, row) for position, row in enumerate(rows)]
        roles = [file.role for file in found if file is not None]
        for role in (DeliveredRole.MAIN, DeliveredRole.FORM):
            if roles.count(role) != 1:
                self.problem(
                    "files", _("Exactly one file has the role “%(role)s”.") % {"role": role}
                )
        return [file for file in found if file is not None]

    def _file(self, position: int, row: Any) -> AnnouncedFile | None:
        place = f"files[{position}]"
        if not isinstance(row, dict):
            self.problem(place, _("It is no JSON object."))
            return None
        name, size, sha256 = row.get("name"), row.get("size"), row.get("sha256")
        before = len(self.problems)
        if row.get("role") not in DeliveredRole.values:
            allowed = ", ".join(DeliveredRole.values)
            self.problem(f"{place}.role", _("One of: %(values)s.") % {"values": allowed})
        if not isinstance(name, str) or not 1 <= len(name) <= 200 or not name.isprintable():
            self.problem(f"{place}.name", _("It is missing or no text."))
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            self.problem(f"{place}.size", _("A number of bytes is needed."))
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            self.problem(f"{place}.sha256", _("64 hexadecimal digits in small letters are needed."))
        if len(self.problems) > before:
            return None
        return AnnouncedFile(position, row["role"], row["name"], row["size"], row["sha256"])


def _parsed(parse: Any, value: Any) -> Any:
    """Return what a text says, None when it says nothing or what cannot be."""
    if not isinstance(value, str):
        return None
    try:
        return parse(value)
    except ValueError:
        return None
