"""The page that checks receipts, opened from the disk without a network, as a stranger has it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, FilePayload, Page, expect

from portal.archives import renders
from portal.archives.receipts.making import Receipt, receipt_of
from portal.archives.receipts.views import verifier_page
from portal.archives.tree import heads, keys, notes
from tests.archives.observation import records
from tests.factories.archives import main_body
from tests.factories.pages import make_news_page

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receipt(tmp_path: Path, settings: Any) -> Receipt:
    """The receipt of a record whose files are made, under the head of the day."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"
    settings.LEDGER_HEAD_DIR = tmp_path / "heads"
    record = records(make_news_page(title="安全生产月动员会", live=True))[0]
    renders.work_all()
    heads.make()
    return receipt_of(record)


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Callable[[], Page]:
    """Open the downloaded page from the disk."""
    target = tmp_path / "verifier.html"
    target.write_text(verifier_page(), encoding="utf-8")

    def opened() -> Page:
        context = browser.new_context(offline=True, viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.goto(target.as_uri())
        return page

    return opened


def _payload(name: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": body}


def check(
    page: Page, body: bytes, content: dict[str, Any] | bytes, *, head: str = "", key: str = ""
) -> None:
    """Choose files and press the button, with nothing left of an earlier answer."""
    page.evaluate("() => document.getElementById('result').replaceChildren()")
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    page.set_input_files("#file", _payload("text.pdf", body))
    page.set_input_files("#receipt", _payload("receipt.json", text))
    page.set_input_files("#head", _payload("head.txt", head.encode()) if head else [])
    page.fill("#key", key)
    page.get_by_role("button", name="核验", exact=True).click()


def test_the_page_accepts_what_is_genuine(
    receipt: Receipt, offline: Callable[[], Page], accessibility: Callable[[Page], None]
) -> None:
    page = offline()
    accessibility(page)
    body = main_body(receipt.record)
    check(page, body, receipt.content)
    expect(page.locator(".verdict")).to_have_text("核验通过：各项均成立。")
    assert page.locator("li.good").count() == 7
    check(
        page,
        body,
        receipt.content,
        head=receipt.content["proof"]["head"],
        key=str(keys.public_key()),
    )
    expect(page.locator(".verdict")).to_have_text("核验通过：各项均成立。")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def _flipped(text: str, place: int = 0) -> str:
    """Return hex with one digit changed."""
    other = "0" if text[place] != "0" else "1"
    return text[:place] + other + text[place + 1 :]


def damages(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the receipt damaged in each of its parts."""

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        other = copy.deepcopy(content)
        change(other)
        return other

    def body(other: dict[str, Any]) -> None:
        files = json.loads(other["opened"]["body"])
        files["files"][0]["sha256"] = _flipped(files["files"][0]["sha256"])
        other["opened"]["body"] = json.dumps(files, ensure_ascii=False)

    entry, proof = "entry", "proof"
    return {
        "record": changed(lambda one: one.update(record=_flipped(one["record"]))),
        "salt": changed(lambda one: one["opened"].update(salt=_flipped(one["opened"]["salt"]))),
        "list of files": changed(body),
        "commitment": changed(
            lambda one: one[proof][entry].update(
                commitment=_flipped(one[proof][entry]["commitment"])
            )
        ),
        "previous": changed(
            lambda one: one[proof][entry].update(previous=_flipped(one[proof][entry]["previous"]))
        ),
        "sequence": changed(
            lambda one: one[proof][entry].update(sequence=one[proof][entry]["sequence"] - 1)
        ),
        "hash": changed(
            lambda one: one[proof][entry].update(hash=_flipped(one[proof][entry]["hash"]))
        ),
        "path": changed(
            lambda one: one[proof].update(
                path=[_flipped(one[proof]["path"][0]), *one[proof]["path"][1:]]
            )
        ),
        "shorter path": changed(lambda one: one[proof].update(path=one[proof]["path"][:-1])),
        "size": changed(lambda one: one[proof].update(size=one[proof]["size"] + 1)),
        "root": changed(lambda one: one[proof].update(root=_flipped(one[proof]["root"]))),
        "no head": changed(lambda one: one[proof].update(head=None)),
        "format": changed(lambda one: one.update(format="another")),
    }


def test_the_page_refuses_each_kind_of_damage(
    receipt: Receipt, offline: Callable[[], Page]
) -> None:
    page = offline()
    body = main_body(receipt.record)
    for part, content in damages(receipt.content).items():
        check(page, body, content)
        expect(page.locator(".verdict")).to_have_class("verdict bad")
        assert page.locator(".verdict.good").count() == 0, part
    for damaged in (body[:-1], body + b" ", b"", body[:100] + b"x" + body[101:]):
        check(page, damaged, receipt.content)
        expect(page.locator(".verdict")).to_have_text("核验不通过：有项目不成立。")
    check(page, body, b"no json")
    expect(page.locator(".verdict")).to_contain_text("已损坏")


def test_a_forged_receipt_needs_a_key_that_the_page_does_not_trust(
    receipt: Receipt, offline: Callable[[], Page]
) -> None:
    page, body = offline(), main_body(receipt.record)
    said = notes.parse(receipt.content["proof"]["head"]).checkpoint
    forger = Ed25519PrivateKey.generate()
    forged = copy.deepcopy(receipt.content)
    forged["proof"]["head"] = notes.sign(said, forger)
    check(page, body, forged)
    expect(page.locator(".verdict")).to_have_text("核验不通过：有项目不成立。")
    expect(page.locator("li.bad")).to_have_count(1)
    check(page, body, forged, head=receipt.content["proof"]["head"])
    expect(page.locator(".verdict")).to_have_text("核验通过：各项均成立。")
    other = notes.public_key_of(forger, said.origin)
    check(page, body, receipt.content, key=str(other))
    expect(page.locator(".verdict")).to_have_class("verdict bad")
