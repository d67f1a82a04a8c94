"""Accepted and sealed records in number: one made the real way, the rest its copies.

A copy has rows, ledger entries and payloads of its own, rewritten from those of the first record
and appended to the real chain, and a sealed package and metadata with bytes of their own, so that
`archive_verify` finds nothing wrong with it. Its package is small; its other files are those of the
first record.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from typing import Any

PARAGRAPH = (
    "综采二队党支部在三号会议室开展主题党日，应到党员二十三名，实到二十一名。会议传达了公司党委关于"
    "安全生产专项整治的通知，通报了一季度隐患排查情况。支部书记逐条说明整改责任人和完成时限，"
    "与会党员结合岗位谈了认识，提出意见七条，当场答复五条。"
)
PARAGRAPHS = 12
PACKAGE_BYTES = 32 * 1024
RECORDS_AT_ONCE = 500


def accepted_item(branch: Any, number: int) -> Any:
    """Publish an activity of two pages by two people, let the checks pass, accept its record."""
    from portal.archives.attachments import services as attachments
    from portal.archives.models import Record
    from portal.archives.pool import services as pool
    from portal.archives.pool.processing import work_all
    from portal.archives.renders import work_all as make_files
    from tests.factories.archives import record_of
    from tests.factories.pages import approve, change_draft, make_activity_page, submit
    from tests.factories.people import make_user

    author = make_user("organization_member", unit=branch)
    page = make_activity_page(branch.branch_page, author, f"“井下先锋”主题党日（{number}）")
    text = [("text", f"<p>第{line}项。{PARAGRAPH}</p>") for line in range(1, PARAGRAPHS + 1)]
    change_draft(page, author, body=text, audience="public")
    approve(submit(page, author), make_user("branch_secretary", unit=branch))
    make_files()
    while attachments.work_once("the worker"):
        pass
    work_all()
    page.refresh_from_db()
    record = record_of(page)
    pool.accept(record.pk, make_user("archivist"))
    return Record.objects.get(pk=record.pk)


def branch_with_page() -> Any:
    """Return a branch that can publish."""
    from tests.factories.organizations import make_branch
    from tests.factories.pages import make_branch_page

    branch = make_branch()
    make_branch_page(branch)
    return branch


class Copies:
    """Writes copies of an accepted and sealed record."""

    def __init__(self, record: Any) -> None:
        from portal.archives import file_access, ledger
        from portal.archives.models import FileRole, LedgerEntry, SealedPackage

        self.record = record
        entries = LedgerEntry.objects.filter(record_id=record.pk).order_by("sequence")
        self.events = [(entry.kind, ledger.payload_of(entry.sequence)) for entry in entries]
        self.files = list(record.files.order_by("pk"))
        self.package = SealedPackage.objects.get(record=record)
        described = record.files.get(role=FileRole.METADATA)
        self.inspections = list(record.inspections.prefetch_related("results").order_by("pk"))
        self.metadata_sha256 = described.sha256
        self.metadata = file_access.read(described)

    def write(self, first: int, last: int) -> None:
        """Write the copies with these numbers."""
        for start in range(first, last + 1, RECORDS_AT_ONCE):
            self._write(range(start, min(start + RECORDS_AT_ONCE, last + 1)))

    def _write(self, numbers: range) -> None:
        from django.db import transaction

        from portal.archives import ledger
        from portal.archives.models import (
            Inspection,
            InspectionResult,
            Record,
            RecordFile,
            Render,
            SealedPackage,
        )

        records, files, packages, renders, drafts = [], [], [], [], []
        inspections: list[Any] = []
        results: list[Any] = []
        for number in numbers:
            made = changed(
                self.record,
                pk=uuid.uuid4(),
                source_id=f"copy-{number}",
                archive_code=f"{self.record.archive_code}{number:06d}",
            )
            own = self._own_bytes(made)
            records.append(made)
            for file in self.files:
                written = changed(file, pk=None, record_id=made.pk)
                if file.sha256 in own:
                    written.sha256, written.sm3, written.size = own[file.sha256]
                files.append(written)
                if file.pk == self.package.file_id:
                    package = changed(self.package, pk=None, record_id=made.pk)
                    packages.append((package, written))
            renders.append(changed(self.record.render, pk=made.pk))
            checked = self._inspections(made, number)
            inspections += checked.values()
            results += [
                changed(result, pk=None, inspection_id=checked[inspection.pk].pk)
                for inspection in self.inspections
                for result in inspection.results.all()
            ]
            drafts += self._drafts(made, own, checked, ledger.Draft)
        with transaction.atomic():
            Record.objects.bulk_create(records)
            RecordFile.objects.bulk_create(files)
            for package, file in packages:
                package.file_id = file.pk
            SealedPackage.objects.bulk_create([package for package, _file in packages])
            Render.objects.bulk_create(renders)
            Inspection.objects.bulk_create(inspections)
            InspectionResult.objects.bulk_create(results)
            ledger.append(drafts)

    def _own_bytes(self, made: Any) -> dict[str, tuple[str, str, int]]:
        """Store the package and the metadata of a copy; return their digests by the first ones."""
        described = self.metadata.replace(str(self.record.pk).encode(), str(made.pk).encode())
        return {
            self.package.file.sha256: stored(b"%PDF-1.7 " + os.urandom(PACKAGE_BYTES)),
            self.metadata_sha256: stored(described),
        }

    def _inspections(self, made: Any, number: int) -> dict[int, Any]:
        """Return the inspections of a copy by the keys of the first ones; entries name theirs."""
        first = 1_000_000 + number * len(self.inspections)
        return {
            inspection.pk: changed(inspection, pk=first + place, record_id=made.pk)
            for place, inspection in enumerate(self.inspections)
        }

    def _drafts(
        self, made: Any, own: dict[str, Any], checked: dict[int, Any], draft: Any
    ) -> list[Any]:
        drafts = []
        for kind, payload in self.events:
            rewritten = self._rewritten(payload, made, own)
            if "inspection" in rewritten:
                rewritten["inspection"] = checked[rewritten["inspection"]].pk
            if "source" in rewritten and "content" in rewritten:
                rewritten["source"] = [made.source_kind, made.source_id]
            drafts.append(draft(kind, made.pk, rewritten))
        return drafts

    def _rewritten(self, value: Any, made: Any, own: dict[str, Any]) -> Any:
        if isinstance(value, dict):
            found = {key: self._rewritten(inside, made, own) for key, inside in value.items()}
            if found.get("sha256") in own:
                found["sha256"], found["sm3"], found["size"] = own[found["sha256"]]
            return found
        if isinstance(value, list):
            return [self._rewritten(inside, made, own) for inside in value]
        if value == str(self.record.pk):
            return str(made.pk)
        return made.archive_code if value == self.record.archive_code else value


def changed(row: Any, **fields: Any) -> Any:
    """Return an unsaved copy of a row with other values."""
    made = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    )
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def stored(body: bytes) -> tuple[str, str, int]:
    """Put bytes into the store without waiting for the disk; return digests and size."""
    from portal.archives import store

    made = store.digests([body])
    path = store.path_of(made.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    assert hashlib.sha256(body).hexdigest() == made.sha256
    return made.sha256, made.sm3, made.size
