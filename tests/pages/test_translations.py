"""Nobody who reads Chinese meets English: catalogues, extraction and the commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from portal.pages import catalogues
from portal.pages.management.commands.check_translations import append_missing
from portal.pages.message_extraction import (
    Message,
    Occurrence,
    messages_in_javascript,
    messages_in_python,
    messages_in_template,
    occurrences_in,
)

EMPTY_CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


@pytest.fixture(scope="module")
def chinese() -> Iterator[None]:
    """Chinese active; the catalogues are compiled before the first test."""
    with translation.override("zh-hans"):
        yield


def test_every_message_of_the_installed_packages_has_chinese() -> None:
    missing = catalogues.missing_upstream_messages()
    assert missing == {"django": {}, "djangojs": {}}


def test_every_message_of_the_portal_has_chinese() -> None:
    missing = [
        (occurrence.path.name, occurrence.message.msgid)
        for occurrence in catalogues.missing_project_messages()
    ]
    assert missing == []


def test_no_text_of_the_portal_changes_the_wording_of_a_package() -> None:
    assert list(catalogues.displaced_upstream_texts()) == []


def test_own_catalogues_are_faultless() -> None:
    assert list(catalogues.faults_in_own_catalogues()) == []


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("Saved", "已保存"),
        ("Publish", "发布"),
        ("Unpublish", "撤回发布"),
        ("Submit for moderation", "提交审核"),
        ("Workflow", "审核流程"),
        ("Schedule to publish", "定时发布"),
        ("Request changes", "退回修改"),
        ("Dashboard", "管理首页"),
        ("Sign Out", "退出登录"),
        ("Recovery Codes", "恢复码"),
        ("Add audio or video", "新增音频或视频"),
        ('Select at least 1 field for "%(resource_name)s" to export', None),
        ("Search in '<span class=\"w-title-ellipsis\">%(title)s</span>'", None),
    ],
)
def test_key_texts_of_the_admin_come_out_in_chinese(english: str, expected: str | None) -> None:
    chinese = gettext(english)
    assert chinese != english
    if expected is not None:
        assert chinese == expected


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("count", [0, 1, 2, 200])
def test_chinese_has_one_plural_form(count: int) -> None:
    text = ngettext("Referenced %(count)s time", "Referenced %(count)s times", count)
    assert text % {"count": count} == f"被引用 {count} 次"


@pytest.mark.usefixtures("chinese")
def test_sentences_of_the_editor_name_the_kind_of_page_without_english() -> None:
    text = gettext("Anyone can edit this %(model_name)s") % {"model_name": "通知公告"}
    assert text == "任何人都可以编辑此通知公告"
    assert not isinstance(text, Promise)


def test_extraction_reads_python() -> None:
    source = (
        "from django.utils.translation import gettext_lazy as translate, npgettext\n"
        "a = translate('One ' 'line')\n"
        "b = _('Sum ' + 'total')\n"
        "c = npgettext('month', '%d May', '%d Mays', 3)\n"
        "d = translate(computed)\n"
    )
    assert set(messages_in_python(source)) == {
        Message("One line"),
        Message("Sum total"),
        Message("%d May", "%d Mays", "month"),
    }


def test_extraction_reads_templates_as_the_engine_does() -> None:
    source = (
        '{% load i18n %}{% translate "100% done" %}{% translate "May" context "month" %}\n'
        "{% blocktranslate trimmed count n=total %}\n  One {{ kind }}\n"
        "{% plural %}\n  {{ n }} {{ kind }}\n{% endblocktranslate %}\n"
        '{{ _("Word")|upper }}{% include "x.html" with label=_("Label") %}'
    )
    assert set(messages_in_template(source)) == {
        Message("100%% done"),
        Message("May", "", "month"),
        Message("One %(kind)s", "%(n)s %(kind)s"),
        Message("Word"),
        Message("Label"),
    }


def test_extraction_reads_scripts() -> None:
    source = "const a = gettext('Don\\'t'); b = ngettext(`a day`, \"days\", n); c = gettext(name);"
    assert set(messages_in_javascript(source)) == {Message("Don't"), Message("a day", "days")}


def test_extraction_leaves_tests_and_migrations_out(tmp_path: Path) -> None:
    for folder in ("app", "app/migrations", "app/tests"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.py").write_text(f"x = _('{folder}')", encoding="utf-8")
    assert [found.message.msgid for found in occurrences_in(tmp_path)] == ["app"]


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Page %(n)s", "第 %(m)s 页", "placeholders"),
        ("<b>Bold</b>", "粗体", "placeholders"),
        ("{name} left", "{name}离开了", None),
        ("Yes, really", "是,真的", "half-width"),
        ("Yes (really)", "是(真的)吗", "half-width"),
        ("Time: %(time)s", "时间：%(time)s", None),
        ("Empty", "", "no Chinese"),
    ],
)
def test_faulty_chinese_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: str, chinese: str, fault: str | None
) -> None:
    path = tmp_path / "django.po"
    entry = polib.POEntry(msgid=english, msgstr=chinese)
    path.write_text(f"{EMPTY_CATALOGUE}\n{entry}", encoding="utf-8")
    monkeypatch.setattr(catalogues, "own_catalogues", lambda: [path])
    faults = list(catalogues.faults_in_own_catalogues())
    if fault is None:
        assert faults == []
    else:
        assert any(fault in line for line in faults)


def test_missing_messages_are_added_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "django.po"
    path.write_text(EMPTY_CATALOGUE, encoding="utf-8")
    module = "portal.pages.management.commands.check_translations"
    monkeypatch.setattr(f"{module}.catalogue_path", lambda folder, domain: path)
    found = [
        Occurrence(Message("New"), tmp_path / "views.py", "django"),
        Occurrence(Message("%(n)s day", "%(n)s days", "due"), tmp_path / "views.py", "django"),
    ]
    assert append_missing(found) == [(path, 2)]
    assert append_missing(found) == []
    new, days = polib.pofile(str(path))
    assert (new.msgid, new.msgstr) == ("New", "")
    assert (days.msgctxt, days.msgid_plural) == ("due", "%(n)s days")


def test_compiling_leaves_what_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "django.po"
    path.write_text(f'{EMPTY_CATALOGUE}\nmsgid "Yes"\nmsgstr "是"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "own_catalogues", lambda: [path])
    compiled = path.with_suffix(".mo")
    assert catalogues.compile_catalogues() == [compiled]
    assert catalogues.compile_catalogues() == []
    assert catalogues.compile_catalogues(force=True) == [compiled]
    assert polib.mofile(str(compiled))[0].msgstr == "是"
    assert sorted(tmp_path.iterdir()) == [compiled, path]


def test_check_fails_and_lists_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = "portal.pages.management.commands.check_translations"
    found = [Occurrence(Message("Left in English"), Path("/somewhere/views.py"), "django")]
    monkeypatch.setattr(f"{module}.missing_project_messages", lambda: found)
    monkeypatch.setattr(f"{module}.missing_upstream_messages", lambda: {"django": {}})
    monkeypatch.setattr(f"{module}.displaced_upstream_texts", lambda: iter(()))
    monkeypatch.setattr(f"{module}.faults_in_own_catalogues", lambda: iter(()))
    with pytest.raises(CommandError, match="1 texts need attention"):
        call_command("check_translations")
    assert "/somewhere/views.py: 'Left in English' has no Chinese" in capsys.readouterr().out
