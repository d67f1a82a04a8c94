"""The Chinese message catalogues: compiling them, and finding what they lack.

Two catalogues lie under ``LOCALE_PATHS``: ``project`` for the portal's own texts and ``upstream``
for what the installed packages leave untranslated or translate badly. Django looks into both
before it looks into the packages.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import cast

import django
import polib
from django.apps import apps
from django.conf import settings

from portal.pages.message_extraction import (
    DOMAIN_JAVASCRIPT,
    DOMAIN_PYTHON,
    Message,
    Occurrence,
    occurrences_in,
)

LOCALE = "zh_Hans"
# Packages whose texts reach the screen although they are not installed as applications.
LIBRARIES = ("django_filters",)
SUBJECT_FOLDERS = ("portal", "branches", "honors", "union", "veterans", "templates")

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdfr]|%[sdfr]|\{[\w.]*\}")
_TAG = re.compile(r"</?([a-z][a-z0-9]*)\b")
# CLREQ 3.1: Chinese text takes full-width punctuation.
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()][\u4e00-\u9fff]")

Entries = dict[tuple[str, str], polib.POEntry]


def catalogue_path(folder: str, domain: str) -> Path:
    """The source catalogue of ``project`` or ``upstream`` for one gettext domain."""
    for path in map(Path, settings.LOCALE_PATHS):
        if path.name == folder:
            return path / LOCALE / "LC_MESSAGES" / f"{domain}.po"
    raise LookupError(f"LOCALE_PATHS holds no folder named {folder}")


def own_catalogues() -> list[Path]:
    """Every source catalogue below ``LOCALE_PATHS``."""
    return [
        path
        for root in settings.LOCALE_PATHS
        for path in sorted(Path(root).rglob("LC_MESSAGES/*.po"))
    ]


def compile_catalogues(*, force: bool = False) -> list[Path]:
    """Compiles the catalogues whose ``.mo`` is missing or older; returns the files written.

    Each file is written beside its place and renamed, so that a process that is starting at the
    same moment never reads half a catalogue.
    """
    written = []
    for source in own_catalogues():
        target = source.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with NamedTemporaryFile(dir=target.parent, suffix=".new", delete=False) as temporary:
            temporary.write(polib.pofile(str(source)).to_binary())
        os.chmod(temporary.name, 0o644)
        os.replace(temporary.name, target)
        written.append(target)
    return written


def read_entries(path: Path) -> Entries:
    """The entries of a ``.po`` or ``.mo`` file by (context, msgid); empty when there is no file."""
    if not path.exists():
        return {}
    catalogue = polib.mofile(str(path)) if path.suffix == ".mo" else polib.pofile(str(path))
    # The entries of both kinds of file have what is read here.
    entries = cast(Iterable[polib.POEntry], catalogue)
    return {(entry.msgctxt or "", entry.msgid): entry for entry in entries if not entry.obsolete}


def project_occurrences() -> Iterator[Occurrence]:
    """Every message that the portal, its subjects and their templates use."""
    for folder in SUBJECT_FOLDERS:
        root = Path(settings.BASE_DIR) / folder
        if root.is_dir():
            yield from occurrences_in(root)


def missing_project_messages() -> list[Occurrence]:
    """The project's messages without an entry, with an empty one or with a fuzzy one."""
    entries = {
        domain: read_entries(catalogue_path("project", domain))
        for domain in (DOMAIN_PYTHON, DOMAIN_JAVASCRIPT)
    }
    missing: dict[tuple[str, Message], Occurrence] = {}
    for occurrence in project_occurrences():
        entry = entries[occurrence.domain].get(_key(occurrence.message))
        if entry is None or not _has_chinese(entry) or _lacks_plural(entry, occurrence.message):
            missing.setdefault((occurrence.domain, occurrence.message), occurrence)
    return list(missing.values())


def upstream_applications() -> list[Path]:
    """The folders of the installed applications that are not the portal's, in their order."""
    own = [Path(settings.BASE_DIR) / folder for folder in SUBJECT_FOLDERS]
    paths = [Path(configuration.path) for configuration in apps.get_app_configs()]
    return [path for path in paths if not any(path.is_relative_to(folder) for folder in own)]


def upstream_messages() -> dict[str, dict[Message, Path]]:
    """The messages of the installed packages by domain, each with the file that names it.

    They are read from the English catalogue that a package ships and, except for Django's own
    applications, from its sources too, because some packages ship none or an old one.
    """
    messages: dict[str, dict[Message, Path]] = {DOMAIN_PYTHON: {}, DOMAIN_JAVASCRIPT: {}}
    django_folder = Path(django.__file__).parent
    installed = {*upstream_applications(), *_library_folders(), django_folder / "conf"}
    for folder in sorted(installed):
        for domain, found in messages.items():
            for entry in read_entries(folder / f"locale/en/LC_MESSAGES/{domain}.po").values():
                message = Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")
                found.setdefault(message, folder / "locale")
        inside_another = any(
            folder != other and folder.is_relative_to(other) for other in installed
        )
        if inside_another or folder.is_relative_to(django_folder):
            continue
        for occurrence in occurrences_in(folder):
            if _catalogue_folder(occurrence.path, folder) not in installed:
                continue  # an optional part of the package that is not installed
            # Scripts that run in the browser get the catalogue of the Wagtail admin only.
            if occurrence.domain == DOMAIN_PYTHON or folder.name == "wagtail":
                messages[occurrence.domain].setdefault(occurrence.message, occurrence.path)
    return messages


