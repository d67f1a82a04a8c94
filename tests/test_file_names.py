"""Formats and sizes as people write them, for pages of every part of the portal."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import portal.archives
from portal.file_names import file_format, file_size


@pytest.mark.parametrize(
    ("size", "words"),
    [(None, "0 KB"), (0, "0 KB"), (1, "1 KB"), (14_336, "14 KB"), (3_355_443, "3.2 MB")],
)
def test_a_size_is_written_in_kilobytes_or_megabytes(size: int | None, words: str) -> None:
    """Never nought for a file with something in it."""
    assert file_size(size) == words


def test_the_format_is_the_ending() -> None:
    """Without one it is a file."""
    assert (file_format("报名表.xlsx"), file_format("报名表")) == ("XLSX", "文件")


def test_the_archive_does_not_lean_on_the_pages() -> None:
    """Pages register their source with the archive; the archive imports nothing of them."""
    root = Path(portal.archives.__file__).parent
    found = []
    for path in root.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [part.name for part in node.names] if isinstance(node, ast.Import) else []
            found += [f"{path.name}: {name}" for name in names if name.startswith("portal.pages")]
    assert found == []
