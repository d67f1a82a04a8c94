"""The portal's addresses and one view that takes private files and says what they cost."""

from __future__ import annotations

import os

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from portal.files import services
from portal.files.forms import PrivateFileField


class Form(forms.Form):
    """What a form with a paper is."""

    papers = PrivateFileField()


@csrf_exempt
@login_not_required
def upload(request: HttpRequest) -> JsonResponse:
    """Check and store the files; return process and sizes."""
    form = Form(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    files = [services.receive(paper, user=None) for paper in form.cleaned_data["papers"]]
    return JsonResponse(
        {
            "process": os.getpid(),
            "sizes": [file.size for file in files],
        }
    )


urlpatterns = [
    path("benchmark-upload/", upload),
    path("", include("tests.infrastructure.demo_urls")),
]
