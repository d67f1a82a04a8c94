"""Certificates that sign packages, for tests: made on the spot, valid on chosen days."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from portal.archives.packages import certificates

PASSWORD = "演示口令"


def certificate(path: Path, *, begins: int = -1, ends: int = 365, **more: Any) -> Path:
    """Write a certificate that is valid between two days from today."""
    now = timezone.now()
    body = certificates.make_authority(
        "测试机构",
        "测试档案室",
        begins=now + datetime.timedelta(days=begins),
        ends=now + datetime.timedelta(days=ends),
        password=PASSWORD.encode(),
        **more,
    )
    path.write_bytes(body)
    return path
