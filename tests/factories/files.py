"""Pictures, documents and sounds for tests, drawn and written on the spot."""

from __future__ import annotations

import io
import itertools
import wave

from django.core.files.base import ContentFile
from PIL import Image

from portal.pages.models import PortalDocument, PortalImage, PortalMedia

_numbers = itertools.count(1)


def picture_bytes(number: int = 0) -> bytes:
    """Return a small PNG; another number gives other bytes."""
    target = io.BytesIO()
    Image.new("RGB", (40 + number % 50, 30), ((37 * number) % 255, 90, 60)).save(target, "PNG")
    return target.getvalue()


def make_picture(title: str = "") -> PortalImage:
    """Store a picture."""
    number = next(_numbers)
    return PortalImage.objects.create(
        title=title or f"井口广场{number}",
        file=ContentFile(picture_bytes(number), f"picture-{number}.png"),
        width=0,
        height=0,
    )


def make_document(title: str = "", body: bytes = b"") -> PortalDocument:
    """Store a document."""
    number = next(_numbers)
    return PortalDocument.objects.create(
        title=title or f"签到表{number}",
        file=ContentFile(body or f"签到表 {number}\n".encode(), f"document-{number}.txt"),
    )


def make_sound(title: str = "") -> PortalMedia:
    """Store a tenth of a second of silence."""
    number = next(_numbers)
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes([number % 250, 0]) * 800)
    return PortalMedia.objects.create(
        title=title or f"录音{number}",
        type="audio",
        duration=0.1,
        file=ContentFile(target.getvalue(), f"sound-{number}.wav"),
    )
