"""Finds the translatable messages of Python, template and JavaScript sources.

``makemessages`` needs the GNU gettext programs, which a bare server or build machine does not
have; this reads the same calls in pure Python. Templates go through Django's own
``templatize``, so message texts (trimmed blocks, doubled percent signs) are exactly those that
the template engine looks up.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

DOMAIN_PYTHON = "django"
DOMAIN_JAVASCRIPT = "djangojs"

# Position of (context, singular, plural) among the arguments of each gettext function.
_SIGNATURES: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_SKIPPED_FOLDERS = frozenset(
    {"locale", "migrations", "node_modules", "test", "tests", "__pycache__", "vendor"}
)
_CALL = re.compile(r"\b(_|n?p?gettext)\s*\)?\(\s*")
_STRING = re.compile(
    r"""[uU]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)\s*(,|\)|\+)?\s*"""
)


@dataclass(frozen=True, order=True)
class Message:
    """One text that asks for a translation, as gettext knows it."""

    msgid: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Occurrence:
    """A message and the source file that uses it."""

    message: Message
    path: Path
    domain: str


def messages_in_python(source: str) -> Iterator[Message]:
    """Yields the messages of a Python module; raises ``SyntaxError`` when it does not parse."""
    tree = ast.parse(source)
    names = dict(_SIGNATURES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.asname and alias.name in _SIGNATURES:
                    names[alias.asname] = _SIGNATURES[alias.name]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = (
            function.id
            if isinstance(function, ast.Name)
            else function.attr
            if isinstance(function, ast.Attribute)
            else ""
        )
        if name not in names:
            continue
        message = _message([_text(argument) for argument in node.args], names[name])
        if message:
            yield message


def messages_in_template(source: str) -> Iterator[Message]:
    """Yields the messages of a Django template."""
    # templatize() writes its literals with repr(), so Python's rules read them back; constants
    # such as _("Save") keep the quotes of the template, which obey the same rules.
    yield from _messages_in_calls(templatize(source))


def messages_in_javascript(source: str) -> Iterator[Message]:
    """Yields the messages of a script, readable or minified."""
    yield from _messages_in_calls(source)


def occurrences_in(root: Path) -> Iterator[Occurrence]:
    """Yields every message used below a folder, file by file, in a stable order."""
    for path in sorted(root.rglob("*")):
        if _SKIPPED_FOLDERS.intersection(path.relative_to(root).parts[:-1]):
            continue
        if path.suffix == ".py":
            found = messages_in_python(path.read_text(encoding="utf-8"))
            domain = DOMAIN_PYTHON
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found = messages_in_template(path.read_text(encoding="utf-8"))
            domain = DOMAIN_PYTHON
        elif path.suffix in {".js", ".mjs"} and not path.name.endswith(".min.js"):
            found = messages_in_javascript(path.read_text(encoding="utf-8"))
            domain = DOMAIN_JAVASCRIPT
        else:
            continue
        for message in found:
            yield Occurrence(message, path, domain)


def _text(node: ast.expr) -> str | None:
    """The value of a string literal, joined literals included; None for anything computed."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        if left is not None and right is not None:
            return left + right
    return None


def _message(
    arguments: list[str | None], signature: tuple[int | None, int, int | None]
) -> Message | None:
    values: list[str] = []
    for position in (signature[1], signature[2], signature[0]):
        if position is None:
            values.append("")
            continue
        value = arguments[position] if position < len(arguments) else None
        if value is None:
            return None
        values.append(value)
    return Message(*values) if values[0] else None


def _messages_in_calls(source: str) -> Iterator[Message]:
    for call in _CALL.finditer(source):
        arguments: list[str | None] = []
        position = call.end()
        joined = ""
        while literal := _STRING.match(source, position):
            joined += _unquote(literal[1])
            position = literal.end()
            if literal[2] == "+":
                continue
            arguments.append(joined)
            joined = ""
            if literal[2] != ",":
                break
        message = _message(arguments, _SIGNATURES[call[1]])
        if message:
            yield message


def _unquote(literal: str) -> str:
    if literal.startswith("`"):
        literal = '"' + literal[1:-1].replace('"', '\\"').replace("\n", "\\n") + '"'
    value = ast.literal_eval(literal)
    return value if isinstance(value, str) else ""
