"""Loads the demo world of the fictional 沁岚能源集团有限公司."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from portal.demo.appraisal import load_appraisal
from portal.demo.archive_office import load_archive_office
from portal.demo.loading import DemoWorld, index_later
from portal.demo.people import load_logins, load_people, load_units
from portal.demo.registry import events, parts, preparations

EVERY = 20


class Command(BaseCommand):
    """Writes what is missing of the demo; a second run changes nothing."""

    help = "Load the demo world: units, people, logins, pictures, pages and open reviews."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read whether a loaded demo is left alone without being compared."""
        parser.add_argument(
            "--if-absent", action="store_true", help="do nothing when the demo is already there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load part by part, each text in a transaction of its own, oldest first.

        Raises:
            CommandError: demo mode is off; demo passwords are known to everybody.
        """
        if not settings.DEMO:
            raise CommandError(
                "演示模式未开启（DEMO），不会写入演示账号。 "
                "Demo mode is off (DEMO): no accounts with a known password are made here."
            )
        if options["if_absent"] and self._is_loaded():
            self.stdout.write("演示数据已存在。 The demo is already there.")
            return
        began = time.monotonic()
        with override("zh-hans"), index_later():
            written = self._load()
        self.stdout.write("更新检索索引 Updating the search index")
        call_command("update_index", verbosity=0)
        seconds = time.monotonic() - began
        if written:
            self.stdout.write(
                self.style.SUCCESS(f"演示数据载入完成 Demo loaded: +{written} ({seconds:.0f} s)")
            )
        else:
            self.stdout.write("没有变化。 Nothing to add.")

    def _load(self) -> int:
        written = load_units()
        self.stdout.write(f"机构 units: +{written}")
        for label, load in (("人员 people", load_people), ("账号 accounts", load_logins)):
            added = load()
            written += added
            self.stdout.write(f"{label}: +{added}")
        world = DemoWorld()
        for name, prepare in preparations().items():
            before = world.written.total()
            prepare(world)
            self.stdout.write(f"{name}: +{world.written.total() - before}")
        steps = self._steps(world)
        for position, (_day, _turn, step) in enumerate(steps, start=1):
            step()
            if position % EVERY == 0:
                self.stdout.write(f"文稿 texts: {position} / {len(steps)}")
        decided = load_archive_office(self.stdout.write)
        self.stdout.write(f"档案室 archive office: +{decided}")
        decided += load_appraisal(self.stdout.write)
        for part in parts():
            counts = ", ".join(
                f"{state} +{count}"
                for (kind, state), count in sorted(world.written.items())
                if kind == part.kind
            )
            self.stdout.write(f"{part.name} {part.kind}: {counts or '+0'}")
        return written + world.written.total() + decided

    def _steps(self, world: DemoWorld) -> list[tuple[date, int, Callable[[], bool]]]:
        """All texts and remarks in the order in which they would have been written."""
        steps: list[tuple[date, int, Callable[[], bool]]] = []
        for part in parts():
            for text in part.texts:
                day = text.published_at.date() if text.published_at else text.date
                steps.append((day, len(steps), lambda p=part, t=text: world.load_text(p, t)))  # type: ignore[misc]
        for event in events():
            # After the texts of the same day, before the remarks.
            steps.append((event.day, 500 + len(steps), lambda e=event: e.run(world)))  # type: ignore[misc]
        for part in parts():
            for remark in part.corrections:
                steps.append(
                    (
                        remark.date,
                        # After the texts of the same day.
                        1000 + len(steps),
                        lambda p=part, r=remark: world.load_correction(p, r),  # type: ignore[misc]
                    )
                )
        return sorted(steps, key=lambda step: step[:2])

    def _is_loaded(self) -> bool:
        from wagtail.models import Page

        wanted = {text.key for part in parts() for text in part.texts}
        present = set(Page.objects.filter(slug__in=wanted).values_list("slug", flat=True))
        return wanted <= present
