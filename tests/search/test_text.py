"""The normal form, its tokens and the cutting of long bodies."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.search import text

# Chinese of several blocks with traditional forms, Latin, digits, signs and spaces of all widths.
ALPHABET = "党黨建設设會议張三李工作二〇々㐀𠀀AbＣ1２①é ，。　\t\n-_|%·\u200b"
writing = st.text(alphabet=ALPHABET, max_size=60)
ideographs = st.text(alphabet="党建設设會议工作二〇々㐀𠀀", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("公司黨委召開黨建工作會議", "党建工作会议"),
        ("公司党委召开党建工作会议", "黨建工作會議"),
        ("ＡＢＣ工程２０２６年", "abc工程2026年"),
        ("2026 年第 7 支部", "2026年第7支部"),
        ("张三、李四", "李四"),
        ("党\u200b建", "党建"),
        ("二〇二六年", "二〇二六"),
        ("𠀀工作", "𠀀工"),
        ("㎡计", "m2"),
        ("é", "e\u0301"),
        ("臺灣 裏面 頭髮", "台湾"),
    ],
)
def test_variants_find_each_other(written: str, typed: str) -> None:
    normal = text.normalise(written)
    assert all(stretch.needle in normal for stretch in text.stretches(typed))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("抓好党建。工作要求", "建工"),
        ("抓好党建，工作要求", "党建工作"),
        ("抓好党建\n工作要求", "建工"),
        ("党 建", "党建"),
        ("第17支部", "7支部"),
        ("party", "art"),
        ("2026。年度", "2026年"),
        ("合计2026，年终", "2026年"),
    ],
)
def test_nothing_matches_across_a_break_or_inside_a_word(written: str, typed: str) -> None:
    normal = text.normalise(written)
    assert not all(stretch.needle in normal for stretch in text.stretches(typed))


@given(writing)
def test_width_and_case_do_not_matter(written: str) -> None:
    wide = written.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert text.normalise(wide) == text.normalise(written) == text.normalise(written.upper())


def test_white_space_in_a_query_keeps_words_apart() -> None:
    assert [stretch.normal for stretch in text.stretches("党建 2026 年")] == [
        "党建",
        "|2026|",
        "年",
    ]


@given(writing)
def test_normal_form_has_no_signs_but_space_and_fence(written: str) -> None:
    rest = text.normalise(written).replace(text.FENCE, "").replace(" ", "")
    assert rest == "" or rest.isalnum()


@given(st.text(alphabet=ALPHABET.replace("\u200b", ""), max_size=60), st.data())
def test_every_part_of_a_text_is_found(written: str, data: st.DataObject) -> None:
    """Any Chinese part, cut out anywhere, is found in the whole."""
    runs = [match.span() for match in re.finditer(rf"[{text.IDEOGRAPHS}]+", written)]
    assume(runs)
    start, end = data.draw(st.sampled_from(runs))
    first = data.draw(st.integers(start, end - 1))
    last = data.draw(st.integers(first + 1, end))
    normal = text.normalise(written)
    for stretch in text.stretches(written[first:last]):
        assert stretch.needle in normal


@given(writing, ideographs)
def test_tokens_never_miss_and_prove_pairs(written: str, typed: str) -> None:
    """A stretch that occurs has all its tokens; for pairs and words the reverse holds too."""
    normal = text.normalise(written)
    tokens = text.tokens(normal)
    for stretch in text.stretches(typed):
        prefix = stretch.required_prefix
        has_tokens = tokens.issuperset(stretch.required_tokens) and (
            prefix is None or any(token.startswith(prefix) for token in tokens)
        )
        if stretch.needle in normal:
            assert has_tokens
        if stretch.is_exact:
            assert has_tokens == (stretch.needle in normal)


@given(st.text(alphabet="党建工作Ab1 。", min_size=30, max_size=400), st.data())
def test_pieces_lose_no_stretch(written: str, data: st.DataObject) -> None:
    """Every stretch of up to the promised length lies within one piece."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(text, "CHUNK_CHARACTERS", 200)
        cleaned = text.clean(written)
        pieces = [text.normalise(piece) for piece in text.chunks(cleaned)]
        stretches = text.stretches(cleaned)
    assume(stretches)
    stretch = data.draw(st.sampled_from(stretches))
    assume(len(stretch.normal) <= text.LONGEST_STRETCH)
    assert any(stretch.needle in piece for piece in pieces)


def test_a_long_body_is_cut_into_overlapping_pieces() -> None:
    body = "党建工作会议" * 5_000
    pieces = text.chunks(body)
    assert len(pieces) == 4
    assert max(map(len, pieces)) <= text.CHUNK_CHARACTERS
    assert pieces[0][-text.CHUNK_OVERLAP :] == pieces[1][: text.CHUNK_OVERLAP]
    assert text.chunks("短") == ["短"]


def test_a_long_run_is_looked_for_in_parts() -> None:
    run = "".join(chr(0x4E00 + number) for number in range(100))
    found = text.stretches(run)
    assert len(found) > 1
    assert all(len(stretch.normal) <= text.LONGEST_STRETCH for stretch in found)
    assert {token for stretch in found for token in stretch.required_tokens} == {
        text.normalise(run)[start : start + 2] for start in range(99)
    }


@pytest.mark.parametrize("typed", ["", "   ", "。，！", "|", "%%__", "\ue000", "\ud800"])
def test_signs_alone_ask_for_nothing(typed: str) -> None:
    assert text.stretches(typed) == []


def test_unfinished_latin_word_is_open_at_its_end() -> None:
    (stretch,) = text.stretches("第3次 saf", open_end=True)[1:]
    assert stretch.needle == "|saf"
    assert stretch.required_prefix == "saf"
    assert text.stretches("saf 安全", open_end=True)[0].needle == "|saf|"
