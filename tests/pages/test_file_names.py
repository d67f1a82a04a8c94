"""Files keep the Chinese names that people gave them."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from portal.archives.models import RecordFile
from portal.pages.models import PortalImage
from tests.factories.files import picture_bytes
from tests.factories.pages import make_news_page
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def stored(name: str) -> PortalImage:
    """Store a picture under a name."""
    file = ContentFile(picture_bytes(), name)
    image: PortalImage = PortalImage.objects.create(title="照片", file=file)
    return image


def test_page_record_and_address_carry_the_name(client: Client) -> None:
    picture = stored("主题党日 合影.png")
    make_news_page(live=True, picture=picture)
    assert picture.file.name == "original_images/主题党日_合影.png"
    assert RecordFile.objects.get(role="picture").name == "主题党日_合影.png"
    client.force_login(make_user("party_staff"))
    for file in (picture.file, picture.get_rendition("width-40").file):
        assert client.get(file.url).status_code == 200, file.name


def test_a_long_name_is_cut_and_stays_apart() -> None:
    name = "全" * 150 + ".png"
    first, second = stored(name), stored(name)
    assert first.file.name != second.file.name
    for picture in (first, second):
        assert len(picture.file.name) <= 100
        assert picture.file.name.endswith(".png")
        assert picture.get_rendition("width-40").file.size
