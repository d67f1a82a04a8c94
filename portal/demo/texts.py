"""Shared shapes of the demo texts: the pieces every subject's demo module is written in.

The texts themselves are plain data, written by hand, all names invented. Nothing here imports a
model, so the texts can be read, counted and checked without a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Audience = Literal["public", "employees", "unit"]
"""Who may read a text: everybody on the network, signed-in employees, or the unit's own people."""

State = Literal["live", "in_review", "returned", "draft"]
"""Where a text stands after loading: most are live, a few are left as open tasks."""

DEMO_PASSWORD = "qinlan-demo-2026"  # noqa: S105  printed on the sign-in page in demo mode
"""One password for every demo login. Accounts with it exist only where `load_demo` was run."""

_DASH = re.compile(r"- ")
_NUMBER = re.compile(r"\d+\. ")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Text:
    """A run of simple rich text: headings, paragraphs, lists and bold, as HTML."""

    html: str


@dataclass(frozen=True)
class Picture:
    """One picture by its key in `portal.demo.pictures`."""

    key: str
    caption: str
    alternative_text: str


@dataclass(frozen=True)
class Gallery:
    """Several pictures under one title."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Table:
    """A small table with one header row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Attachment:
    """One file by its key in `portal.demo.attachments`."""

    key: str
    title: str
    description: str


@dataclass(frozen=True)
class Attachments:
    """A list of files under a text."""

    items: tuple[Attachment, ...]


@dataclass(frozen=True)
class Quotation:
    """Words somebody said, and who said them."""

    text: str
    source: str


@dataclass(frozen=True)
class Audio:
    """A sound by its key in `portal.demo.attachments`, always with what is heard in writing."""

    key: str
    title: str
    caption: str
    transcript: str


Block = Text | Picture | Gallery | Table | Attachments | Quotation | Audio


@dataclass(frozen=True, kw_only=True)
class DemoText:
    """What every demo page has.

    Attributes:
        key: stable and unique among the texts of a kind; becomes the page's slug.
        unit: code of the responsible unit in `portal.demo.organization`.
        date: the business date (day of the event, of the document, of the award).
        picture: key of the lead picture, or "" for none.
        state: "live", or the open task the text is left in.
        drafted_by: employee number; empty for the usual drafter of the kind and unit.
        reviewed_by: employee number; empty for the usual reviewer. Never the drafter.
        return_reason: what the reviewer wrote, for a returned text.
    """

    key: str
    title: str
    summary: str
    unit: str
    date: date
    body: tuple[Block, ...]
    picture: str = ""
    audience: Audience = "employees"
    state: State = "live"
    published_at: datetime | None = None
    drafted_by: str = ""
    reviewed_by: str = ""
    return_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A changed draft over a published text: a remark (补充说明) added at its end.

    `state` "live" means it was approved, and the archive record has a second version.
    """

    key: str
    date: date
    remark: Text
    state: State
    drafted_by: str = ""
    reviewed_by: str = ""
    return_reason: str = ""


def prose(written: str) -> Text:
    """Turn lightly marked Chinese text into a `Text` block.

    Blank lines part paragraphs; lines inside a paragraph are joined without a space, as Chinese
    is written. A paragraph that starts with "## " or "### " is a heading; one whose lines start
    with "- " or "1. " is a list; ``**words**`` are bold.
    """
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", written.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        if lines[0].startswith("### "):
            parts.append(f"<h3>{_joined(lines)[4:]}</h3>")
        elif lines[0].startswith("## "):
            parts.append(f"<h2>{_joined(lines)[3:]}</h2>")
        elif lines[0].startswith("- "):
            parts.append(f"<ul>{_list_items(lines, _DASH)}</ul>")
        elif lines[0].startswith("1. "):
            parts.append(f"<ol>{_list_items(lines, _NUMBER)}</ol>")
        else:
            parts.append(f"<p>{_joined(lines)}</p>")
    return Text(_BOLD.sub(r"<b>\1</b>", "".join(parts)))


def plain_length(body: tuple[Block, ...]) -> int:
    """Count the visible characters of a body: prose, quotations, table cells and captions."""
    return sum(len(words) for block in body for words in _words(block))


def _joined(lines: list[str]) -> str:
    return "".join(lines)


def _list_items(lines: list[str], mark: re.Pattern[str]) -> str:
    items: list[str] = []
    for line in lines:
        found = mark.match(line)
        if found:
            items.append(line[found.end() :])
        else:
            items[-1] += line
    return "".join(f"<li>{item}</li>" for item in items)


def _words(block: Block) -> list[str]:
    match block:
        case Text(html):
            return [re.sub(r"<[^>]+>", "", html)]
        case Quotation(text, source):
            return [text, source]
        case Table(caption, header, rows):
            return [caption, *header, *(cell for row in rows for cell in row)]
        case Picture(_, caption, _):
            return [caption]
        case Gallery(title, pictures):
            return [title, *(picture.caption for picture in pictures)]
        case Attachments(items):
            return [item.description for item in items]
        case Audio(_, _, caption, transcript):
            return [caption, transcript]
