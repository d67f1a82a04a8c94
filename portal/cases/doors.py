"""The doors of the case desk: subjects add pages of their own beside it."""

from __future__ import annotations

from portal.doors import Doors

_doors = Doors()
register_case_door = _doors.register
case_doors_for = _doors.of
