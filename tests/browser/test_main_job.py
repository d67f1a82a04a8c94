"""The main job: draft in Chinese, second person approves, found by two characters, archived."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.journeys import section, sign_in, submit_for_review, write_text_block

AUTHOR, REVIEWER, EMPLOYEE, ARCHIVIST = "100051", "100050", "100063", "100010"
TITLE = "通风瓦斯党支部组织“盲巷排查”夜间突查"
# Two characters that no demo text holds, so that the first hit must be this page.
TWO_CHARACTERS = "盲巷"


def draft_and_submit(page: Page) -> None:
    """The organization member writes an account of the activity and submits it."""
    sign_in(page, AUTHOR)
    page.goto("/admin/pages/")
    page.get_by_role("link", name="添加下级页面").first.click()
    page.locator("input[name=title]").fill(TITLE)
    page.select_option("[name=activity_kind]", "safety-activity")
    page.fill("[name=held_on]", "2026-11-20")
    page.fill("[name=place]", "北坡煤矿二采区")
    page.fill("[name=summary]", "党员突击队夜间检查盲巷封闭与瓦斯牌板。")
    write_text_block(page, "11月20日夜，八名党员下井检查盲巷封闭情况，发现隐患两处，当班整改。")
    submit_for_review(page)


def approve(page: Page) -> None:
    """The secretary reads the draft and approves it."""
    sign_in(page, REVIEWER)
    page.goto("/admin/reviews/")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.frame_locator("iframe").first.get_by_role("heading", name=TITLE)).to_be_visible()
    page.get_by_role("button", name="同意并发布").click()
    expect(page.get_by_text("已发布并归档").first).to_be_visible()


def test_a_draft_is_approved_found_by_two_characters_and_already_a_record(
    page_at: Callable[..., Page],
) -> None:
    draft_and_submit(page_at(1280))
    approve(page_at(1280))

    reader = page_at(360)
    sign_in(reader, EMPLOYEE)
    reader.goto("/")
    search = reader.get_by_role("search").first
    search.get_by_role("searchbox").fill(TWO_CHARACTERS)
    search.get_by_role("button", name="搜索").click()
    hit = reader.get_by_role("link", name=TITLE).first
    expect(reader.locator("mark").first).to_have_text(TWO_CHARACTERS)
    hit.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    address = reader.url

    archivist = page_at(1280)
    sign_in(archivist, ARCHIVIST)
    archivist.goto(address)
    archivist.get_by_role("link", name="档案记录").first.click()
    expect(archivist.get_by_role("heading", level=1)).to_have_text(TITLE)
    _wait_for_files(archivist)
    with archivist.expect_download() as download:
        archivist.get_by_role("link", name="页面快照").click()
    assert TITLE in download.value.path().read_text(encoding="utf-8")
    pdf = archivist.request.get(
        archivist.get_by_role("link", name="正文").first.get_attribute("href") or ""
    )
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")
    archivist.get_by_role("link", name="查看发布页面").click()
    expect(archivist).to_have_url(address)


def _wait_for_files(page: Page) -> None:
    """Reload until the worker has made the files; a browser would be told to look again."""
    # The records of the demo stand before this one.
    for _attempt in range(180):
        if page.get_by_role("link", name="页面快照").count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("The worker made no files within three minutes.")


def test_the_editor_offers_no_publish_button(page_at: Callable[..., Page]) -> None:
    page = page_at(1280)
    sign_in(page, AUTHOR)
    page.goto("/admin/pages/")
    page.get_by_role("link", name="添加下级页面").first.click()
    expect(page.locator(section(page, "body"))).to_be_visible()
    assert page.get_by_role("button", name="发布", exact=True).count() == 0
