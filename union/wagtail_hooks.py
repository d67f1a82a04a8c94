"""What the union adds to the admin; each subject keeps its own."""

from __future__ import annotations

from union.opinions import admin_hooks as opinions
from union.surveys import admin_hooks as surveys

surveys.register()

__all__ = ["opinions", "surveys"]
