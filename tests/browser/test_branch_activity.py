"""One meeting of a branch from its plan to the archive, through the pages.

The secretary plans and gives notice, members sign in by the code on the screen, one with a
photograph taken too early; the vote has no quorum and says so; the reviewer returns the record, it
is corrected, reviewed, published in two clicks and archived.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import TaskState

from branches.models import Activity, Attendance, Presence
from portal.archives.models import Record
from portal.notifications.models import Message
from tests.browser.journeys import fits, follow
from tests.factories.activities import BranchWorld, make_world
from tests.factories.pages import make_branch_page
from tests.factories.people import make_user
from tests.infrastructure.browser_watch import BrowserWatch

TOPIC = "讨论接收预备党员的支部党员大会"
WORDS = "皮带巷照明已经恢复，请大家监督。"


def press(page: Page, name: str) -> None:
    """Press a button of the page's main part."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def plan(page: Page, world: BranchWorld, start: datetime.datetime) -> Activity:
    """Plan the meeting and give notice."""
    page.goto("/branch-life/activities/")
    fits(page)
    follow(page, page.get_by_role("main").get_by_role("link", name="计划活动"))
    page.get_by_label("主题").fill(TOPIC)
    page.get_by_label("日期").fill(start.strftime("%Y-%m-%d"))
    page.get_by_label("开始时间").fill(start.strftime("%H:%M"))
    page.get_by_label("地点").fill("联建楼二层")
    page.get_by_label("主持人").select_option(str(world.host.person_id))
    page.get_by_label("记录人").select_option(str(world.host.person_id))
    page.get_by_label("议题").fill("通报隐患整改\n表决接收预备党员")
    press(page, "保存")
    # Host and recorder are two; what was typed is still there.
    expect(page.get_by_role("alert")).to_contain_text("不能是同一人")
    expect(page.get_by_label("主题")).to_have_value(TOPIC)
    page.get_by_label("记录人").select_option(str(world.recorder.person_id))
    press(page, "保存")
    expect(page.get_by_role("main")).to_contain_text("活动已列入计划")
    fits(page)
    press(page, "发出通知")
    expect(page.get_by_role("main")).to_contain_text("已通知")
    return Activity.objects.get(topic=TOPIC)


def code_on(screen: Page) -> str:
    """Return the address that the code on the screen leads to."""
    address = screen.locator("[data-code]").get_attribute("data-code")
    assert address
    return address


