"""Old honors from a workbook with photographs: every fault is named, nothing is half done."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from PIL import Image

from honors.awards import importing
from honors.awards.import_photographs import photographs
from honors.awards.import_table import COLUMNS, Line, read_lines, write_template
from honors.models import Award, HonorImport
from portal.archives.models import Record, RecordFile
from portal.archives.reconciliation import differences
from portal.files.models import StoredFile
from portal.pages.models import PortalImage
from portal.refusals import ChangedMeanwhile
from portal.spreadsheets.faults import SheetRefused
from tests.factories.honors import HonorOffice, make_award, post_title, title
from tests.factories.organizations import company
from tests.factories.people import make_person, make_user
from tests.infrastructure.at_once import failures, together

ROW = {
    "title": "优秀共产党员",
    "year": 2019,
    "name": "薛大勇",
    "unit": "TEST",
    "decision_number": "测党发〔2019〕7号",
    "decided_on": "2019-06-28",
}


def workbook(*rows: dict[str, Any], leave_out: str = "") -> bytes:
    """Return a workbook with these rows under the headers of the template."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["历年荣誉一览表"])
    codes = [code for code in COLUMNS if code != leave_out]
    sheet.append([COLUMNS[code] for code in codes])
    for row in rows:
        sheet.append([row.get(code) for code in codes])
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def jpeg(colour: str = "red") -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (60, 72), colour).save(body, "JPEG")
    return body.getvalue()


def packed(members: dict[str, bytes]) -> SimpleUploadedFile:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("照片.zip", body.getvalue())


def problems(*rows: dict[str, Any], leave_out: str = "") -> list[tuple[int, str, str]]:
    with pytest.raises(SheetRefused) as refused:
        read_lines(workbook(*rows, leave_out=leave_out))
    return [(fault.row, fault.column, fault.problem) for fault in refused.value.faults]


def test_each_cell_is_named_with_the_remedy(db: None) -> None:
    company()
    wrong = {
        "title": ("先进个人", "没有“先进个人”这个称号"),
        "year": ("去年", "请用四位数字填写年份"),
        "unit": ("二矿", "没有“二矿”这个单位"),
        "decision_number": ("", "请填写“表彰文号”"),
        "decided_on": ("2019年6月31日", "日期请写成"),
        "employee_number": ("Z404", "没有工号为Z404的人员"),
        "gender": ("F", "请填“男”或“女”"),
        "age": ("三十", "请填周岁年龄"),
        "front_line": ("Y", "请填“是”或“否”"),
        "name": ("薛" * 61, "最多60个字"),
    }
    found = problems({**ROW, **{name: value for name, (value, _words) in wrong.items()}})
    letters = {name: chr(ord("A") + place) for place, name in enumerate(COLUMNS)}
    assert {column for _row, column, _words in found} == {letters[name] for name in wrong}
    for name, (_value, words) in wrong.items():
        assert any(row == 3 and column == letters[name] and words in said
                   for row, column, said in found), name  # fmt: skip


def test_rows_that_say_the_same_are_named(db: None) -> None:
    company()
    found = problems(ROW, {**ROW, "year": 2020, "decided_on": "2020-06-28", "number": "A1"}, ROW,
                     {**ROW, "name": "赵一", "number": "A1"})  # fmt: skip
    assert [(row, words) for row, _column, words in found] == [
        (5, "与第3行重复。"),
        (6, "与第4行重复。"),
    ]


def test_a_file_that_is_no_such_workbook_is_refused(db: None) -> None:
    for body in (b"", b"PK\x03\x04nonsense", "称号,年度".encode()):
        with pytest.raises(SheetRefused):
            read_lines(body)
    assert "表彰文号" in problems(ROW, leave_out="decision_number")[0][2]
    assert "没有数据" in problems()[0][2] or problems()[0][0] == 0


def test_dates_and_years_are_read_as_people_write_them(db: None) -> None:
    import datetime

    company()
    days = ("2019-06-28", "2019/6/28", "2019年6月28日", "２０１９．６．２８")
    rows = [{**ROW, "name": f"甲{n}", "decided_on": day} for n, day in enumerate(days)]
    rows.append(
        {**ROW, "name": "乙", "decided_on": datetime.datetime(2019, 6, 28), "year": "2019年"}
    )
    lines = read_lines(workbook(*rows))
    assert {line.values["decided_on"] for line in lines} == {"2019-06-28"}
    assert {line.values["year"] for line in lines} == {2019}


