"""The portal's addresses and its pictures, which a web server in front serves in production."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.static import serve

from portal.urls import handler403, handler404  # noqa: F401  looked up here by Django

urlpatterns = [
    re_path(
        rf"^{re.escape(settings.MEDIA_URL.lstrip('/'))}(?P<path>.*)$",
        login_not_required(serve),
        {"document_root": settings.MEDIA_ROOT},
    ),
    path("", include("portal.urls")),
]
