"""The writes of titles: the title with its rows, in one transaction."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from honors.models import Title
from honors.titles.permissions import keeps_titles
from portal.people.models import User
from portal.refusals import NotYours


@transaction.atomic
def save(user: User, form: Any, sets: list[Any]) -> Title:
    """Write a title and its rows; rounds that run keep what they were opened with.

    Args:
        form, sets: that were found valid.

    Raises:
        NotYours: the account does not keep titles.
        ValidationError: a score card without a sum of 100 where a mark is needed to pass.
    """
    if not keeps_titles(user):
        raise NotYours(_("Titles are kept by the Party affairs department."))
    is_new = form.instance.pk is None
    title: Title = form.save()
    for rows in sets:
        rows.instance = title
        rows.save()
        # Their place is that in the form.
        for place, one in enumerate(rows.forms):
            if one.instance.pk and hasattr(one.instance, "order"):
                type(one.instance).objects.filter(pk=one.instance.pk).update(order=place)
    if title.pass_mark is not None and not title.score_lines.exists():
        raise ValidationError(
            {"pass_mark": _("A least mean score needs a score card. Please enter its lines.")}
        )
    log(
        instance=title,
        action="wagtail.create" if is_new else "wagtail.edit",
        user=user,
    )
    return title
