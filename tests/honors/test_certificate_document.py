"""Certificates and plates as drawn: one sheet each whatever the names hold, nothing breaks out."""

from __future__ import annotations

import datetime
import io
import subprocess
from typing import Any

import pikepdf
import pytest
from django.utils.html import escape

from honors.certificates.document import certificates_html, certificates_pdf, plates_pdf
from honors.models import Award

LONGEST = {
    "subject_name": "岗" * 60,
    "position": "队" * 60,
    "unit_name": "主提升机房" * 20,
    "title_name": "安全生产" * 10,
    "conferred_by": "集团公司委员会" * 14,
    "number": "QLRY-2026-党-99999" * 2,
    "decision_number": "沁岚党发〔2026〕18号" * 4,
}
USUAL = {
    "subject_name": "薛大勇",
    "unit_name": "采煤一队党支部",
    "title_name": "优秀共产党员",
    "conferred_by": "中共测试能源有限公司委员会",
    "number": "QLRY-2026-党-0001",
    "decision_number": "测党发〔2026〕18号",
}


def award(**values: Any) -> Award:
    fields = {"year": 2026, "subject_kind": "person", "decided_on": datetime.date(2026, 6, 26)}
    return Award(**{**fields, **USUAL, **values})


def pages(body: bytes) -> int:
    with pikepdf.open(io.BytesIO(body)) as document:
        return len(document.pages)


def test_the_longest_words_stay_on_one_sheet() -> None:
    longest = [award(**LONGEST), award(**LONGEST, subject_kind="post")]
    assert pages(certificates_pdf([award(), *longest])) == 3
    assert pages(plates_pdf(longest)) == 2


def test_the_sheet_says_what_the_certificate_has_to_say() -> None:
    revoked = award(state="revoked", state_number="测党发〔2026〕29号",
                    state_on=datetime.date(2026, 11, 2), state_reason="弄虚作假")  # fmt: skip
    made = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=certificates_pdf([award(), revoked]),
        stdout=subprocess.PIPE,
        check=True,
    )
    valid, other = made.stdout.decode().split("\f")[:2]
    packed = "".join(valid.split())
    for words in (*USUAL.values(), "薛大勇同志：", "2026年6月26日", "特发此证，以资鼓励。"):
        assert words in packed
    assert "撤销" not in packed
    packed = "".join(other.split())
    assert "已撤销" in packed and "测党发〔2026〕29号" in packed and "弄虚作假" not in packed


@pytest.mark.parametrize("words", ['"><script>alert(1)</script>', "{{ award.code }}", "</style>"])
def test_words_never_become_markup(words: str) -> None:
    plain = certificates_html([award()])
    html = certificates_html([award(subject_name=words, unit_name=words, title_name=words)])
    for mark in ("<script", "</style>", "</section>"):
        assert html.count(mark) == plain.count(mark)
    assert html.count(escape(words)) == 3
