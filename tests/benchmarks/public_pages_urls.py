"""The portal's addresses and one plain view to compare with."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def constant(request: HttpRequest) -> HttpResponse:
    """Answer with a constant: the most that this server and this middleware can do."""
    return HttpResponse("constant")


urlpatterns = [
    path("benchmark-constant/", constant),
    path("", include("tests.infrastructure.demo_urls")),
]
