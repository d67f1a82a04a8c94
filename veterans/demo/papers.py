"""Papers as somebody would photograph them, drawn: lines for the text, a stamp, a shadow."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.demo.canvas import Canvas

WIDTH, HEIGHT = 720, 960


def photographed_paper(number: int, name: str) -> SimpleUploadedFile:
    """Return a photo of a paper; the same number gives the same paper."""
    canvas = Canvas(WIDTH, HEIGHT, number)
    canvas.gradient([(0, "#8a7a66"), (1, "#6f6152")])
    left, top = 60 + canvas.chance.randint(-12, 12), 54 + canvas.chance.randint(-10, 10)
    canvas.box(left + 8, top + 10, 600, 850, "#4f453a", 6)
    canvas.box(left, top, 600, 850, "#fbf8f1", 4)
    canvas.box(left + 170, top + 60, 260, 26, "#3b3b3b", 3)
    for row in range(15):
        long = canvas.chance.randint(300, 480)
        canvas.box(left + 60, top + 140 + row * 40, long, 9, "#9a958c", 4)
    canvas.ring(left + 460, top + 730, 62, "#c8261d", 6)
    canvas.circle(left + 460, top + 730, 16, "#c8261d")
    written = io.BytesIO()
    canvas.finished().save(written, "JPEG", quality=70)
    return SimpleUploadedFile(f"{name}.jpg", written.getvalue(), "image/jpeg")
