"""An award from the form of the office to its certificate, its verification and its revocation."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from honors.models import Award, AwardChange, AwardState, ExcellentMemberPage
from portal.archives.models import Record
from portal.archives.reconciliation import differences
from tests.factories.honors import DECIDED, DECISION, HonorOffice, title
from tests.factories.organizations import company
from tests.factories.pages import approve, submit
from tests.factories.people import make_person
from tests.infrastructure.qr_reader import drawn_page, read_code

pytestmark = [pytest.mark.django_db(transaction=True)]


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def sent(client: Client, address: str, **values: object) -> None:
    """Open a page, send its form, and expect that it was taken."""
    assert client.get(address).status_code == 200, address
    response = client.post(address, values)
    assert response.status_code == 302, response.content.decode()[:20_000]


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_from_the_entry_to_the_revocation(tmp_path: Path) -> None:
    office = HonorOffice()
    staff, approver, visitor = browser(office.staff), browser(office.approver), Client()
    person = make_person("薛大勇", position="检修工")

    sent(
        staff,
        "/honor-roll/awards/new/",
        title=title().pk,
        year=2026,
        employee_number=person.employee_number,
        unit=company().pk,
        front_line="yes",
        decision_number=DECISION,
        decided_on=DECIDED.isoformat(),
    )
    award = Award.objects.get()
    page = f"/honor-roll/awards/{award.pk}/"
    assert award.number is None and not award.is_confirmed
    assert visitor.get(award.get_absolute_url()).status_code == 404
    assert "薛大勇" not in visitor.get("/honors/").content.decode()
    # Who entered it does not confirm it.
    assert staff.post(f"{page}confirm/").status_code == 403
    sent(approver, f"{page}confirm/")
    award.refresh_from_db()
    assert award.number == "QLRY-2026-党-0001"

    # The page: drafted from the award, reviewed by somebody else.
    assert staff.post(f"{page}page/").status_code == 302
    award.refresh_from_db()
    draft: Any = Page.objects.get(pk=award.page_id).specific
    assert not draft.live
    approve(submit(draft, office.staff), office.approver)
    wall = visitor.get("/honors/").content.decode()
    assert "薛大勇" in wall and draft.url in wall

    # The certificate: what a phone reads from the printed page opens the verification page.
    body = staff.get(f"{page}certificate/").content
    address = read_code(drawn_page(body, tmp_path))
    path = urlsplit(address).path
    assert path == award.get_absolute_url()
    said = visitor.get(path).content.decode()
    assert "证书真实有效" in said and str(award.number) in said and "薛大勇" in said
    assert office.staff.person is not None
    for hidden in (person.employee_number, person.phone, "检修工", office.staff.person.name):
        assert str(hidden) not in said

    # Revocation: prepared by one, confirmed by another; everything says so at once.
    today = timezone.localdate().isoformat()
    sent(
        staff,
        f"{page}change/revoke/",
        number="测党发〔2026〕29号",
        decided_on=today,
        reason="弄虚作假",
    )
    change = AwardChange.objects.get()
    assert "证书真实有效" in visitor.get(path).content.decode()
    sent(approver, f"/honor-roll/changes/{change.pk}/")
    award.refresh_from_db()
    assert award.state == AwardState.REVOKED
    said = visitor.get(path).content.decode()
    assert "该证书已撤销" in said and "测党发〔2026〕29号" in said and "弄虚作假" not in said
    read = visitor.get(draft.url).content.decode()
    assert "已撤销" in read and "弄虚作假" in read
    assert "已撤销" in visitor.get("/honors/").content.decode()
    again = staff.get(f"{page}certificate/").content
    assert read_code(drawn_page(again, tmp_path)) == address
    with pikepdf.open(io.BytesIO(again)) as document:
        assert len(document.pages) == 1

    # Nothing is deleted: the archive holds the page as it was and as it is, and the award.
    assert ExcellentMemberPage.objects.get().revoked
    kept = Record.objects.filter(kind="excellent-member").order_by("version")
    assert [record.version for record in kept] == [1, 2]
    granted = Record.objects.filter(kind="honor-award").order_by("version")
    assert [record.version for record in granted] == [1, 2]
    assert not list(differences())
