"""The doors of the archive office: few stand together, many by what they are about."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.archives.fixity import services
from portal.archives.models import AccessLevel
from portal.archives.office import DoorGroup, doors_for
from portal.archives.templatetags.archive_office import MOST_TOGETHER
from tests.archives.test_fixity import flip, folders, small_files
from tests.factories.archives import bare_record
from tests.factories.people import make_user

__all__ = ["folders"]  # the fixture

pytestmark = pytest.mark.django_db


def navigation(role: str, address: str) -> list[list[str]]:
    """Return the words of the links in each navigation of the office on a page."""
    client = Client()
    client.force_login(make_user(role))
    text = client.get(reverse(address)).content.decode()
    found = re.findall(r'<nav class="office no-print".*?</nav>', text, re.DOTALL)
    links = [re.findall(r"<a [^>]*>(.*?)</a>", one, re.DOTALL) for one in found]
    return [[" ".join(re.sub(r"<[^>]+>", " ", link).split()) for link in one] for one in links]


def test_the_archivist_sees_groups_and_the_doors_of_the_one_it_is_in() -> None:
    groups, doors = navigation("archivist", "archive_scope")
    assert groups == ["查询利用", "收集整理", "保管保护", "鉴定处置", "制度设置"]
    assert doors == ["档号管理", "归档范围表", "工作日"]


def test_whoever_has_few_doors_sees_them_together() -> None:
    (doors,) = navigation("part_time_archivist", "archive_pool")
    assert doors[0] == "档案查询"
    assert len(doors) <= MOST_TOGETHER


def test_every_group_has_doors_and_every_door_is_in_one_group_only() -> None:
    doors = doors_for(make_user("archivist"))
    assert {door.group for door in doors} == set(DoorGroup)
    assert len({door.code for door in doors}) == len(doors)


@pytest.mark.usefixtures("folders")
@pytest.mark.django_db(transaction=True)
def test_a_group_tells_what_waits_behind_its_doors() -> None:
    (file,) = small_files(1, bare_record(access_level=AccessLevel.OPEN))
    flip(file)
    services.read_share(everything=True)
    groups, _doors = navigation("archivist", "archive_scope")
    assert "保管保护 1 件待办" in groups
