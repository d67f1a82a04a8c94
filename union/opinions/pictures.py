"""Pictures of opinions: nothing but what can be seen is kept of them."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from portal.cases.models import Case, CaseDocument
from portal.cases.ownership import OWNER_KIND, owner_id
from portal.files import services as files
from portal.files.checking import CheckedUpload
from portal.files.forms import PrivateFileField, PrivateFileInput
from portal.files.models import ScanResult

MATERIAL = "opinion-picture"
MEDIA_TYPE = "image/jpeg"
# The longer side in pixels, and the quality: a notice on a wall stays readable.
EDGE, QUALITY = 1920, 82


class PicturesField(PrivateFileField):
    """Takes photos only: other files may carry the name of who wrote them.

    The cleaned value is a list of JPEG bytes, drawn anew, without metadata and file names.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", PrivateFileInput(attrs={"accept": "image/*"}))
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "Photos only (JPG, PNG, HEIC), at most ten. Place, time and device are removed"
                " from them. Please mind that a picture can show who took it."
            ),
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:  # type: ignore[override]
        """Return the pictures drawn anew.

        Raises:
            ValidationError: one of them is none; nothing of the others is kept.
        """
        checked = super().clean(data, initial)
        try:
            others = [one.name for one in checked if not one.media_type.startswith("image/")]
            if others:
                raise ValidationError(
                    [
                        _(
                            "“%(name)s” is no picture. Only pictures are taken here, because"
                            " other files may carry a name. Please take a photo of it."
                        )
                        % {"name": name}
                        for name in others
                    ]
                )
            return [_drawn(one) for one in checked]
        finally:
            for one in checked:
                one.close()


def _drawn(checked: CheckedUpload) -> bytes:
    with Image.open(io.BytesIO(b"".join(checked.chunks()))) as picture:
        plain = picture.convert("RGB")
        plain.thumbnail((EDGE, EDGE))
        drawn = io.BytesIO()
        plain.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def packed(pictures: Iterable[bytes]) -> list[str]:
    """Return pictures in the form in which they wait in the urn."""
    return [base64.b64encode(picture).decode() for picture in pictures]


def unpacked(pictures: Iterable[str]) -> list[bytes]:
    """Return the pictures of an entry of the urn."""
    return [base64.b64decode(picture) for picture in pictures]


def attach(case: Case, pictures: Iterable[bytes], user: Any = None) -> None:
    """Keep pictures with a case, inside its transaction; their names are numbers.

    Args:
        user: who handed them in; None for a sender who stays unknown.
    """
    for number, picture in enumerate(pictures, 1):
        digest = hashlib.sha256(picture).hexdigest()
        name = _("Picture %(number)d") % {"number": number}
        checked = CheckedUpload(
            name=f"{number}.jpg",
            media_type=MEDIA_TYPE,
            size=len(picture),
            sha256=digest,
            received_sha256=digest,
            scan=ScanResult.NOT_SCANNED,
            file=io.BytesIO(picture),
        )
        stored = files.receive(checked, user=user, purpose=MATERIAL)
        files.claim([stored], OWNER_KIND, owner_id(case))
        stored.refresh_from_db()
        CaseDocument.objects.create(
            case=case, material=MATERIAL, title=name, file=stored, added_at=timezone.now()
        )
