"""The whole text of a standard as the body of its page: what is reviewed, searched and archived.

It is written in Chinese whatever the language of the editor, because it is a document.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.pages.blocks.written import table_value
from veterans.standards.content import Standard
from veterans.standards.showing import (
    lines,
    shown_amounts,
    shown_limits,
    shown_materials,
    step_words,
)

_NAMESPACE = uuid.UUID("6f1c1f0e-5a0b-4d2e-9a53-2b0f6a6f7a11")


def story_blocks(standard: Standard) -> list[dict[str, Any]]:
    """Return the text as raw blocks of a body; the same for the same standard."""
    with override("zh-hans"):
        parts = list(_parts(standard))
    return [
        {"type": kind, "value": value, "id": str(uuid.uuid5(_NAMESPACE, f"{place}:{kind}"))}
        for place, (kind, value) in enumerate(parts)
    ]


def _parts(standard: Standard) -> Iterable[tuple[str, Any]]:
    yield _text(_("In plain words"), lines(standard.guide))
    yield _text(_("Who can apply"), lines(standard.people))
    yield _list(
        _("Conditions"), [f"{rule.title}（{rule.clause}）" for rule in standard.rules], ordered=True
    )
    yield _table(
        _("How much it is"),
        (_("Category of people"), _("Amount"), _("How it is paid out"), _("At most"), _("Clause")),
        [
            (row.label, row.amount, row.times, row.most or "—", row.clause)
            for row in shown_amounts(standard)
        ],
    )
    if standard.payment:
        yield _text(_("How it is paid"), lines(standard.payment))
    yield _table(
        _("What to bring"),
        (_("Material"), _("Needed"), _("What it looks like"), _("Brought once only")),
        [
            (
                shown.material.name,
                "；".join(filter(None, (shown.need, shown.case))),
                shown.material.sample,
                _("Yes") if shown.material.exempt_when_on_file else "—",
            )
            for shown in shown_materials(standard)
        ],
    )
    yield _table(
        _("How it goes"),
        (_("Step"), _("By whom"), _("How long"), _("What happens")),
        [
            (step.name, step.role, step_words(step) or "—", step.description)
            for step in standard.steps
        ],
    )
    yield _table(_("Time limits"), (_("Stage"), _("Days"), _("Clause")), shown_limits(standard))
    yield _list(_("What it rests on"), lines(standard.basis))


def _text(title: str, paragraphs: Sequence[str]) -> tuple[str, str]:
    words = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return "text", f"<h2>{escape(title)}</h2>{words}"


def _list(title: str, items: Sequence[str], *, ordered: bool = False) -> tuple[str, str]:
    tag = "ol" if ordered else "ul"
    words = "".join(f"<li>{escape(one)}</li>" for one in items)
    return "text", f"<h2>{escape(title)}</h2><{tag}>{words}</{tag}>"


def _table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[str, dict[str, Any]]:
    return "table", table_value(title, header, rows)
