"""A year of the demo goes from the shelf to a transfer medium, by an archivist and pages alone."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import fits, sign_in
from tests.infrastructure.demo_site import DemoSite

ARCHIVIST, AUDITOR = "100010", "100012"
YEAR = 2025
# The worker makes the files of every page of the demo before it seals anything.
PATIENCE_SECONDS = 900


def wait_for_the_seals(site: DemoSite) -> int:
    """Wait until every accepted record of the year is sealed; return how many there are."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    left = accepted = 0
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(site.folder / "portal.sqlite3", timeout=30)) as database:
            accepted, left = database.execute(
                "SELECT COUNT(*), SUM(NOT EXISTS (SELECT 1 FROM archives_sealedpackage p "
                "WHERE p.record_id = r.id)) FROM archives_record r "
                "WHERE state = 'accepted' AND year = ?",
                (YEAR,),
            ).fetchone()
        if not left:
            return int(accepted)
        time.sleep(2)
    pytest.fail(f"{left} records of {YEAR} are not sealed yet\n{site.log()}")


def look_at_one_package(page: Page) -> None:
    """The archivist opens a sealed record and has its package checked."""
    page.goto("/archives/packages/?state=sealed")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_text("签名、版面、文件与账簿一致")).to_be_visible()


def order_the_year(page: Page, count: int) -> None:
    """The archivist chooses the year, sees how many records that is, and orders the package."""
    page.goto("/archives/exports/")
    page.get_by_label("年度").select_option(label=str(YEAR))
    page.get_by_role("button", name="选择", exact=True).click()
    expect(page.get_by_role("region", name="将导出的内容")).to_contain_text(f"共 {count} 件")
    expect(page.get_by_text("件尚未封装")).to_have_count(0)
    page.get_by_role("button", name="移交包", exact=True).click()
    expect(page.get_by_text("已安排导出，后台正在生成。")).to_be_visible()


def fetch(page: Page, folder: Path) -> Path:
    """The page looks again by itself until the file is there; then it is downloaded."""
    expect(page.get_by_text("已完成")).to_be_visible(timeout=120_000)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载").click()
    came = folder / waiting.value.suggested_filename
    waiting.value.save_as(came)
    digest = hashlib.sha256(came.read_bytes()).hexdigest()
    expect(page.get_by_text(digest)).to_be_visible()
    return came


def digests_of_manifest(text: str) -> dict[str, str]:
    """The digests of a BagIt manifest by path; no path of ours needs escaping."""
    pairs = (line.split(maxsplit=1) for line in text.splitlines())
    return {path: digest for digest, path in pairs}


def read_independently(medium: Path, count: int) -> dict[str, bytes]:
    """Read the medium with nothing of the portal; return the packages by archive code."""
    with zipfile.ZipFile(medium) as opened:
        assert opened.testzip() is None
        content = {name.split("/", 1)[1]: opened.read(name) for name in opened.namelist()}
    manifest = digests_of_manifest(content["manifest-sha256.txt"].decode())
    payload = {name: body for name, body in content.items() if name.startswith("data/")}
    assert {name: hashlib.sha256(body).hexdigest() for name, body in payload.items()} == manifest
    tags = digests_of_manifest(content["tagmanifest-sha256.txt"].decode())
    for name, digest in tags.items():
        assert hashlib.sha256(content[name]).hexdigest() == digest, name

    said = content["data/说明文件.TXT"].decode()
    assert re.search(rf"^件数：{count}\r?$", said, re.MULTILINE), said
    items = ElementTree.fromstring(content["data/文件目录.XML"]).findall("文件")
    assert [item.findtext("顺序号") for item in items] == [str(one + 1) for one in range(count)]
    packages = {}
    for item in items:
        code, path = item.findtext("档号", ""), item.findtext("电子档案名称", "")
        assert f"/{YEAR}/" in path
        assert code.split("/")[0].startswith("Q001-")
        named = item.find("电子档案名称")
        body = content[f"data/{path}"]
        assert named is not None
        assert named.get("SHA-256") == hashlib.sha256(body).hexdigest()
        assert body.startswith(b"%PDF-")
        packages[code] = body
    assert len(packages) == count
    return packages


def test_a_year_from_the_shelf_to_a_transfer_medium(
    site: DemoSite, page_at: Callable[..., Page], tmp_path: Path
) -> None:
    count = wait_for_the_seals(site)
    assert count > 5
    archivist = page_at(1280)
    sign_in(archivist, ARCHIVIST)
    look_at_one_package(archivist)
    order_the_year(archivist, count)
    medium = fetch(archivist, tmp_path)

    packages = read_independently(medium, count)
    site.manage("archive_bag_check", str(medium))
    first = tmp_path / "第一件.pdf"
    first.write_bytes(next(iter(packages.values())))
    site.manage("archive_package_verify", str(first))

    # On a phone the auditor sees that it was ordered and cannot take it.
    address = archivist.url
    auditor = page_at(360)
    sign_in(auditor, AUDITOR)
    auditor.goto(address)
    expect(auditor.get_by_text("只有提出导出的人可以下载")).to_be_visible()
    expect(auditor.get_by_role("link", name="下载")).to_have_count(0)
    fits(auditor)
