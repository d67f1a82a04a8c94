"""What is done with standards: choosing, proposing, publishing, copying.

Every write is one transaction that locks the item first, so two people never publish
overlapping versions.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from veterans.models import ItemVersion, SupportItem
from veterans.models.standard_rows import Stage
from veterans.models.standards import VersionState
from veterans.standards.answer_fields import Answers
from veterans.standards.eligibility import RuleResult, check_standard
from veterans.standards.entitlement import Calculation, compute_standard
from veterans.standards.permissions import (
    had_a_hand_in,
    may_publish_standards,
    may_write_standards,
)
from veterans.standards.reading import from_rows
from veterans.standards.refusals import (
    NoStandardInForce,
    NotAllowed,
    NotAtThisState,
    NotComplete,
)

if TYPE_CHECKING:
    from portal.people.models import User

PART_NAMES = ("rules", "amounts", "materials", "steps", "limits")
NEEDED_STAGES = (Stage.ACCEPTANCE, Stage.CORRECTION, Stage.DECISION, Stage.PAYMENT)
# The lengths of codes of administrative divisions. Source: GB/T 2260, GB/T 10114.
REGION_LENGTHS = (12, 9, 6, 4, 2)


# ---- Reading


def regions_above(region: str) -> list[str]:
    """Return the region and all that contain it, most specific first, at last everywhere."""
    shorter = [region[:length] for length in REGION_LENGTHS if length < len(region)]
    return [region, *shorter, ""] if region else [""]


def regions_of(item: SupportItem, day: datetime.date) -> list[tuple[str, str]]:
    """Return code and name of the regions with a standard of their own on a day."""
    local = ItemVersion.objects.in_force_on(day).filter(item=item).exclude(region="")
    return list(local.order_by("region").values_list("region", "region_name"))


def region_offered(item: SupportItem, region: str) -> str:
    """Return the region whose standard counts for a home today; empty for the general one."""
    offered = {code for code, _name in regions_of(item, timezone.localdate())}
    return next((code for code in regions_above(region) if code in offered), "")


def version_on(item: SupportItem, day: datetime.date, region: str = "") -> ItemVersion:
    """Return the version of an item in force on a day; a local one goes before the general.

    Args:
        day: the day the application is submitted.
        region: code of the applicant's administrative division; empty when unknown.

    Raises:
        NoStandardInForce: none is.
    """
    versions = ItemVersion.objects.in_force_on(day).filter(item=item).select_related("item")
    found = among_versions(versions, day, region)
    if found is None:
        raise NoStandardInForce(
            _("No standard of “%(item)s” is in force on %(day)s. Please ask the service station.")
            % {"item": item.name, "day": date_format(day)}
        )
    return found


def among_versions(
    versions: Iterable[ItemVersion], day: datetime.date, region: str
) -> ItemVersion | None:
    """Return which of published versions is in force on a day; a local one goes before the general.

    Args:
        region: code of the applicant's administrative division; empty when unknown.
    """
    regions = regions_above(region)
    fitting = [
        version for version in versions if version.is_in_force_on(day) and version.region in regions
    ]
    return max(fitting, key=lambda version: len(version.region), default=None)


def check_eligibility(
    version: ItemVersion, answers: Answers, on: datetime.date | None = None
) -> list[RuleResult]:
    """Return the result of every rule that applies; stores nothing.

    Args:
        on: the day of the application, today by default.
    """
    return check_standard(version.standard, answers, on or timezone.localdate())


def compute(
    version: ItemVersion,
    answers: Answers,
    granted_this_year: Decimal = Decimal(0),
    on: datetime.date | None = None,
) -> Calculation:
    """Compute the amount with its trace; stores nothing.

    Args:
        granted_this_year: yuan already granted to the beneficiary under this item in the
            calendar year, read by the caller under its lock.
        on: the day of the application, today by default.
    """
    return compute_standard(
        version.standard, answers, granted_this_year, on or timezone.localdate()
    )


# ---- Writing


def _locked(version_id: int) -> ItemVersion:
    """Return a version with its item locked, as the database has it."""
    item_id = ItemVersion.objects.values_list("item_id", flat=True).get(pk=version_id)
    SupportItem.objects.select_for_update().get(pk=item_id)
    version: ItemVersion = (
        ItemVersion.objects.select_for_update(of=("self",))
        .select_related("item")
        .get(pk=version_id)
    )
    return version


def edited(version: ItemVersion, user: User) -> None:
    """Note who changed a draft; what was proposed before goes back to the draft.

    Raises:
        NotAtThisState: the version is published.
        NotAllowed: the account does not write standards.
    """
    if not may_write_standards(user):
        raise NotAllowed(_("Standards are written by the veterans service officer."))
    with transaction.atomic():
        now = _locked(version.pk)
        if now.is_published:
            raise NotAtThisState(
                _("“%(version)s” is published and does not change. Please copy it as a new one.")
                % {"version": now}
            )
        now.editors.add(user)
        now.status = VersionState.DRAFT
        now.proposed_by = now.proposed_at = None
        now.changed_at = timezone.now()
        now.save(update_fields=["status", "proposed_by", "proposed_at", "changed_at"])


def propose(version_id: int, user: User) -> ItemVersion:
    """Hand a complete draft to those who publish.

    Raises:
        NotAllowed: the account does not write standards.
        NotAtThisState: it is no draft.
        NotComplete: something is missing; the sentence names it.
    """
    if not may_write_standards(user):
        raise NotAllowed(_("Standards are written by the veterans service officer."))
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionState.DRAFT:
            raise NotAtThisState(
                _("“%(version)s” is no draft any more: %(state)s.")
                % {"version": version, "state": version.get_status_display()}
            )
        check_complete(version)
        version.editors.add(user)
        version.status = VersionState.PROPOSED
        version.proposed_by, version.proposed_at = user, timezone.now()
        version.return_reason = ""
        version.save()
        log(instance=version, action="veterans.standard.propose", user=user)
    return version


def return_version(version_id: int, user: User, reason: str) -> ItemVersion:
    """Give a proposed version back to its writer with a reason.

    Raises:
        NotAllowed: the account does not publish standards.
        NotAtThisState: it is not proposed.
        NotComplete: no reason was given.
    """
    if not may_publish_standards(user):
        raise NotAllowed(_("Standards are published by the Party secretary or the union chair."))
    if not reason.strip():
        raise NotComplete(_("Please write why it goes back, so that it can be put right."))
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionState.PROPOSED:
            raise NotAtThisState(
                _("“%(version)s” does not wait for publication: %(state)s.")
                % {"version": version, "state": version.get_status_display()}
            )
        version.status = VersionState.DRAFT
        version.return_reason = reason.strip()[:300]
        version.proposed_by = version.proposed_at = None
        version.save()
        log(
            instance=version,
            action="veterans.standard.return",
            user=user,
            data={"reason": version.return_reason},
        )
    return version


def publish_version(version_id: int, user: User, *, seen_sha256: str) -> ItemVersion:
    """Put a proposed version in force: seal its content, end the version before it.

    Args:
        seen_sha256: check sum of the content the publisher looked at.

    Raises:
        NotAllowed: the account does not publish standards, or had a hand in this one.
        NotAtThisState: it is not proposed, was changed after it was looked at, or its days
            overlap with those of another version.
        NotComplete: something is missing.
    """
    if not may_publish_standards(user):
        raise NotAllowed(_("Standards are published by the Party secretary or the union chair."))
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionState.PROPOSED:
            raise NotAtThisState(
                _("“%(version)s” does not wait for publication: %(state)s.")
                % {"version": version, "state": version.get_status_display()}
            )
        if had_a_hand_in(user, version):
            raise NotAllowed(
                _("You wrote or proposed this version. A second person has to publish it.")
            )
        check_complete(version)
        standard = from_rows(version)
        if standard.sha256() != seen_sha256:
            raise NotAtThisState(
                _("The version was changed after you looked at it. Please look at it again.")
            )
        _make_room(version, user)
        version.status = VersionState.PUBLISHED
        version.published_by, version.published_at = user, timezone.now()
        version.snapshot = standard.canonical()
        version.snapshot_sha256 = seen_sha256
        version.__dict__.pop("standard", None)
        version.save()
        log(
            instance=version,
            action="veterans.standard.publish",
            user=user,
            data={"sha256": seen_sha256, "from": version.effective_from.isoformat()},
        )
    return version


def _make_room(version: ItemVersion, user: User) -> None:
    """End the version that is open at its end, or refuse what would overlap or alter the past."""
    today = timezone.localdate()
    others = ItemVersion.objects.published().filter(item=version.item).exclude(pk=version.pk)
    last_past_day = min(version.effective_to or today, today - datetime.timedelta(days=1))
    for other in others:
        related = other.region.startswith(version.region) or version.region.startswith(other.region)
        begins = max(other.effective_from, version.effective_from)
        ends = min(other.effective_to or datetime.date.max, last_past_day)
        if related and begins <= ends:
            raise NotAtThisState(
                _(
                    "On %(day)s “%(other)s” was in force already, and the past does not change."
                    " Please let the new version begin today or later."
                )
                % {"day": begins.isoformat(), "other": other}
            )
        if other.region == version.region:
            _end_before(other, version, user)


def _end_before(other: ItemVersion, version: ItemVersion, user: User) -> None:
    version_ends = version.effective_to or datetime.date.max
    other_ends = other.effective_to or datetime.date.max
    if other_ends < version.effective_from or version_ends < other.effective_from:
        return
    if other.effective_to is not None or other.effective_from >= version.effective_from:
        raise NotAtThisState(
            _("The days of “%(version)s” overlap with those of “%(other)s”.")
            % {"version": version, "other": other}
        )
    other.effective_to = version.effective_from - datetime.timedelta(days=1)
    other.save(update_fields=["effective_to"])
    log(
        instance=other,
        action="veterans.standard.end",
        user=user,
        data={"until": other.effective_to.isoformat(), "followed_by": str(version)},
    )


def check_complete(version: ItemVersion) -> None:
    """Check a version and all its rows.

    Raises:
        NotComplete: with one sentence for each thing that is missing or wrong.
    """
    wrong: list[str] = []
    try:
        version.full_clean(exclude=["snapshot", "snapshot_sha256"])
    except ValidationError as error:
        wrong += error.messages
    for name in PART_NAMES:
        rows = list(getattr(version, name).all())
        if not rows:
            label = ItemVersion._meta.get_field(name).related_model._meta.verbose_name_plural
            wrong.append(_("“%(part)s” is empty.") % {"part": label})
        for row in rows:
            try:
                row.full_clean(exclude=["version"])
            except ValidationError as error:
                wrong += [f"{row}：{message}" for message in error.messages]
    stages = {row.stage for row in version.limits.all()}
    wrong += [
        _("The time limit of “%(stage)s” is missing.") % {"stage": stage.label}
        for stage in NEEDED_STAGES
        if stage not in stages
    ]
    if not any(not row.adds for row in version.amounts.all()):
        wrong.append(_("Every row of the table of amounts comes on top of another one."))
    if wrong:
        raise NotComplete(" ".join(wrong))


def copy_version(
    version_id: int,
    user: User,
    effective_from: datetime.date,
    item: SupportItem | None = None,
) -> ItemVersion:
    """Return a new draft with the content of a version, from another day on.

    Args:
        item: another item, which gets a first version to be changed; the same one by default.

    Raises:
        NotAllowed: the account does not write standards.
    """
    if not may_write_standards(user):
        raise NotAllowed(_("Standards are written by the veterans service officer."))
    with transaction.atomic():
        source = _locked(version_id)
        kept: dict[str, Any] = {
            field.attname: getattr(source, field.attname)
            for field in ItemVersion._meta.concrete_fields
            if field.editable and not field.primary_key
        }
        kept |= {"effective_from": effective_from, "effective_to": None}
        if item is not None and item.pk != source.item_id:
            # A local version of one item says nothing of where another one differs.
            kept |= {"item_id": item.pk, "region": "", "region_name": ""}
        copy = ItemVersion(**kept)
        copy.save()
        for name in PART_NAMES:
            for row in getattr(source, name).all():
                row.pk, row.version = None, copy
                row._state.adding = True
                row.save()
        copy.editors.add(user)
        log(
            instance=copy,
            action="veterans.standard.copy",
            user=user,
            data={"source": str(source), "source_id": source.pk},
        )
    return copy
