"""The pages around a public notice: objections by name, and their answers."""

from __future__ import annotations

from portal.public_notices.views.objections import my_objections, new_objection, objection
from portal.public_notices.views.office import answer, objections

__all__ = ["answer", "my_objections", "new_objection", "objection", "objections"]
