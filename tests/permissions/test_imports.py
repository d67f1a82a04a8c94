"""Arrows point one way: subjects import ``portal``, never each other; ``portal`` no subject.

Read from the source, so that an import inside a function counts as well. Text that merely names a
module, such as a line of INSTALLED_APPS, is not an import.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SUBJECTS = ("branches", "honors", "union", "veterans")
# `{% include "x" %}`, `{% extends 'x' %}`, `{% from "x" import y %}`, `template_name = "x"`
TEMPLATE_NAME = re.compile(r"""["'](?P<name>[\w/-]+\.(?:html|txt|xml))["']""")


def source_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every module that a file imports, wherever the import stands."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield node.lineno, ".".join([*above, *filter(None, [node.module])])
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] in ("import_module", "import_string")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value)


def forbidden_for(folder: str) -> tuple[str, ...]:
    return tuple(subject for subject in SUBJECTS if subject != folder)


@pytest.mark.parametrize("folder", ["portal", *SUBJECTS])
def test_nothing_is_imported_against_the_arrows(folder: str) -> None:
    forbidden = forbidden_for(folder)
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in source_files(folder)
        for line, module in imported_modules(path)
        if module.split(".")[0] in forbidden
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", ["portal", *SUBJECTS])
def test_code_renders_no_template_of_a_foreign_subject(folder: str) -> None:
    forbidden = forbidden_for(folder)
    wrong = [
        f"{path.relative_to(ROOT)} names {match['name']}"
        for path in source_files(folder)
        for match in TEMPLATE_NAME.finditer(path.read_text(encoding="utf-8"))
        if match["name"].split("/")[0] in forbidden
    ]
    assert not wrong, "\n".join(wrong)


def test_templates_use_no_template_of_a_foreign_subject() -> None:
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix not in (".html", ".txt", ".xml"):
            continue
        relative = path.relative_to(ROOT / "templates")
        for match in TEMPLATE_NAME.finditer(path.read_text(encoding="utf-8")):
            if match["name"].split("/")[0] in forbidden_for(relative.parts[0]):
                wrong.append(f"templates/{relative} uses {match['name']}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("import honors.models", "honors.models"),
        ("def f():\n    from honors import models", "honors"),
        ("from .models import Branch", "portal.models"),
        ("from importlib import import_module\nimport_module('honors.models')", "honors.models"),
    ],
)
def test_every_form_of_import_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, module: str
) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "portal" / "example.py"
    path.parent.mkdir()
    path.write_text(text)
    assert module in [name for _, name in imported_modules(path)]
