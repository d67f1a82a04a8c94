"""Writes to the tree of units."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from portal.organizations.models import Unit

# Filled by the tree itself when the unit gets its place.
TREE_FIELDS = ("path", "depth", "numchild")


@transaction.atomic
def create_unit(*, parent: Unit | None, **fields: Any) -> Unit:
    """Create a unit under a parent, or the topmost unit.

    Raises:
        ValidationError: a field is wrong, or the kind may not stand under the parent.
    """
    unit = Unit(**fields)
    unit.check_place(parent)
    unit.full_clean(exclude=set(TREE_FIELDS))
    if parent is None:
        return Unit.add_root(instance=unit)
    parent.refresh_from_db()
    return parent.add_child(instance=unit)
