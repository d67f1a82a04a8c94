"""What the union adds to the admin; each subject keeps its own."""

from __future__ import annotations

from union.surveys import admin_hooks as surveys

surveys.register()
