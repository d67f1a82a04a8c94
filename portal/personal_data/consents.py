"""Versions of privacy notices, and who agreed to which."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.personal_data.models import Consent, PrivacyNotice, SensitiveKind
from portal.personal_data.refusals import ConsentMissing, NoNotice

_followers: dict[str, Callable[[str], None]] = {}


def register_consent_owner(kind: str, withdrawn: Callable[[str], None]) -> None:
    """Add once what happens to an owner of this kind when its consent is withdrawn.

    Called with the owner's id, in the transaction of the withdrawal.
    """
    _followers[kind] = withdrawn


def current_notice(code: str, day: datetime.date | None = None) -> PrivacyNotice:
    """Return the version of a notice that counts on a day, today by default.

    Raises:
        NoNotice: none is in force.
    """
    day = day or timezone.localdate()
    found = PrivacyNotice.objects.filter(code=code, published_on__lte=day)
    notice = found.order_by("-version").first()
    if notice is None:
        raise NoNotice(f"No privacy notice {code} is in force.")
    return notice


@transaction.atomic
def publish_privacy_notice(
    code: str,
    *,
    title: str,
    text: str,
    sensitive_kinds: Iterable[str],
    published_on: datetime.date,
) -> PrivacyNotice:
    """Add the next version of a notice; the same words again add none.

    Raises:
        ValueError: a kind is unknown, or the day lies before that of the version before.
    """
    kinds = [SensitiveKind(kind).value for kind in sensitive_kinds]
    versions = PrivacyNotice.objects.select_for_update().filter(code=code)
    last = versions.order_by("-version").first()
    if last and (last.title, last.text, last.sensitive_kinds) == (title, text, kinds):
        return last
    if last and published_on < last.published_on:
        raise ValueError("A newer version counts from a later day.")
    number = versions.aggregate(last=Max("version"))["last"] or 0
    return PrivacyNotice.objects.create(
        code=code,
        version=number + 1,
        title=title,
        text=text,
        sensitive_kinds=kinds,
        published_on=published_on,
    )


def give_consent(
    notice: PrivacyNotice,
    kinds: Iterable[str],
    *,
    person: Any = None,
    owner_kind: str = "",
    owner_id: str = "",
    guardian: str = "",
) -> Consent:
    """Write down a consent, each sensitive kind of the notice agreed to by itself.

    Args:
        notice: the version the person has read.
        kinds: the sensitive kinds ticked one by one.
        person: who agreed, if the portal knows them.
        owner_kind: with `owner_id`, what the consent is given for, such as a case.
        owner_id: see `owner_kind`.
        guardian: name of who agreed for a child under 14.

    Raises:
        ConsentMissing: a kind was not ticked, the notice has a newer version, or nobody is named
            for a child.
    """
    given = sorted({SensitiveKind(kind).value for kind in kinds})
    if missing := set(notice.sensitive_kinds) - set(given):
        names = "、".join(str(SensitiveKind(kind).label) for kind in sorted(missing))
        raise ConsentMissing(
            _("Please agree separately to: %(kinds)s. Without it the request cannot be handled.")
            % {"kinds": names}
        )
    if notice != current_notice(notice.code):
        raise ConsentMissing(
            _("The privacy notice has changed meanwhile. Please read the new one and agree again.")
        )
    if SensitiveKind.CHILD in given and not guardian.strip():
        raise ConsentMissing(
            _("A parent or guardian has to agree for a child under 14. Please enter their name.")
        )
    return Consent.objects.create(
        notice=notice,
        person=person,
        owner_kind=owner_kind,
        owner_id=owner_id,
        kinds=[kind for kind in given if kind in notice.sensitive_kinds],
        guardian=guardian.strip(),
        given_at=timezone.now(),
    )


@transaction.atomic
def withdraw_consent(consent: Consent) -> Consent:
    """Take a consent back; what was done before stays lawful (PIPL 15). Again changes nothing."""
    locked = Consent.objects.select_for_update().get(pk=consent.pk)
    if locked.withdrawn_at is None:
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        if follow := _followers.get(locked.owner_kind):
            follow(locked.owner_id)
    return locked


def has_consent(owner_kind: str, owner_id: str, kinds: Iterable[str] = ()) -> bool:
    """Whether a consent for these kinds is given for an owner and not withdrawn."""
    found = Consent.objects.filter(
        owner_kind=owner_kind, owner_id=owner_id, withdrawn_at__isnull=True
    )
    agreed = {kind for given in found.values_list("kinds", flat=True) for kind in given}
    return found.exists() and {str(kind) for kind in kinds} <= agreed
