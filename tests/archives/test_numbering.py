"""Archive codes: written by the standards, issued once, without gaps."""

from __future__ import annotations

import string

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.archives.models import CodePreset, CodeTemplate, Fonds, IssuedCode, RetentionPeriod
from portal.archives.numbering.report import code_faults, series_summary
from portal.archives.numbering.services import change_template, issue, next_number, template_for
from portal.archives.numbering.services import void as void_code
from portal.archives.numbering.writing import CodeParts, MalformedCode, read_code, write_code
from portal.archives.refusals import FrozenTemplate
from tests.factories.archives import bare_record
from tests.factories.organizations import company
from tests.factories.people import make_user


def template(
    pattern: str = CodePreset.FILING_2015, width: int = 4, year: int = 2026
) -> CodeTemplate:
    """Return a template that is not stored."""
    return CodeTemplate(fonds_id="Q001", year=year, pattern=pattern, item_width=width)


def test_codes_are_written_as_the_standards_print_them() -> None:
    """The examples of the two standards, with the class in the place of unit or problem."""
    parts = CodeParts("Z109", "WS", 2011, "Y", "BGS", 1)
    assert write_code(template(), parts) == "Z109-WS·2011-Y-BGS-0001"
    web = CodeParts("C015", "WY", 2019, "D10", "TZGG", 1)
    assert write_code(template(CodePreset.CODING_2022, 5), web) == "C015-WY·2019·D10·TZGG-00001"
    assert write_code(template(width=3), CodeParts("Q001", "WS", 2026, "D30", "DQ02", 1234)) == (
        "Q001-WS·2026-D30-DQ02-1234"
    )


PARTS = st.builds(
    CodeParts,
    st.builds(
        lambda letter, number: f"{letter}{number:03d}",
        st.sampled_from(string.ascii_uppercase),
        st.integers(0, 999),
    ),
    st.sampled_from(["WS", "WY", "ZP", "SW"]),
    st.integers(1949, 2999),
    st.sampled_from([*RetentionPeriod.values]),
    st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=10),
    st.integers(1, 999_999),
)


@given(PARTS, st.sampled_from(CodePreset.values), st.integers(3, 6))
def test_reading_gives_back_what_was_written(parts: CodeParts, pattern: str, width: int) -> None:
    """Both presets, all widths, numbers that outgrow the width included."""
    own = template(pattern, width, parts.year)
    assert read_code(own, write_code(own, parts)) == parts


@pytest.mark.parametrize(
    "code",
    [
        "",
        "Q001-WS·2026-D30-DQ02-",
        "Q001-WS·2026-D30-DQ02-0000",
        "Q001-WS·2026-D30-DQ02-1",
        "Q001-WS·2026-D30-DQ02-00012",
        "Q001-WS.2026-D30-DQ02-0001",
        "Q001-WS·2026·D30·DQ02-0001",
        "Q01-WS·2026-D30-DQ02-0001",
        "Q001-WS·2026-D30-dq02-0001",
        " Q001-WS·2026-D30-DQ02-0001",
        "Q001-WS·2026-D30-DQ02-0001\n",
        "Q001-WS·２０２６-D30-DQ02-0001",
    ],
)
def test_a_code_of_another_form_is_refused(code: str) -> None:
    """Separators, widths and digits count."""
    with pytest.raises(MalformedCode):
        read_code(template(), code)


@pytest.mark.django_db
def test_numbers_start_anew_in_each_lowest_class() -> None:
    """Year, period and class each have their own series."""
    assert [next_number("Q001", "WS", 2026, "Y", "DQ02") for _ in range(3)] == [1, 2, 3]
    assert next_number("Q001", "WS", 2026, "D30", "DQ02") == 1
    assert next_number("Q001", "WS", 2027, "Y", "DQ02") == 1
    assert next_number("Q001", "WS", 2026, "Y", "DQ05") == 1
    assert next_number("Q001", "WS", 2026, "Y", "DQ02") == 4


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_taken_inside_a_transaction() -> None:
    """Outside there is no rollback that could give it back."""
    with pytest.raises(RuntimeError):
        next_number("Q001", "WS", 2026, "Y", "DQ02")


