"""Files that published pages cite: pinned, not replaced, not deleted before their copy."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.archives import file_access
from portal.archives.models import Render, RenderStatus
from portal.archives.renders import work_all
from portal.pages.citations import citations
from portal.pages.models import NewsPage, PortalDocument, PortalImage
from portal.publishing.refusals import FileInUse
from tests.archives.observation import assert_sound, records, stored
from tests.factories.files import make_document, make_picture, make_sound, picture_bytes
from tests.factories.pages import change_draft, make_news_page
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Files of their own for every test."""
    settings.MEDIA_ROOT, settings.ARCHIVE_ROOT = tmp_path / "media", tmp_path / "archive"


def full_page(**fields) -> tuple[NewsPage, list[tuple[str, int]]]:
    """A live page that cites a file in every way there is, and what it cites."""
    lead, picture, first, second = (make_picture() for _ in range(4))
    attached, linked, sound = make_document(), make_document(), make_sound()
    page = make_news_page(
        title="图文并茂",
        live=True,
        picture=lead,
        body=[
            ("text", f'<p>见<a linktype="document" id="{linked.pk}">附表</a>。</p>'),
            ("picture", {"image": picture, "alternative_text": "井口", "caption": ""}),
            (
                "gallery",
                {
                    "title": "现场",
                    "pictures": [
                        {"image": first, "alternative_text": "一", "caption": ""},
                        {"image": second, "alternative_text": "二", "caption": ""},
                    ],
                },
            ),
            ("attachments", {"title": "", "attachments": [{"document": attached}]}),
            ("audio", {"caption": "录音", "transcript": "各位同志，早上好。", "media": sound}),
        ],
        **fields,
    )
    cited = [
        *(("document", row.pk) for row in (attached, linked)),
        ("media", sound.pk),
        *(("picture", row.pk) for row in (lead, picture, first, second)),
    ]
    return page, sorted(cited)


def test_every_way_to_cite_a_file_pins_it():
    page, cited = full_page()
    found = {
        (file.role, file.source_object_id): file.sha256 for file in records(page)[0].files.all()
    }
    assert sorted(found) == cited
    assert all(found.values())


def test_the_keys_read_from_stored_json_are_those_the_blocks_themselves_name():
    """The quick look at the JSON and Wagtail's own, slower way agree."""
    page, _cited = full_page()
    fresh = stored(page)
    quick = {(citation.role, citation.object_id) for citation in citations(fresh)}
    body = fresh._meta.get_field("body")
    names = {"PortalImage": "picture", "PortalDocument": "document", "PortalMedia": "media"}
    slow = {
        (names[model.__name__], int(key))
        for model, key, *_path in body.extract_references(fresh.body)
    }
    assert quick == slow | {("picture", fresh.picture_id)}


def test_copies_of_all_files_are_stored_with_both_digests():
    page, cited = full_page()
    assert work_all() >= 1
    files = {
        (file.role, file.source_object_id): file
        for file in records(page)[0].files.filter(source_object_id__isnull=False)
    }
    assert sorted(files) == cited
    for file in files.values():
        assert file.stored_at is not None
        again = file_access.digests(file)
        assert (again.sha256, again.sm3, again.size) == (file.sha256, file.sm3, file.size)
        assert len(file.sm3) == 64
    assert_sound()


def test_a_cited_file_is_not_replaced():
    page, _cited = full_page()
    picture = PortalImage.objects.get(pk=stored(page).picture_id)
    before = picture.sha256
    picture.file = ContentFile(picture_bytes(99), "other.png")
    with pytest.raises(FileInUse):
        picture.save()
    assert PortalImage.objects.get(pk=picture.pk).sha256 == before
    # Readers see its name, so that stays too while it is shown.
    renamed = PortalImage.objects.get(pk=picture.pk)
    renamed.title = "新标题"
    with pytest.raises(FileInUse):
        renamed.save()


def test_a_file_is_deleted_only_when_it_is_stored_and_no_longer_shown():
    page, _cited = full_page()
    record = records(page)[0]
    key = stored(page).picture_id

    def delete() -> None:
        PortalImage.objects.get(pk=key).delete()

    with pytest.raises(FileInUse, match="暂不能删除"):
        delete()
    work_all()
    with pytest.raises(FileInUse, match="图文并茂"):
        delete()
    stored(page).unpublish()
    with pytest.raises(FileInUse, match="已撤下"):
        delete()
    withdrawn = stored(page)
    withdrawn.picture = None
    withdrawn.save()
    delete()

    assert not PortalImage.objects.filter(pk=key).exists()
    # The record still has what was published.
    assert file_access.path_of(record.files.get(role="picture", source_object_id=key)).is_file()
    assert_sound()


def test_deleting_many_at_once_is_refused_too():
    page, _cited = full_page()
    work_all()
    with pytest.raises(FileInUse):
        PortalDocument.objects.all().delete()
    assert PortalDocument.objects.count() == 2
    assert stored(page).live


def test_the_refusal_is_a_page_that_says_what_to_do():
    page, _cited = full_page()
    work_all()
    client = Client()
    client.force_login(make_user("party_staff", is_superuser=True))
    picture = PortalImage.objects.get(pk=stored(page).picture_id)
    document = PortalDocument.objects.get(
        pk=next(key for role, key in _cited if role == "document")
    )

    edited = client.post(
        reverse("wagtailimages:edit", args=[picture.pk]),
        {
            "title": "换图",
            "collection": picture.collection_id,
            "file": SimpleUploadedFile("new.png", picture_bytes(77), "image/png"),
        },
    )
    replaced = client.post(
        reverse("wagtaildocs:edit", args=[document.pk]),
        {
            "title": "换文",
            "collection": document.collection_id,
            "file": SimpleUploadedFile("new.txt", b"other", "text/plain"),
        },
    )
    # A picture of the body: the lead picture is kept by Wagtail's own look at foreign keys.
    shown = next(key for role, key in _cited if role == "picture" and key != picture.pk)
    deleted = client.post(reverse("wagtailimages:delete", args=[shown]))

    for answer in (edited, replaced, deleted):
        assert answer.status_code == 409
        assert "文件正在使用" in answer.content.decode()
    fresh = PortalImage.objects.get(pk=picture.pk)
    assert (fresh.sha256, fresh.title) == (picture.sha256, picture.title)
    assert PortalDocument.objects.get(pk=document.pk).sha256 == document.sha256


def test_a_new_file_on_the_page_is_a_new_version_with_its_own_pin():
    page, _cited = full_page()
    work_all()
    fresh = make_picture()
    change_draft(stored(page), None, picture=fresh).publish()
    first, second = records(page)
    assert second.previous == first
    assert second.files.filter(role="picture", source_object_id=fresh.pk).exists()
    assert not first.files.filter(source_object_id=fresh.pk, role="picture").exists()


def test_bytes_changed_behind_the_back_of_the_portal_are_noticed():
    page, _cited = full_page()
    picture = PortalImage.objects.get(pk=stored(page).picture_id)
    with open(picture.file.path, "wb") as file:
        file.write(picture_bytes(5))
    work_all()
    render = Render.objects.get(record=records(page)[0])
    assert render.status == RenderStatus.WAITING
    assert "PinnedFileChanged" in render.last_error
