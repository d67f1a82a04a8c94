"""Who is handed a file, and how; the field of a form; the check of the settings."""

from __future__ import annotations

import errno
import os
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from pytest_django import Settings

from portal.files import checks, storage
from portal.files.checking import CheckedUpload
from portal.files.forms import PrivateFileField
from portal.roles.table import ROLES
from tests.factories.people import make_user
from tests.factories.uploads import make_stored_file, pdf_bytes, photo_bytes, upload

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def status(user: Any, file: Any) -> int:
    return signed_in(user).get(file.get_absolute_url()).status_code


def test_a_temporary_file_is_its_uploaders_alone(readers: dict[str, set[int]]) -> None:
    uploader = make_user()
    file = make_stored_file(uploader)
    assert status(uploader, file) == 200
    assert [code for code in ROLES if status(make_user(code), file) != 404] == []
    assert status(make_user(is_superuser=True), file) == 404
    assert status(uploader, make_stored_file(None)) == 404


def test_the_owner_says_who_reads_and_nobody_else_does(readers: dict[str, set[int]]) -> None:
    uploader, reader = make_user(), make_user("veterans_officer")
    file = make_stored_file(uploader, owner=("test", "7"))
    readers["7"], readers["8"] = {reader.pk}, {uploader.pk}
    assert status(reader, file) == 200
    others = [code for code in ROLES if status(make_user(code), file) != 404]
    assert others == []
    assert status(uploader, file) == 404
    assert status(make_user(is_superuser=True), file) == 404
    unknown = make_stored_file(uploader, owner=("nobody-registered", "7"))
    assert status(reader, unknown) == status(uploader, unknown) == 404


def test_a_stranger_learns_nothing(readers: dict[str, set[int]]) -> None:
    file = make_stored_file(make_user(), owner=("test", "7"))
    client = signed_in(make_user())
    refused = client.get(file.get_absolute_url())
    missing = client.get(f"/files/{uuid.uuid4()}/")
    assert refused.status_code == missing.status_code == 404

    def words(response: Any) -> str:
        return re.sub(r"[0-9a-f-]{36}|value=\"\w{64}\"", "", response.content.decode())

    assert words(refused) == words(missing)
    response = Client().get(file.get_absolute_url())
    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_how_a_file_is_handed_out(readers: dict[str, set[int]]) -> None:
    user = make_user()
    body = pdf_bytes()
    pdf = make_stored_file(user, body=body, name='<b>发票".pdf')
    photo = make_stored_file(user)
    client = signed_in(user)
    response = client.get(pdf.get_absolute_url(), {"show": "1"})
    assert b"".join(response) == body  # type: ignore[call-overload]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Length"] == str(len(body))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(photo.get_absolute_url())["Content-Disposition"].startswith("attachment;")
    shown = client.get(photo.get_absolute_url(), {"show": "1"})
    assert shown["Content-Disposition"].startswith("inline;")
    assert client.post(photo.get_absolute_url()).status_code == 405


def test_the_address_tells_nothing() -> None:
    file = make_stored_file(make_user(), name="张三.jpg", purpose="id-card")
    assert file.get_absolute_url() == f"/files/{file.pk}/"
    name = file.storage_name
    for path in (f"/media/{name[:2]}/{name}", f"/static/{name[:2]}/{name}"):
        assert signed_in(make_user()).get(path, follow=True).status_code == 404


def test_bytes_that_are_gone_become_a_page() -> None:
    user = make_user()
    file = make_stored_file(user)
    storage.remove(file.storage_name)
    response = signed_in(user).get(file.get_absolute_url())
    assert response.status_code == 503
    assert "暂时打不开" in response.content.decode()


def test_handing_out_costs_the_same_for_every_size() -> None:
    user = make_user()
    client = signed_in(user)
    client.get(make_stored_file(user).get_absolute_url())
    counts = []
    for size in (10, 2000):
        file = make_stored_file(user, body=photo_bytes(size=(size, size)))
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(file.get_absolute_url()))  # type: ignore[call-overload]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


# ---- The field


class Form(forms.Form):
    name = forms.CharField()
    papers = PrivateFileField()
    photo = PrivateFileField(several=False, required=False)


def bound(*uploads: Any, field: str = "papers", name: str = "张三") -> Form:
    return Form({"name": name}, MultiValueDict({field: list(uploads)}))


def test_the_field_takes_several_files() -> None:
    form = bound(upload(), upload(pdf_bytes(), "发票.pdf"))
    assert form.is_valid()
    papers = form.cleaned_data["papers"]
    assert [type(paper) for paper in papers] == [CheckedUpload, CheckedUpload]
    assert [paper.name for paper in papers] == ["身份证.jpg", "发票.pdf"]
    assert form.cleaned_data["photo"] == []


def test_every_bad_file_is_named_and_what_was_typed_stays() -> None:
    form = bound(upload(b"MZ", "a.exe"), upload(), upload(b"%PDF-1.7", "b.pdf"))
    with override("zh-hans"):
        assert not form.is_valid()
        errors = form.errors["papers"]
    assert len(errors) == 2
    assert "“a.exe”" in errors[0]
    assert "“b.pdf”" in errors[1]
    assert form["name"].value() == "张三"
    with override("zh-hans"):
        assert bound().errors["papers"] == ["请选择照片或 PDF。"]
        assert "1" in bound(upload(), upload(), field="photo").errors["photo"][0]


def test_the_input_offers_camera_and_files() -> None:
    html = str(Form()["papers"])
    assert 'accept="image/*,application/pdf"' in html
    assert " multiple" in html
    assert " multiple" not in str(Form()["photo"])


def test_too_many_files(settings: Settings) -> None:
    settings.FILE_MOST_PER_OWNER = 1
    assert bound(upload(), upload()).errors.as_data()["papers"][0].code == "too-many"


def test_a_full_disk_while_the_form_arrives(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The request is read to its end, what was typed is there, the field says why."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000

    def full(*arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    body = photo_bytes(size=(500, 500), quality=100)
    request: HttpRequest = RequestFactory().post(
        "/x/", {"name": "张三", "papers": [upload(body), upload(body, "b.jpg")]}
    )
    form = Form(request.POST, request.FILES)
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["papers"]] == ["full", "full"]
    assert form["name"].value() == "张三"


def test_a_large_upload_arrives(settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = photo_bytes(size=(500, 500), quality=100)
    request = RequestFactory().post("/x/", {"name": "张三", "papers": [upload(body)]})
    assert Form(request.POST, request.FILES).is_valid()


# ---- Settings


def test_private_files_must_not_lie_where_files_are_served(settings: Settings) -> None:
    assert checks.private_root(None) == []
    for root in (Path(settings.MEDIA_ROOT), Path(settings.MEDIA_ROOT) / "x"):
        settings.PRIVATE_FILES_ROOT = root
        assert [found.id for found in checks.private_root(None)] == ["files.E001"]


def test_a_scanner_that_cannot_be_called_is_named(settings: Settings) -> None:
    for scanner, found in (("", 0), ("unix:/x", 0), ("no.such.scanner", 1)):
        settings.FILE_SCANNER = scanner
        assert len(checks.scanner(None)) == found
