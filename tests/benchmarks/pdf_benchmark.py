"""How long the archive copy of a page takes in a worker that already runs."""

from __future__ import annotations

import base64
import io
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

from tests.benchmarks.registry import Measurement, benchmark

ROUNDS = 20
PARAGRAPH = (
    "四月二十日下午，综采二队党支部在三号会议室召开支部党员大会，应到党员二十三名，实到二十一名。"
    "会议传达了公司党委关于安全生产专项整治的通知，通报了一季度隐患排查情况，讨论并通过了发展对象名单。"
    "支部书记逐条说明整改责任人和完成时限，与会党员结合岗位谈了认识，提出意见七条，当场答复五条。"
)


def picture() -> str:
    """Return a drawn picture in the size of a phone's photograph, scaled as the portal scales."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1400, 900), "#c8d6e0")
    draw = ImageDraw.Draw(image)
    for step in range(60):
        draw.ellipse((step * 20, step * 9, step * 20 + 200, step * 9 + 160), outline="#8a1c1c")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=82)
    return f"data:image/jpeg;base64,{base64.b64encode(target.getvalue()).decode()}"


def context(number: int, image: str) -> dict[str, object]:
    """Return what the archive copy shows: text, a table and a picture on two pages."""
    from django.utils.safestring import mark_safe

    text = "".join(f"<p>第{number + line}项。{PARAGRAPH}</p>" for line in range(5))
    rows = [[f"第{row}组", "张岫", str(20 + row), "已整改"] for row in range(5)]
    return {
        "title": f"综采二队党支部召开第{number}次支部党员大会",
        "kind_name": "支部活动",
        "unit_name": "综采二队党支部",
        "reference": "",
        "business_date": date(2026, 4, 20),
        "published_at": datetime(2026, 4, 21, 1, 0, tzinfo=UTC),
        "facts": [("地点", "三号会议室"), ("主持人", "张岫"), ("记录人", "苓涵")],
        "summary": PARAGRAPH[:80],
        "picture": "",
        "blocks": [
            {"type": "text", "html": mark_safe(text)},
            {
                "type": "table",
                "caption": "隐患整改情况",
                "header": ["班组", "负责人", "隐患数", "状态"],
                "rows": rows,
            },
            {
                "type": "picture",
                "source": image,
                "alternative_text": "会场",
                "caption": "支部党员大会现场",
            },
        ],
        "record_id": f"record-{number}",
        "version": 1,
        "content_sha256": "0" * 64,
        "late": False,
    }


@benchmark("pdf")
def pdf() -> Iterator[Measurement]:
    """Two-page PDF/A with Chinese text, a table and a picture; the first one of a process apart."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.infrastructure.demo_settings"
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-benchmark-")

    import django

    django.setup()

    import pikepdf
    from django.template.loader import render_to_string
    from django.utils.translation import override

    from portal.archives.pdf import pdf_from_html

    image = picture()
    seconds: list[float] = []
    with override("zh-hans"):
        for number in range(ROUNDS + 1):
            started = time.perf_counter()
            html = render_to_string("archives/rendition/page.html", context(number, image))
            made = pdf_from_html(html)
            seconds.append(time.perf_counter() - started)
    with pikepdf.open(io.BytesIO(made)) as document:
        pages = len(document.pages)
    yield Measurement("pages of the copy", pages, "pages", at_least=2, at_most=2)
    yield Measurement("first copy of a process", seconds[0], "s")
    yield Measurement("copy, warm, median", statistics.median(seconds[1:]), "s", at_most=1.0)
    yield Measurement("copy, warm, slowest", max(seconds[1:]), "s")
