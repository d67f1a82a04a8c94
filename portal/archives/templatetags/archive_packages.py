"""Template tags of sealed packages."""

from __future__ import annotations

from typing import Any

from django import template

from portal.archives.models import PackageWork, Record, RecordState, SealedPackage
from portal.archives.permissions import may_receive

register = template.Library()


@register.inclusion_tag("archives/packages/section.html", takes_context=True)
def package_section(context: dict[str, Any], record: Record) -> dict[str, Any]:
    """Show the package of an accepted record with its layers, on the page of the record."""
    accepted = record.state == RecordState.ACCEPTED
    return {
        "record": record,
        "accepted": accepted,
        "layers": list(SealedPackage.objects.filter(record=record).select_related("file")),
        "work": PackageWork.objects.filter(record=record).first() if accepted else None,
        "may_retry": may_receive(context["request"].user),
    }
