"""The twelve items on their way through two years: two versions each, and a page for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_APPROVER, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from veterans.demo.items.rows import DemoItem, StandardText
from veterans.demo.items.twelve import TWELVE
from veterans.demo.standard_loading import write_item, write_published

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

UNIT = "QL-FW"
# Each year's versions are put in force shortly before it; the first when the portal began.
PUBLISHED_ON = {2025: date(2025, 1, 7), 2026: date(2025, 12, 29)}
PAGES_ON = date(2026, 1, 7)


def register() -> None:
    """Register the publications and the pages of all items."""
    for number, text in enumerate(TWELVE):
        code = text.item["code"]
        for version in (*text.versions, *text.regional):
            year, region = version.fields["effective_from"].year, version.fields.get("region", "")
            day = PUBLISHED_ON[year]
            name = "-".join(filter(None, (code, region, str(year))))
            register_event(
                DemoEvent(name, day, _event(publish, text, version, at(day, 9, number * 6)))
            )
        for slug, region in _pages(text):
            moment = at(PAGES_ON, 9, 30 + number * 20)
            register_event(
                DemoEvent(
                    f"{slug}-page", PAGES_ON, _event(publish_page, text, slug, region, moment)
                )
            )


def _event(run: Callable[..., bool], *arguments: Any) -> Callable[[DemoWorld], bool]:
    return lambda world: run(world, *arguments)


def at(day: date, hour: int, minutes: int) -> datetime:
    """Return a moment some minutes after an hour of a day."""
    return datetime.combine(day, time(hour), SHANGHAI) + timedelta(minutes=minutes)


def _pages(text: DemoItem) -> Iterator[tuple[str, str]]:
    """Yield slug and region of each page of an item."""
    yield text.item["code"], ""
    for version in text.regional:
        region = version.fields["region"]
        yield f"{text.item['code']}-{region}", region


def publish(world: DemoWorld, text: DemoItem, version: StandardText, moment: datetime) -> bool:
    """Write and publish one version unless it is there."""
    item = write_item(text.item, world.units[UNIT])
    fields = version.fields
    there = item.versions.filter(
        effective_from=fields["effective_from"], region=fields.get("region", "")
    )
    if there.exists():
        return False
    with set_clock(moment), transaction.atomic():
        write_published(item, version, world.user(VETERANS_OFFICER), world.user(PARTY_APPROVER))
    world.written["support-standard-version", "live"] += 1
    return True


def publish_page(
    world: DemoWorld, text: DemoItem, slug: str, region: str, moment: datetime
) -> bool:
    """Write one page of an item and take it through review, unless it is there."""
    from veterans.models import PolicyPage, SupportItem, SupportStandardPage, VeteransIndexPage
    from veterans.standards.services import version_on

    parent = VeteransIndexPage.objects.get()
    if parent.get_children().filter(slug=slug).exists():
        return False
    drafter, reviewer = world.user(VETERANS_OFFICER), world.user(PARTY_APPROVER)
    version = version_on(SupportItem.objects.get(code=text.item["code"]), moment.date(), region)
    with (
        set_clock(moment) as clock,
        act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
        transaction.atomic(),
    ):
        page = SupportStandardPage(
            title=f"{text.title}（{version.region_name}）" if region else text.title,
            slug=slug,
            summary=text.summary if not region else version.payment[:200],
            unit=world.units[UNIT],
            version=version,
            policy=PolicyPage.objects.filter(slug=text.policy).first() if text.policy else None,
            owner=drafter,
            live=False,
        )
        parent.add_child(instance=page)
        world.take_through_review(
            page, drafter, reviewer, clock, "live", "", moment + timedelta(minutes=80)
        )
    world.written["support-standard", "live"] += 1
    return True