def test_the_template_can_be_filled_in_and_read_back(db: None) -> None:
    company()
    book = load_workbook(write_template())
    sheet = book["历年荣誉"]
    sheet.append([ROW.get(code) for code in COLUMNS])
    body = io.BytesIO()
    book.save(body)
    assert [line.values["name"] for line in read_lines(body.getvalue())] == ["薛大勇"]


# ---- The zip of photographs


def lines(*names: str) -> list[Line]:
    return [Line(row, {"photograph": name}) for row, name in enumerate(names, start=3)]


def refused(upload: Any, *names: str) -> str:
    with pytest.raises(SheetRefused) as error:
        photographs(upload, lines(*names), "M")
    return "\n".join(fault.problem for fault in error.value.faults)


@pytest.mark.parametrize(
    "name",
    ["../薛大勇.jpg", "/薛大勇.jpg", "a/../../薛大勇.jpg", "C:\\薛大勇.jpg", "..\\薛大勇.jpg"],
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    assert "文件夹之外" in refused(packed({name: jpeg()}), "薛大勇.jpg")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = packed({"薛大勇.jpg": b"\0" * (30 * 1024 * 1024)})
    assert bomb.size is not None and bomb.size < 100_000
    said = refused(bomb, "薛大勇.jpg")
    assert "炸弹" in said or "超过" in said


def test_a_size_that_lies_is_noticed() -> None:
    upload = packed({"薛大勇.jpg": jpeg()})
    body = bytearray(upload.read())
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refused(SimpleUploadedFile("a.zip", bytes(body)), "薛大勇.jpg")


def test_names_that_do_not_match_are_named_on_both_sides() -> None:
    said = refused(packed({"薛大永.jpg": jpeg()}), "薛大勇.jpg")
    assert "压缩包中没有“薛大勇.jpg”" in said
    assert "压缩包中的“薛大永.jpg”没有对应的行" in said


def test_what_is_no_photograph_is_refused() -> None:
    assert "只接收JPG" in refused(packed({"薛大勇.exe": b"MZ"}), "薛大勇.exe")
    assert refused(packed({"薛大勇.jpg": b"<svg onload=alert(1)>"}), "薛大勇.jpg")
    assert refused(packed({"薛大勇.jpg": b"%PDF-1.7\n"}), "薛大勇.jpg")
    assert "空文件" in refused(packed({"薛大勇.jpg": b""}), "薛大勇.jpg")
    assert "同名" in refused(packed({"a/1.jpg": jpeg(), "b/1.jpg": jpeg()}), "1.jpg")


def test_the_zip_has_to_be_one_and_to_be_there() -> None:
    assert "不是zip" in refused(SimpleUploadedFile("a.zip", b"no zip"), "薛大勇.jpg")
    assert "请同时选择照片压缩包" in refused(None, "薛大勇.jpg")
    assert photographs(None, [], "M") == {}


def test_names_of_windows_and_droppings_of_systems_do_no_harm() -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        info = zipfile.ZipInfo("照片/薛大勇.JPG")
        archive.writestr(info, jpeg())
        archive.writestr("__MACOSX/._薛大勇.JPG", b"x")
        archive.writestr("照片/.DS_Store", b"x")
    found = photographs(SimpleUploadedFile("a.zip", body.getvalue()), lines("薛大勇.jpg"), "M")
    assert found[3].media_type == "image/jpeg"


# ---- The whole way


@pytest.mark.django_db(transaction=True)
def test_from_the_upload_to_the_wall() -> None:
    office = HonorOffice()
    person = make_person("薛大勇")
    make_award(number="老证-1")
    staff, approver, visitor = Client(), Client(), Client()
    staff.force_login(office.staff)
    approver.force_login(office.approver)
    rows = (
        {**ROW, "employee_number": person.employee_number, "photograph": "薛大勇.jpg", "age": 44,
         "gender": "男", "front_line": "是"},
        {**ROW, "title": post_title().name, "name": "瓦检一岗", "number": "老证-7"},
    )  # fmt: skip

    def upload(body: bytes, photo: Any) -> Any:
        files = {"sheet": SimpleUploadedFile("名册.xlsx", body), "photographs": photo}
        return staff.post("/honor-roll/import/", files)

    answer = upload(workbook(*rows), packed({"薛大勇.jpg": jpeg()}))
    assert answer.status_code == 302, answer.content.decode()
    kept = HonorImport.objects.get()
    shown = staff.get(answer.headers["Location"]).content.decode()
    assert "薛大勇" in shown and "瓦检一岗" in shown
    assert approver.get(f"/honor-roll/import/{kept.pk}/").status_code == 403
    assert staff.post(f"/honor-roll/import/{kept.pk}/").status_code == 302
    kept.refresh_from_db()
    assert kept.content == "" and not StoredFile.objects.exists()
    assert Award.objects.waiting().count() == 2
    assert "薛大勇" not in visitor.get("/honors/").content.decode()
    picture = PortalImage.objects.get()
    assert visitor.get(f"/media/{picture.file.name}").status_code == 302

    waiting = f"/honor-roll/import/{kept.pk}/waiting/"
    assert staff.post(waiting).status_code == 302
    assert Award.objects.waiting().count() == 2
    assert approver.post(waiting).status_code == 302
    award = Award.objects.get(person=person)
    assert (award.number, award.gender, award.age) == ("QLRY-2019-党-0001", "male", 44)
    assert Award.objects.get(subject_name="瓦检一岗").number == "老证-7"
    wall = visitor.get("/honors/?year=2019").content.decode()
    assert "薛大勇" in wall and "瓦检一岗" in wall
    assert visitor.get(f"/media/{picture.file.name}").status_code == 200
    record = Record.objects.get(kind="honor-register")
    assert RecordFile.objects.filter(record=record, role="picture").count() == 1
    # Somebody answers for the register: without a responsible unit the archive takes nothing.
    assert record.unit is not None

    assert not list(differences())

    # The same workbook a second time: each row says that it is there already.
    rows[1]["number"] = ""
    again = upload(workbook(*rows), packed({"薛大勇.jpg": jpeg()}))
    assert again.status_code == 422
    assert 'data-label="列">C<' in again.content.decode()
    assert again.content.decode().count("名册中已有这项荣誉") == 2
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_workbook_is_discarded_with_its_photographs() -> None:
    office = HonorOffice()
    body = workbook({**ROW, "photograph": "薛大勇.jpg"})
    kept = importing.keep(body, packed({"薛大勇.jpg": jpeg()}), office.staff)
    importing.discard(kept.pk, office.staff)
    assert not HonorImport.objects.exists() and not StoredFile.objects.exists()

    kept = importing.keep(body, packed({"薛大勇.jpg": jpeg()}), office.staff)
    importing.take_over(kept.pk, office.staff)
    assert importing.refuse_import(kept.pk, office.approver) == 1
    assert not Award.objects.exists() and not PortalImage.objects.exists()


def test_only_party_staff_take_workbooks_over(db: None) -> None:
    office = HonorOffice()
    for user, status in ((office.staff, 200), (office.approver, 403), (office.reader, 403)):
        client = Client()
        client.force_login(user)
        assert client.get("/honor-roll/import/").status_code == status
        assert client.get("/honor-roll/import/template/").status_code == status
    assert title().code == "excellent-member"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_deal_with_a_workbook_at_once_one_is_told() -> None:
    office = HonorOffice()
    other = make_user("party_approver", name="另一位")
    kept = importing.keep(workbook(ROW, {**ROW, "name": "赵一"}), None, office.staff)
    importing.take_over(kept.pk, office.staff)
    results = together(
        lambda: importing.confirm(kept.pk, office.approver),
        lambda: importing.refuse_import(kept.pk, other),
    )
    (lost,) = failures(results)
    assert isinstance(lost, ChangedMeanwhile)
    numbers = {award.number for award in Award.objects.all()}
    assert numbers in (set(), {"QLRY-2019-党-0001", "QLRY-2019-党-0002"})