@pytest.mark.django_db(transaction=True)
def test_a_meeting_from_plan_to_archive(
    opened: Callable[..., Page],
    live_watch: BrowserWatch,
    accessibility: Callable[[Page], None],
    time_machine: Any,
) -> None:
    live_watch.expect("403|409|422")
    time_machine.move_to("2026-11-23 14:40+08:00")
    world = make_world(full=8, probationary=1)
    make_branch_page(world.branch)
    members = [make_user(person=person) for person in world.ordinary[:2]]
    start = timezone.localtime() + datetime.timedelta(minutes=20)

    secretary = opened(1280, user=world.host)
    activity = plan(secretary, world, start)
    assert Message.objects.filter(code="activity-notice").count() == 4

    # The screen in the room; phones without JavaScript.
    screen = opened(1280, user=world.recorder)
    screen.goto(f"/branch-life/activities/{activity.pk}/screen/")
    expect(screen.get_by_role("img", name="签到二维码")).to_be_visible()
    accessibility(screen)
    photograph = code_on(screen)
    phone = opened(360, user=members[0], javascript=False)
    phone.goto(photograph)
    fits(phone)
    press(phone, "党员0签到")
    expect(phone.get_by_role("heading", name="签到成功")).to_be_visible()
    time_machine.move_to("2026-11-23 14:46+08:00")
    late = opened(360, user=members[1])
    late.goto(photograph)
    expect(late.get_by_role("main")).to_contain_text("拍下的照片不能用于签到")
    assert Attendance.objects.filter(presence=Presence.ON_TIME).count() == 1
    time_machine.move_to("2026-11-23 15:05+08:00")
    screen.reload()
    late.goto(code_on(screen))
    press(late, "党员1签到")
    expect(late.get_by_role("main")).to_contain_text("迟到")

    # The recorder enters the others: too few for a vote.
    recorder = screen
    recorder.goto(f"/branch-life/activities/{activity.pk}/")
    press(recorder, "已召开，开始记录")
    follow(recorder, recorder.get_by_role("link", name="登记考勤"))
    fits(recorder)
    accessibility(recorder)
    for person in world.members:
        if person in world.ordinary[:2]:
            continue
        came = person == world.host.person
        choice = "on-time" if came else "absent"
        recorder.locator(f"#presence-{person.pk}").select_option(choice)
        if not came:
            recorder.locator(f"#reason-{person.pk}").select_option("on-shift")
    recorder.get_by_label("手工登记的原因").fill("区队考勤")
    press(recorder, "保存")
    expect(recorder.get_by_role("main")).to_contain_text("有表决权实到")
    follow(recorder, recorder.get_by_role("link", name="记录表决"))
    recorder.get_by_label("事项").fill("接收马同志为预备党员")
    recorder.get_by_label("赞成").fill("3")
    press(recorder, "保存表决")
    expect(recorder.get_by_role("alert")).to_contain_text("到会人数不足")
    recorder.get_by_label("赞成").fill("")
    press(recorder, "保存表决")
    votes = recorder.locator("#votes")
    expect(votes).to_contain_text("未进行表决")
    expect(votes).to_contain_text("应到有表决权8人，实到3人，须到4人以上，人数不足")
    expect(votes).to_contain_text("支部工作条例")

    # Minutes, both signatures, review.
    follow(recorder, recorder.get_by_role("link", name="填写记录"))
    accessibility(recorder)
    recorder.locator("#id_minutes").fill("人数不足，表决改期。")
    recorder.locator("#id_account").fill("支部召开党员大会，通报隐患整改情况。")
    recorder.locator("#id_speeches-0-person").select_option(str(world.ordinary[0].pk))
    recorder.locator("#id_speeches-0-points").fill(WORDS)
    press(recorder, "保存记录")
    expect(recorder.locator("#minutes")).to_contain_text(WORDS)
    accessibility(recorder)
    press(recorder, "以记录人身份签字确认")
    press(recorder, "提交审核")
    expect(recorder.get_by_role("alert")).to_contain_text("主持人贺守田还没有签字确认")
    secretary.goto(f"/branch-life/activities/{activity.pk}/")
    press(secretary, "以主持人身份签字确认")
    press(secretary, "提交审核")
    expect(secretary.get_by_role("main")).to_contain_text("等待其他同志审核")

    reviewer = opened(1280, user=world.reviewer)
    reviewer.goto("/branch-life/activities/?show=reviews")
    accessibility(reviewer)
    follow(reviewer, reviewer.get_by_role("link", name=TOPIC))
    reviewer.get_by_text("退回并说明原因").first.click()
    reviewer.get_by_label("原因").first.fill("请写明改期到哪一天")
    press(reviewer, "退回并说明原因")
    expect(reviewer.get_by_role("main")).to_contain_text("已退回")

    recorder.goto(f"/branch-life/activities/{activity.pk}/minutes/")
    recorder.locator("#id_minutes").fill("人数不足，表决改到12月4日。")
    press(recorder, "保存记录")
    press(recorder, "以记录人身份签字确认")
    secretary.goto(f"/branch-life/activities/{activity.pk}/")
    press(secretary, "以主持人身份签字确认")
    press(secretary, "提交审核")
    reviewer.goto(f"/branch-life/activities/{activity.pk}/")
    press(reviewer, "审核通过并锁定")
    expect(reviewer.get_by_role("main")).to_contain_text("已审核")

    # Two clicks to the page; whoever reviews it is somebody else again.
    recorder.goto(f"/branch-life/activities/{activity.pk}/")
    press(recorder, "生成网页")
    press(recorder, "网页提交审核")
    expect(recorder.get_by_role("main")).to_contain_text("网页审核中")
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    reviewer.goto(reverse("review", args=[state.pk]))
    with reviewer.expect_navigation():
        reviewer.locator("button[name=decision][value=approve]").click()
    activity.refresh_from_db()
    assert activity.state == "archived"
    assert Record.objects.filter(kind="activity", title=TOPIC).exists()
    member = late
    member.goto(f"/branch-life/activities/{activity.pk}/")
    fits(member)
    follow(member, member.get_by_role("link", name="已发布的页面"))
    expect(member.get_by_role("main")).to_contain_text("通报隐患整改情况")
    expect(member.get_by_role("main")).not_to_contain_text(WORDS)