@pytest.mark.django_db
def test_the_first_number_freezes_the_template() -> None:
    """Before it the archivist may change it; after it nobody may."""
    own = change_template(2026, pattern=CodePreset.CODING_2022, item_width=5)
    code = issue(bare_record(), "Y", "DQ02")
    assert code.code == "Q001-WS·2026·Y·DQ02-00001"
    with pytest.raises(FrozenTemplate):
        change_template(2026, item_width=4)
    assert CodeTemplate.objects.get(pk=own.pk).item_width == 5


@pytest.mark.django_db
def test_a_year_without_a_template_inherits_the_newest_earlier_one() -> None:
    """So that the archivist sets the form once, not every January."""
    change_template(2025, pattern=CodePreset.CODING_2022)
    assert template_for(2027).pattern == CodePreset.CODING_2022
    assert template_for(2024).pattern == CodePreset.FILING_2015


@pytest.mark.django_db
def test_a_void_number_is_not_given_again_and_is_no_gap() -> None:
    """The report explains it instead of calling it missing."""
    first = bare_record()
    code = issue(first, "Y", "DQ02")
    void_code(code, "接收有误")
    second = bare_record()
    issued = issue(second, "Y", "DQ02")
    assert issued.item_number == 2
    second.archive_code = issued.code
    second.save()
    assert list(code_faults()) == []
    assert series_summary(2026)[0]["void"] == 1


@pytest.mark.django_db
def test_the_report_names_gaps_strangers_and_disagreements() -> None:
    """What somebody with direct access to the database could have done."""
    records = [bare_record() for _ in range(3)]
    for record in records:
        record.archive_code = issue(record, "Y", "DQ02").code
        record.save()
    assert list(code_faults(2026)) == []
    IssuedCode.objects.filter(item_number=2).delete()
    problems = {fault.place for fault in code_faults()}
    assert problems == {"Q001-WS·2026-Y-DQ02", "Q001-WS·2026-Y-DQ02-0002"}
    IssuedCode.objects.filter(item_number=3).update(code="Q001-WS·2026-Y-DQ02-0009")
    assert "Q001-WS·2026-Y-DQ02-0009" in {fault.place for fault in code_faults()}


@pytest.mark.django_db
def test_the_fonds_of_a_new_installation() -> None:
    """One fonds, from the settings, which the archivist may rename."""
    assert list(Fonds.objects.values_list("code", flat=True)) == ["Q001"]


@pytest.mark.django_db
@pytest.mark.parametrize("category", ["ws", "文书", "W", "WSABC", "W1"])
def test_a_category_that_no_code_could_be_read_with_is_refused(category: str) -> None:
    """Otherwise the first number would freeze it for a year."""
    with pytest.raises(ValidationError):
        change_template(2026, category=category)


@pytest.mark.django_db
def test_looking_at_the_codes_writes_nothing(client: Client) -> None:
    """The form of the running year is proposed, not stored, until somebody saves it."""
    client.force_login(make_user("archivist", unit=company()))
    assert client.get("/archives/codes/").status_code == 200
    assert not CodeTemplate.objects.exists()
    year = timezone.localdate().year
    address = f"/archives/codes/templates/{year}/"
    assert client.get(address).status_code == 200
    fields = {"pattern": CodePreset.CODING_2022, "category": "WS", "item_width": 5}
    assert client.post(address, {**fields, "category": "文书"}).status_code == 422
    client.post(address, fields)
    assert CodeTemplate.objects.get().pattern == CodePreset.CODING_2022
    assert client.get("/archives/codes/templates/9999/").status_code == 404
