"""What a version changes against another one: each value and each row, before and after."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from veterans.models.standard_rows import Stage
from veterans.models.standards import ItemVersion, Repeats
from veterans.standards.content import Amount, Limit, Material, Rule, Standard, Step
from veterans.standards.showing import (
    amount_words,
    days_words,
    most_words,
    step_words,
    times_words,
)

_FIRST_PAGE = (
    *("document_number", "basis", "people", "payment", "guide", "place", "phone", "hours"),
    *("channels", "region_name", "effective_from"),
)


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    Attributes:
        part: which part of the standard: conditions, amounts, materials.
        what: the row or the field.
        before: in the earlier version; empty when it is new.
        after: in the later version; empty when it is gone.
    """

    part: str
    what: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Added, removed or changed."""
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


def changes(before: Standard, after: Standard) -> list[Change]:
    """Return what differs, part by part in the order of the standard."""
    found = list(_first_page(before, after))
    found += _rows(_("Conditions"), before.rules, after.rules, _rule_key, _rule_words)
    found += _rows(_("How much it is"), before.amounts, after.amounts, _amount_key, _amount_row)
    found += _rows(
        _("What to bring"), before.materials, after.materials, _material_key, _material_words
    )
    found += _rows(_("How it goes"), before.steps, after.steps, _step_key, _step_row)
    found += _rows(_("Time limits"), before.limits, after.limits, _limit_key, _limit_row)
    return found


def _first_page(before: Standard, after: Standard) -> Iterable[Change]:
    for name in _FIRST_PAGE:
        old, new = str(getattr(before, name)), str(getattr(after, name))
        if old != new:
            label = str(ItemVersion._meta.get_field(name).verbose_name)
            yield Change(_("First page"), label, old or "—", new or "—")
    if before.repeats != after.repeats:
        label = str(ItemVersion._meta.get_field("repeats").verbose_name)
        yield Change(
            _("First page"),
            label,
            str(Repeats(before.repeats).label),
            str(Repeats(after.repeats).label),
        )
    if before.applies_to_open_cases != after.applies_to_open_cases:
        words = {True: _("Yes"), False: _("No")}
        label = str(ItemVersion._meta.get_field("applies_to_open_cases").verbose_name)
        yield Change(
            _("First page"),
            label,
            words[before.applies_to_open_cases],
            words[after.applies_to_open_cases],
        )


def _rows(
    part: str,
    before: Sequence[Any],
    after: Sequence[Any],
    key: Callable[[Any], tuple[str, str]],
    words: Callable[[Any], str],
) -> list[Change]:
    """Compare two lists by key; rows that share a key are compared in their order."""
    old, new = _numbered(before, key), _numbered(after, key)
    found = []
    for place in [*old, *(place for place in new if place not in old)]:
        was, now = old.get(place), new.get(place)
        if was is not None and now is not None and _same(was, now):
            continue
        name = key(now if now is not None else was)[1]
        found.append(Change(part, name, words(was) if was else "", words(now) if now else ""))
    return found


def _numbered(
    rows: Sequence[Any], key: Callable[[Any], tuple[str, str]]
) -> dict[tuple[str, int], Any]:
    numbered: dict[tuple[str, int], Any] = {}
    for row in rows:
        place = 0
        while (key(row)[0], place) in numbered:
            place += 1
        numbered[key(row)[0], place] = row
    return numbered


def _same(was: Any, now: Any) -> bool:
    if hasattr(was, "id"):
        return bool(dataclasses.replace(was, id=0) == dataclasses.replace(now, id=0))
    return bool(was == now)


def _joined(*parts: str) -> str:
    """Return sentences and words as one line."""
    return "；".join(part.rstrip("。") for part in parts if part)


def _rule_key(rule: Rule) -> tuple[str, str]:
    return rule.title, rule.title


def _rule_words(rule: Rule) -> str:
    says = [rule.test.words()]
    if rule.when:
        says.append(_("asked only if %(case)s") % {"case": rule.when.words()})
    says.append(_("excludes") if rule.refuses else _("a person checks it"))
    return _joined(*says, rule.met, rule.unmet, rule.clause)


def _amount_key(row: Amount) -> tuple[str, str]:
    return row.label, row.label


def _amount_row(row: Amount) -> str:
    says = [
        amount_words(row),
        times_words(row),
        _("at most %(amount)s") % {"amount": most_words(row)} if most_words(row) else "",
        "、".join(row.categories),
        row.condition.words(),
        row.note,
        row.clause,
    ]
    return _joined(*says)


def _material_key(material: Material) -> tuple[str, str]:
    return material.code, material.name


def _material_words(material: Material) -> str:
    from veterans.models.standard_rows import Need

    says = [
        material.name,
        str(Need(material.need).label),
        material.condition.words(),
        material.formats,
        material.sample,
        material.issued_by,
        _("need not be brought again") if material.exempt_when_on_file else "",
        str(material.valid_months or ""),
        material.note,
        material.clause,
    ]
    return _joined(*says)


def _step_key(step: Step) -> tuple[str, str]:
    return step.name, step.name


def _step_row(step: Step) -> str:
    return _joined(step.role, step_words(step), step.description, step.clause)


def _limit_key(limit: Limit) -> tuple[str, str]:
    return limit.stage, str(Stage(limit.stage).label)


def _limit_row(limit: Limit) -> str:
    return f"{days_words(limit)}；{limit.clause}"


def version_before(version: ItemVersion) -> ItemVersion | None:
    """Return the published version of the item and region that came before this one."""
    found: ItemVersion | None = (
        ItemVersion.objects.published()
        .filter(item=version.item, region=version.region, effective_from__lt=version.effective_from)
        .exclude(pk=version.pk)
        .select_related("item")
        .order_by("-effective_from")
        .first()
    )
    return found
