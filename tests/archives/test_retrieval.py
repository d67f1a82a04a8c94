"""The archive search: every condition finds its exact set, and nothing that is hidden."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.archives.access import services as access
from portal.archives.models import AccessLevel, Record, RecordFile
from portal.archives.pool import services as pool
from portal.archives.retrieval import conditions, finding
from portal.archives.retrieval.facets import COLUMNS
from portal.archives.retrieval.finding import CountedRecords, ListedRecords, find
from portal.archives.retrieval.forms import RetrievalForm
from portal.archives.search import index_again
from tests.archives.found_records import make_record
from tests.factories.archives import archive_class, bare_item
from tests.factories.organizations import make_branch, party_committee
from tests.factories.people import make_user

pytestmark = [pytest.mark.database, pytest.mark.django_db]

LEVELS = {level.value for level in AccessLevel}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def search(user: Any, **values: Any) -> finding.FoundRecords:
    """Find through the form, as a request does."""
    form = RetrievalForm(values)
    assert form.is_valid(), form.errors
    return find(user, form.conditions)


def titles(found: finding.FoundRecords) -> list[str]:
    """The titles of all pages in order."""
    pages = found.paginator
    return [row.title for number in pages.page_range for row in pages.page(number).object_list]


@pytest.fixture
def archivist() -> Any:
    # What the sections of a fresh portal are would only be in the way.
    Record.objects.update(state="superseded", unit=None)
    return make_user("archivist")


@pytest.fixture
def shelf(archivist) -> dict[str, Record]:
    """One record that fits each condition, and one that fits none."""
    branch = make_branch("甲队党支部", "JIA")
    day = datetime.date(2021, 5, 6)
    plain: dict[str, Any] = {"state": "accepted", "kind": "notice", "business_date": day}
    file = {"name": "a", "size": 1, "sha256": "0" * 64, "media_type": "text/plain"}
    made = {
        "other": make_record("其他事项", **plain),
        "code": make_record("编号", **plain, archive_code="Q001-WS·2021-Y-DQ01-0001"),
        "title": make_record("学习安全生产法", **plain),
        "words": make_record("会议纪要", **plain, body="<p>井口检身制度要落实。</p>"),
        "number": make_record("请示", **plain, reference="沁岚党发〔2021〕7号"),
        "unit": make_record("支部", **plain, unit=branch),
        "person": make_record("人员", **plain, people=[("approve", "闻沅")]),
        "named": make_record(
            "活动", **plain, model="branches.activitypage", page_fields={"host_name": "岑芮"}
        ),
        "year": make_record("前一年", **{**plain, "business_date": datetime.date(2020, 12, 31)}),
        "kind": make_record("新闻", **{**plain, "kind": "news"}),
        "subkind": make_record("党日", **{**plain, "kind": "activity", "subkind": "theme-day"}),
        "class": make_record("分类", **plain, class_code="DQ02"),
        "period": make_record("期限", **plain, period="D30"),
        "state": make_record("退回", **{**plain, "state": "returned"}),
        "level": make_record("公开", **plain, access_level="open"),
        "late": make_record("补录", **plain, late=True),
        "date": make_record("次日", **{**plain, "business_date": day + datetime.timedelta(1)}),
        "attached": make_record("附件", **plain),
        "picture": make_record("图片", **plain),
    }
    RecordFile.objects.create(record=made["attached"], role="document", **file)
    image = {**file, "media_type": "image/png"}
    RecordFile.objects.create(record=made["picture"], role="picture", **image)
    RecordFile.objects.create(record=made["other"], role="pdf", **file)
    return made


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"code": "q001-ws·2021"}, {"code"}),
        ({"code": "Q002"}, set()),
        ({"title": "安全生产"}, {"title"}),
        ({"q": "检身制度"}, {"words"}),
        ({"q": "检身 落实"}, {"words"}),
        ({"q": "安全生产"}, {"title"}),
        ({"title": "检身制度"}, set()),
        ({"number": "党发〔2021〕7"}, {"number"}),
        ({"unit": "JIA"}, {"unit"}),
        ({"unit": "TEST-DW"}, {"unit"}),
        ({"person": "闻沅"}, {"person"}),
        ({"person": "岑芮"}, {"named"}),
        ({"person": "岑"}, set()),
        ({"year_from": "2020", "year_to": "2020"}, {"year"}),
        ({"year": "2020"}, {"year"}),
        ({"year_to": "2020"}, {"year"}),
        ({"kind": "news"}, {"kind"}),
        ({"kind": "activity", "subkind": "theme-day"}, {"subkind"}),
        ({"subkind": "theme-day"}, {"subkind"}),
        ({"class_code": "DQ02"}, {"class"}),
        ({"period": "D30"}, {"period"}),
        ({"state": "returned"}, {"state"}),
        ({"level": "open"}, {"level"}),
        ({"late": "1"}, {"late"}),
        ({"date_from": "2021-05-07"}, {"date"}),
        ({"date_to": "2021-05-05"}, {"year"}),
        ({"attached": "1"}, {"attached"}),
        ({"file_format": "picture"}, {"picture"}),
        ({"file_format": "text"}, {"attached"}),
        ({"file_format": "pdf"}, set()),
        ({"title": "安全生产", "year": "2020"}, set()),
        ({"title": "安全生产", "kind": "notice", "unit": "JIA"}, set()),
        ({"q": "支部", "unit": "JIA"}, {"unit"}),
        ({"kind": "news", "year": "2021"}, {"kind"}),
    ],
)
def test_each_condition_finds_its_records_and_no_others(
    archivist, shelf, asked: dict[str, str], expected: set[str]
):
    # Everything that is not on the shelf is left out by its state.
    known = {record.title: name for name, record in shelf.items()}

    found = search(archivist, **asked)

    assert {known[title] for title in titles(found) if title in known} == expected
    assert found.total.value == len(titles(found))


def test_records_without_files_yet_are_found_by_title_and_number(archivist):
    make_record("慰问离休干部", made=False, reference="沁岚工发〔2026〕12号")

    assert titles(search(archivist, title="离休")) == ["慰问离休干部"]
    assert titles(search(archivist, q="离休 12号")) == ["慰问离休干部"]
    assert titles(search(archivist, number="工发〔2026〕12")) == ["慰问离休干部"]


def test_nothing_of_a_controlled_record_is_in_the_clear_beside_it(archivist):
    record = make_record(
        "重要事项", access_level="controlled", people=[("draft", "闻沅")], body="<p>检身</p>"
    )

    assert list(record.people.all()) == []
    assert titles(search(archivist, q="检身")) == []
    assert titles(search(archivist, title="重要事项")) == ["重要事项"]


def test_both_ways_of_searching_agree(archivist, shelf):
    """The way over the counts and the way through the list find the same."""
    for asked in ({}, {"kind": "notice"}, {"year": "2021", "state": "accepted"}, {"unit": "TEST"}):
        form = RetrievalForm(asked)
        assert form.is_valid()
        counted = CountedRecords(archivist, form.conditions)
        listed = ListedRecords(archivist, form.conditions)
        assert titles(counted) == titles(listed)
        assert counted.total == listed.total
        assert {k: +v for k, v in counted.counts.items()} == listed.counts


# ---- Order and pages


def test_records_are_sorted_by_date_or_code(archivist):
    for day, code in ((3, "Q001-C"), (1, None), (2, "Q001-A")):
        make_record(f"第{day}日", business_date=datetime.date(2019, 1, day), archive_code=code)

    for extra in ({}, {"date_from": "2019-01-01"}):
        asked = {"year": "2019", **extra}
        assert titles(search(archivist, **asked)) == ["第3日", "第2日", "第1日"]
        assert titles(search(archivist, **asked, order="oldest")) == ["第1日", "第2日", "第3日"]
        assert titles(search(archivist, **asked, order="code")) == ["第2日", "第3日", "第1日"]


@pytest.mark.parametrize("order", ["newest", "oldest", "code"])
@pytest.mark.parametrize("extra", [{}, {"late": "1"}])
def test_every_record_is_on_exactly_one_page_across_years(archivist, order, extra, monkeypatch):
    monkeypatch.setattr(finding, "FEW_UNITS", 2)
    units = [make_branch() for _ in range(3)]
    for number in range(50):
        make_record(
            f"档案第{number:02d}件",
            business_date=datetime.date(2015 + number % 4, 1 + number % 12, 1 + number % 28),
            unit=units[number % 3] if number % 5 else None,
            kind="policy",
            late=True,
        )

    found = titles(search(archivist, kind="policy", order=order, **extra))

    assert sorted(found) == [f"档案第{number:02d}件" for number in range(50)]


def test_a_search_with_too_many_hits_says_so_and_counts_the_newest(archivist, monkeypatch):
    monkeypatch.setattr(finding, "COUNT_LIMIT", 10)
    for number in range(12):
        make_record(
            f"补录{number:02d}", late=True, business_date=datetime.date(2026, 1, number + 1)
        )

    found = search(archivist, late="1", order="code")

    assert str(found.total) == "10+"
    assert not found.in_asked_order
    assert titles(found) == [f"补录{number:02d}" for number in range(11, 1, -1)]
    assert sum(found.counts["year"].values()) == 10


def test_many_records_are_not_sorted_by_code(archivist, monkeypatch):
    monkeypatch.setattr(finding, "MOST_IN_CODE_ORDER", 1)
    make_record(archive_code="Q001-B", kind="policy")
    make_record(archive_code="Q001-A", kind="policy")

    assert not search(archivist, kind="policy", order="code").in_asked_order
    response = signed_in(archivist).get(reverse("archive_records"), {"order": "code"})
    assert "件数较多" in response.content.decode()


def test_frequent_codes_and_people_are_looked_up_the_other_way(archivist, monkeypatch):
    monkeypatch.setattr(conditions, "FEW", 1)
    for number in range(3):
        make_record(f"常见{number}", archive_code=f"Q001-{number}", people=[("draft", "闻沅")])

    assert len(titles(search(archivist, code="Q001"))) == 3
    assert len(titles(search(archivist, person="闻沅"))) == 3


# ---- Who sees what


@pytest.fixture
def levels(archivist) -> dict[str, Record]:
    """A record of each level in the own branch, in another and in the committee."""
    Record.objects.all().update(access_level="controlled")
    places = {"own": make_branch(code="OWN"), "other": make_branch(), "top": party_committee()}
    return {
        f"{level}-{place}": make_record(
            f"{level}-{place}", access_level=level, unit=unit, kind="policy", late=True
        )
        for level in LEVELS
        for place, unit in places.items()
    }


ALL = {f"{level}-{place}" for level in LEVELS for place in ("own", "other", "top")}
CLEAR = {name for name in ALL if not name.startswith("controlled")}
UNIT = {"open-own", "open-other", "open-top", "internal-own"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("archivist", ALL),
        ("discipline_auditor", ALL),
        ("party_staff", CLEAR),
        ("branch_secretary", UNIT),
        ("part_time_archivist", UNIT),
        ("employee", set()),
        ("system_administrator", set()),
    ],
)
def test_list_counts_and_pages_hold_exactly_what_the_role_may_see(levels, role, expected):
    from portal.organizations.models import Unit

    user = make_user(role, unit=Unit.objects.get(code="OWN"))
    for asked in ({"kind": "policy"}, {"late": "1"}, {"title": "open"}, {"q": "internal"}):
        word = asked.get("title") or asked.get("q", "")
        wanted = {name for name in expected if word in name}
        found = search(user, **asked)
        assert set(titles(found)) == wanted
        assert found.total.value == len(wanted)
        rows = [levels[name] for name in wanted]
        for column in COLUMNS:
            assert found.counts[column] == Counter(getattr(row, column) for row in rows), column
    response = signed_in(user).get(reverse("archive_records"), {"kind": "policy"})
    html = response.content.decode()
    assert {name for name in ALL if f">{name}<" in html} == expected


def test_visitors_are_asked_to_sign_in():
    for name in ("archive_records", "archive_export", "archive_searches", "archive_as_of"):
        assert Client().get(reverse(name)).status_code == 302


# ---- The page


def test_the_page_costs_the_same_queries_for_20_and_200_records(archivist):
    client = signed_in(archivist)
    address = reverse("archive_records")
    branches = [make_branch() for _ in range(3)]

    def queries(**asked: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address, asked).status_code == 200
        return len(captured)

    def fill(number: int) -> None:
        for index in range(number):
            make_record(unit=branches[index % 3], kind="policy", late=True, made=False)

    fill(20)
    client.get(address)
    before = [queries(kind="policy"), queries(late="1"), queries()]
    fill(180)
    assert [queries(kind="policy"), queries(late="1"), queries()] == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"year_from": "20x6"}, "year_from"),
        ({"year_from": "99999"}, "year_from"),
        ({"year": "zz"}, "year_from"),
        ({"year_from": "2026", "year_to": "2020"}, "year_to"),
        ({"date_from": "2026-02-30"}, "date_from"),
        ({"date_from": "2026-02-03", "date_to": "2026-02-02"}, "date_to"),
        ({"kind": "zz"}, "kind"),
        ({"unit": "' OR 1=1"}, "unit"),
        ({"class_code": "\x00"}, "class_code"),
        ({"kind": "news", "subkind": "theme-day"}, "subkind"),
        ({"q": "。。。"}, "q"),
        ({"title": "（）"}, "title"),
        ({"q": "长" * 101}, "q"),
        ({"person": "a\x00b"}, "person"),
        ({"level": "secret"}, "level"),
        ({"order": "zz"}, "order"),
    ],
)
def test_what_is_not_understood_is_said_beside_the_field_and_kept(archivist, asked, field):
    make_record("不该列出")

    response = signed_in(archivist).get(reverse("archive_records"), asked)

    assert response.status_code == 200
    form = response.context["form"]
    assert set(form.errors) == ({field, "year_to"} if "year" in asked else {field})
    html = response.content.decode()
    assert "不该列出" not in html
    typed = asked.get(field, "")
    if typed and form[field].widget_type == "text":
        assert form[field].value() == typed
    if field != "order":
        assert f'id="find-{field}_error"' in html


def test_odd_addresses_never_break_the_page(archivist):
    client = signed_in(archivist)
    for query in (
        "page=x",
        "page=-1",
        "page=99999",
        "year=",
        "zz=1",
        "q=%ff%fe",
        "late=maybe",
        "code=%25_%27",
        "number=%25",
        "person=%5C",
        "q=%F0%9F%8E%89a",
    ):
        assert client.get(f"{reverse('archive_records')}?{query}").status_code == 200


def test_conditions_are_chips_that_can_be_left_out_one_by_one(archivist, shelf):
    asked = {"kind": "activity", "subkind": "theme-day", "year_from": "2021", "late": "", "q": "党"}

    response = signed_in(archivist).get(reverse("archive_records"), asked)

    chips = {str(chip["label"]): chip for chip in response.context["chips"]}
    assert [chip["value"] for chip in chips.values()] == ["党", "2021", "活动", "主题党日"] or len(
        chips
    ) == 4
    left = {label: set(parse_qs(chip["query"])) for label, chip in chips.items()}
    assert {"kind", "subkind"} not in left.values()
    everything = {"kind", "subkind", "year_from", "q"}
    missing = sorted(tuple(sorted(everything - rest)) for rest in left.values())
    assert missing == [("kind", "subkind"), ("q",), ("subkind",), ("year_from",)]


def test_counts_lead_to_exactly_as_many_records(archivist):
    committee = party_committee()
    units = [make_branch(), make_branch(), committee]
    for number in range(24):
        make_record(
            unit=units[number % 3],
            kind=("news", "policy")[number % 2],
            period=("Y", "D30", "D10")[number % 3],
            class_code=("DQ01", "DQ02")[number % 2],
            state=("accepted", "pool")[number % 2],
            business_date=datetime.date(2010 + number % 3, 1, 1),
            late=True,
        )
    client = signed_in(archivist)
    for asked in ({"year_to": "2013"}, {"year_to": "2013", "late": "1"}):
        response = client.get(reverse("archive_records"), asked)
        facets = response.context["facets"]
        assert {facet.code for facet in facets} == {
            *("year", "class_code", "period", "kind", "state", "unit"),
        }
        for facet in facets:
            for value in facet.values:
                narrowed = client.get(f"{reverse('archive_records')}?{value.query}")
                assert narrowed.context["total"].value == value.number, (facet.code, value)


def test_the_search_of_the_whole_text_is_no_slower_way_round(archivist, shelf):
    """Looking into few records and asking the index give the same."""
    form = RetrievalForm({"q": "安全"})
    assert form.is_valid()
    few = Record.objects.filter(pk__in=[record.pk for record in shelf.values()])

    assert list(few.filter(finding.having_words(form.conditions))) == [shelf["title"]]


def test_a_search_costs_no_more_with_every_condition(archivist, shelf):
    everything = {
        "q": "安全", "title": "安全", "code": "Q", "number": "7", "person": "闻沅", "unit": "TEST",
        "year_from": "2000", "year_to": "2030", "date_from": "2000-01-01", "late": "1",
        "date_to": "2030-01-01", "kind": "news", "class_code": "DQ02", "period": "Y",
        "state": "accepted", "level": "open", "file_format": "pdf", "attached": "1",
    }  # fmt: skip
    response = signed_in(archivist).get(f"{reverse('archive_records')}?{urlencode(everything)}")

    assert response.status_code == 200
    assert not response.context["form"].errors
    assert response.context["total"].value == 0
    assert len(response.context["chips"]) == len(everything)


# ---- Units and levels in the search index


def test_words_find_a_record_where_it_belongs_now(archivist) -> None:
    own, other = make_branch(code="OWN"), make_branch(code="NEW")
    record = make_record("检身制度落实情况", unit=other, kind="policy")
    secretary = make_user("branch_secretary", unit=own)
    assert titles(search(archivist, q="检身制度", unit="NEW")) == [record.title]
    assert titles(search(secretary, q="检身制度")) == []

    access.change_level(record.pk, "open", by=archivist, reason="公开事项")
    assert titles(search(secretary, q="检身制度")) == [record.title]

    item = bare_item(other, title="检身设备台账", access_level="internal")
    index_again(item.record)
    assert titles(search(secretary, title="检身设备")) == []
    pool.correct(item.record_id, archivist, archive_class=archive_class(), period="D30", unit=own)
    assert titles(search(secretary, title="检身设备")) == [item.record.title]
    assert titles(search(archivist, title="检身设备", unit="OWN")) == [item.record.title]
    assert titles(search(archivist, title="检身设备", unit="NEW")) == []


@pytest.mark.parametrize("most", [0, 1, 60])
def test_words_find_the_same_however_many_units_the_index_is_asked_for(
    archivist, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(conditions, "MOST_UNITS", most)
    monkeypatch.setattr(finding, "MOST_UNITS", most)
    units = [make_branch(code=f"B{number}") for number in range(3)]
    for number, unit in enumerate(units):
        make_record(f"班前会记录{number}", unit=unit, kind="policy")
        make_record(f"公开的班前会记录{number}", unit=unit, kind="policy", access_level="open")
    secretary = make_user("branch_secretary", unit=units[1])

    assert len(titles(search(archivist, title="班前会", unit="TEST-DW"))) == 6
    assert len(titles(search(archivist, q="班前会", unit="B2"))) == 2
    assert set(titles(search(secretary, q="班前会"))) == {
        "班前会记录1",
        *(f"公开的班前会记录{number}" for number in range(3)),
    }
