"""The doors of honor work, and its page of a form."""

from __future__ import annotations

from functools import partial

from portal import office_pages
from portal.doors import Doors

_doors = Doors()
register_door = _doors.register
doors_for = _doors.of
submit = partial(office_pages.submit, template="honors/form.html")
