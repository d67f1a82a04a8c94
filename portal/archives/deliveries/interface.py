"""The address business systems deliver to: a token in a header, a manifest, files.

`POST` with `Authorization: Bearer TOKEN`, the part `manifest` (JSON) and the parts `file-0`,
`file-1` …; `GET` with the number tells where the record stands. No session, no cookie.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from portal.archives.deliveries import services
from portal.archives.deliveries.manifest import LARGEST_BYTES
from portal.archives.deliveries.refusals import DeliveryProblem, DeliveryRefused
from portal.archives.models import DeliveringSystem, Delivery
from portal.refusals import Refusal


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def interface(request: HttpRequest) -> JsonResponse:
    """Take a delivery, or tell where one stands. Whatever is refused, nothing is kept."""
    with override("zh-hans"):
        system = _system(request)
        if system is None:
            answer = JsonResponse({"error": _("No token, or one that is not in use.")}, status=401)
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        if request.method == "GET":
            return _told(system, request.GET.get("number", ""))
        try:
            manifest = _manifest(request)
            parts = {name: part for name, part in _parts(request) if name != "manifest"}
            delivery, new = services.receive(system, manifest, parts)
        except Refusal as refusal:
            return _refused(refusal)
        return JsonResponse(services.state_of(delivery), status=201 if new else 200)


@sensitive_variables()
def _system(request: HttpRequest) -> DeliveringSystem | None:
    """Return the system whose token the header holds."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    return DeliveringSystem.of_token(token.strip())


def _manifest(request: HttpRequest) -> str:
    """Return the manifest as text; it may come as a field or as a file.

    Raises:
        DeliveryRefused: there is none, it is too large, or it is not UTF-8.
    """
    upload = request.FILES.get("manifest")
    if upload is None:
        text: str = request.POST.get("manifest", "")
        too_large = len(text) > LARGEST_BYTES
    else:
        too_large = (upload.size or 0) > LARGEST_BYTES
        try:
            text = "" if too_large else upload.read().decode()
        except UnicodeDecodeError:
            raise DeliveryRefused([DeliveryProblem("manifest", _("It is not UTF-8."))]) from None
    if too_large:
        raise DeliveryRefused([DeliveryProblem("manifest", _("It is larger than 1 MB."))])
    return text


def _parts(request: HttpRequest) -> Iterator[tuple[str, UploadedFile[Any]]]:
    """Yield the uploaded parts; of several with one name the last."""
    for name in request.FILES:
        upload = request.FILES[name]
        if isinstance(upload, UploadedFile):
            yield name, upload


def _told(system: DeliveringSystem, number: str) -> JsonResponse:
    delivery = Delivery.objects.filter(system=system, number=number).first()
    if delivery is None:
        return JsonResponse({"error": _("Nothing was delivered under this number.")}, status=404)
    return JsonResponse(services.state_of(delivery) | {"asked_at": timezone.now().isoformat()})


def _refused(refusal: Refusal) -> JsonResponse:
    said: dict[str, Any] = {"error": str(refusal.message)}
    if isinstance(refusal, DeliveryRefused):
        said["problems"] = [
            {"place": problem.place, "message": str(problem.message)}
            for problem in refusal.problems
        ]
    return JsonResponse(said, status=refusal.status)
