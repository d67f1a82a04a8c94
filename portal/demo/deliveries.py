"""What the OA system of the demo handed over: two finished flows."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.archives.deliveries import services
from portal.archives.models import DeliveringSystem
from portal.demo.attachments import pdf_form
from portal.demo.clock import set_clock
from portal.demo.registry import DemoEvent, register_event

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

SHANGHAI = ZoneInfo("Asia/Shanghai")
SYSTEM = "集团办公自动化系统"
ARCHIVIST = "100010"
DELIVERED = date(2026, 11, 12)
#: Number, kind, title, document number, day, main text; steps with their moments.
FLOWS = (
    (
        "OA-2026-001187",
        "outgoing",
        "关于开展冬季安全生产大检查的通知",
        "沁岚党发〔2026〕30号",
        date(2026, 11, 9),
        "各党支部、各单位：为做好今冬明春安全生产工作，定于11月16日至27日开展大检查。",
        (("拟稿", "许文竹", 3, 9), ("核稿", "林晓岚", 4, 15), ("签发", "梁启岳", 9, 10)),
    ),
    (
        "OA-2026-001204",
        "incoming",
        "关于报送2026年度基层党建工作总结的通知",
        "岚川国资党〔2026〕88号",
        date(2026, 11, 11),
        "各市属企业党委：请于12月20日前报送本年度基层党建工作总结。",
        (("登记", "许文竹", 10, 9), ("批办", "梁启岳", 10, 16), ("办结", "林晓岚", 11, 11)),
    ),
)


def register() -> None:
    """Register the deliveries on their day."""
    register_event(DemoEvent("deliveries", DELIVERED, _deliver))


def _deliver(world: DemoWorld) -> bool:
    if DeliveringSystem.objects.filter(name=SYSTEM).exists():
        return False
    with set_clock(datetime.combine(DELIVERED, time(18, 5), SHANGHAI)):
        system, _token = services.admit(SYSTEM, world.user(ARCHIVIST))
        for number, kind, title, reference, day, words, steps in FLOWS:
            sheet = "".join(
                f"<tr><th>{action}</th><td>{person}</td><td>11月{on}日</td></tr>"
                for action, person, on, _hour in steps
            )
            bodies = {
                "form": ("阅办单.pdf", pdf_form("阅办单", f"<table>{sheet}</table>")),
                "main": ("正文.pdf", pdf_form(title, f"<p>{words}</p>")),
            }
            manifest = {
                "number": number,
                "kind": kind,
                "title": title,
                "reference": reference,
                "unit": "DW",
                "finished_on": day.isoformat(),
                "steps": [
                    {
                        "action": action,
                        "person": person,
                        "at": datetime(2026, 11, on, hour, 20, tzinfo=SHANGHAI).isoformat(),
                    }
                    for action, person, on, hour in steps
                ],
                "files": [
                    {
                        "role": role,
                        "name": name,
                        "size": len(body),
                        "sha256": hashlib.sha256(body).hexdigest(),
                    }
                    for role, (name, body) in bodies.items()
                ],
            }
            uploads = {
                f"file-{position}": SimpleUploadedFile(name, body)
                for position, (name, body) in enumerate(bodies.values())
            }
            services.receive(system, json.dumps(manifest), uploads)
            world.written["delivery", "received"] += 1
    return True
