"""Signing in with a passkey, and a form that outlives its sign-in, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.demo.texts import DEMO_PASSWORD
from tests.browser.journeys import sign_in
from tests.infrastructure.browser_watch import BrowserWatch
from tests.infrastructure.demo_site import DemoSite

NUMBER = "100076"  # an employee whom no other journey uses
FINGERPRINT_READER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_passkey(page: Page, site: DemoSite, browser_watch: BrowserWatch) -> None:
    """Set up a passkey, sign in with it and without a password, take it away again."""
    # Browsers give passkeys to names only, and this machine is one of two names away.
    address = site.address.replace("127.0.0.1", "localhost")
    browser_watch.expect("Request to another host: http://localhost")
    reader = page.context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT_READER})

    page.goto(f"{address}/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("工号").fill(NUMBER)
    page.get_by_label("密码", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("main input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button").click()
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(f"{address}/account/2fa/recovery-codes/")

    page.goto(f"{address}/account/logout/")
    page.locator("main").get_by_role("button", name="退出").click()
    page.goto(f"{address}/account/login/")
    page.locator("#passkey_login").click()
    expect(page.get_by_role("link", name="我的工作台").first).to_be_visible()
    expect(page).to_have_url(f"{address}/")

    page.goto(f"{address}/account/2fa/webauthn/")
    page.locator("a[href*='/remove/'], form[action*='/remove/'] button").first.click()
    page.locator("main form button").last.click()
    expect(page.locator("a[href*='/remove/'], form[action*='/remove/'] button")).to_have_count(0)


def test_text_outlives_the_sign_in(
    page: Page, accessibility: Callable[..., None], browser_watch: BrowserWatch
) -> None:
    """A long text, typed while the session ended elsewhere, is handed in after signing in again."""
    text = "综掘队连续安全生产一千天，感谢每一位同志。"
    sign_in(page, "100006")
    page.goto("/admin/")
    page.goto("/account/password/change/")
    # Any form of a page that needs sign-in will do; this one is short.
    page.evaluate(
        """text => {
            const form = document.createElement("form");
            form.method = "post"; form.action = "/admin/account/"; form.id = "typed";
            const token = document.querySelector("[name=csrfmiddlewaretoken]").cloneNode();
            const area = document.createElement("textarea");
            area.name = "remark"; area.value = text;
            form.append(token, area); document.body.append(form);
        }""",
        text,
    )
    kept = [cookie for cookie in page.context.cookies() if "session" not in cookie["name"]]
    page.context.clear_cookies()
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.evaluate("document.getElementById('typed').submit()")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已过期")
    accessibility(page)
    page.locator("main").get_by_role("link", name="登录").click()
    page.get_by_label("工号").fill("100006")
    page.get_by_label("密码", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text(text)).to_be_visible()
    accessibility(page)
    page.get_by_role("button", name="放弃").click()
    expect(page).to_have_url("/workspace/")
