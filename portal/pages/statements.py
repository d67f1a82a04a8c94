"""Texts of the portal about itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    """Say what helps people who see, hear or move with difficulty, and whom to tell of faults."""
    return render(request, "pages/accessibility_statement.html")
