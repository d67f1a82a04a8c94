"""The housing subsidy on its way through two years: two versions, and its page for everybody."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from portal.archives.actors import act_as
from portal.demo.clock import set_clock
from portal.demo.loading import SHANGHAI
from portal.demo.parts import PARTY_APPROVER, VETERANS_OFFICER
from portal.demo.registry import DemoEvent, register_event
from veterans.demo.standard_loading import write_item, write_published
from veterans.demo.standards import HOUSING_2025, HOUSING_2026, HOUSING_ITEM, StandardText

if TYPE_CHECKING:
    from portal.demo.loading import DemoWorld

UNIT = "QL-FW"
PAGE_SLUG = "housing"
PAGE_TITLE = "住房补贴怎么申请：条件、金额、材料和步骤"
PAGE_SUMMARY = "每月800元至1500元，连发十二个月。先查一查能不能申请，再网上填写，材料不用重复交。"


def register() -> None:
    """Register the two publications and the page."""
    for day, text in ((date(2025, 1, 7), HOUSING_2025), (date(2025, 12, 29), HOUSING_2026)):
        year = text.fields["effective_from"].year
        register_event(
            DemoEvent(
                f"housing-{year}",
                day,
                lambda world, text=text, day=day: publish(world, text, day),  # type: ignore[misc]
            )
        )
    register_event(DemoEvent("housing-page", date(2026, 1, 7), publish_page))


def publish(world: DemoWorld, text: StandardText, day: date) -> bool:
    """Write and publish one version unless it is there."""
    item = write_item(HOUSING_ITEM, world.units[UNIT])
    if item.versions.filter(effective_from=text.fields["effective_from"]).exists():
        return False
    with set_clock(datetime.combine(day, time(10, 20), SHANGHAI)), transaction.atomic():
        write_published(item, text, world.user(VETERANS_OFFICER), world.user(PARTY_APPROVER))
    world.written["support-standard-version", "live"] += 1
    return True


def publish_page(world: DemoWorld) -> bool:
    """Write the page of the item and take it through review, unless it is there."""
    from veterans.models import PolicyPage, SupportItem, SupportStandardPage, VeteransIndexPage
    from veterans.standards.services import version_on

    parent = VeteransIndexPage.objects.get()
    if parent.get_children().filter(slug=PAGE_SLUG).exists():
        return False
    drafter, reviewer = world.user(VETERANS_OFFICER), world.user(PARTY_APPROVER)
    moment = datetime.combine(date(2026, 1, 7), time(15, 30), SHANGHAI)
    with (
        set_clock(moment) as clock,
        act_as(user_id=reviewer.pk, reviewer_id=reviewer.pk),
        transaction.atomic(),
    ):
        page = SupportStandardPage(
            title=PAGE_TITLE,
            slug=PAGE_SLUG,
            summary=PAGE_SUMMARY,
            unit=world.units[UNIT],
            version=version_on(SupportItem.objects.get(code=HOUSING_ITEM["code"]), moment.date()),
            policy=PolicyPage.objects.filter(slug="housing-subsidy-2026").first(),
            owner=drafter,
            live=False,
        )
        parent.add_child(instance=page)
        world.take_through_review(
            page, drafter, reviewer, clock, "live", "", moment + timedelta(minutes=80)
        )
    world.written["support-standard", "live"] += 1
    return True