def missing_upstream_messages() -> dict[str, dict[Message, Path]]:
    """The packages' messages that would reach a Chinese reader in English, by domain."""
    missing: dict[str, dict[Message, Path]] = {}
    for domain, messages in upstream_messages().items():
        effective = _effective_entries(domain)
        missing[domain] = {
            message: path
            for message, path in messages.items()
            if (entry := effective.get(_key(message))) is None or _lacks_plural(entry, message)
        }
    return missing


def displaced_upstream_texts() -> Iterator[str]:
    """Yields the portal's texts that would change the wording of a package.

    The catalogues of a domain are one, so a portal text "Page" translated "第" would show in the
    Wagtail admin too. Such a message needs a context.
    """
    for domain, messages in upstream_messages().items():
        named = {_key(message) for message in messages}
        theirs = _effective_entries(domain, without="project")
        for key, entry in _translated(catalogue_path("project", domain)).items():
            if key in named and key in theirs and _first(entry) != _first(theirs[key]):
                yield (
                    f"project/{domain}.po: {entry.msgid!r} is {_first(entry)!r} here and "
                    f"{_first(theirs[key])!r} in a package; give it a context"
                )


def faults_in_own_catalogues() -> Iterator[str]:
    """Yields one line for every fuzzy, mismatched or wrongly punctuated Chinese text."""
    for path in own_catalogues():
        seen: set[tuple[str, str]] = set()
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            place = f"{path.parent.parent.parent.name}/{path.name}:{entry.linenum}: {entry.msgid!r}"
            key = (entry.msgctxt or "", entry.msgid)
            if key in seen:
                yield f"{place} is there twice"
            seen.add(key)
            if entry.fuzzy:
                yield f"{place} is marked fuzzy"
            yield from (f"{place} {fault}" for fault in _faults(entry))


def _faults(entry: polib.POEntry) -> Iterator[str]:
    english = entry.msgid_plural or entry.msgid
    for chinese in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        if not chinese:
            yield "has no Chinese"
            continue
        if _marks(english) != _marks(chinese):
            yield f"has other placeholders or tags than {chinese!r}"
        if found := _HALF_WIDTH.search(chinese):
            yield f"has half-width punctuation between Chinese characters: {found[0]!r}"
        # msgfmt refuses these, and Django then shows blank lines.
        if english.startswith("\n") != chinese.startswith("\n"):
            yield "differs in the line break at its start"


def _marks(text: str) -> tuple[Counter[str], Counter[str]]:
    # A percent sign followed by a space and a word ("100% done") is no placeholder.
    plain = text.replace("%%", "")
    return Counter(_PLACEHOLDER.findall(plain)), Counter(_TAG.findall(plain))


def _effective_entries(domain: str, *, without: str = "") -> Entries:
    """What Django finds in Chinese: its own catalogue, then the packages', then the portal's."""
    merged: Entries = {}
    # The application that is named first wins, so it is read last.
    folders = [Path(django.__file__).parent / "conf", *reversed(upstream_applications())]
    for folder in folders:
        merged.update(_translated(folder / f"locale/{LOCALE}/LC_MESSAGES/{domain}.mo"))
    # So does the earlier one of LOCALE_PATHS.
    for root in reversed(settings.LOCALE_PATHS):
        if Path(root).name == without:
            continue
        merged.update(_translated(Path(root) / LOCALE / "LC_MESSAGES" / f"{domain}.po"))
    return merged


def _library_folders() -> list[Path]:
    specifications = [find_spec(name) for name in LIBRARIES]
    return [Path(found.origin).parent for found in specifications if found and found.origin]


def _catalogue_folder(path: Path, root: Path) -> Path:
    """The innermost folder above a source file that has a catalogue of its own, or ``root``."""
    for folder in path.parents:
        if folder == root or (folder / "locale").is_dir():
            return folder
    return root


def _translated(path: Path) -> Entries:
    return {key: entry for key, entry in read_entries(path).items() if _has_chinese(entry)}


def _has_chinese(entry: polib.POEntry) -> bool:
    # Entries of a compiled catalogue have no translated(); they are never fuzzy.
    return bool(_first(entry)) and "fuzzy" not in getattr(entry, "flags", ())


def _first(entry: polib.POEntry) -> str:
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def _key(message: Message) -> tuple[str, str]:
    return message.context, message.msgid


def _lacks_plural(entry: polib.POEntry, message: Message) -> bool:
    """Whether a message with a plural meets an entry that knows only one form of it."""
    return bool(message.plural) and not entry.msgstr_plural.get(0)
