"""Template tags of the look: icons, words for kinds, sizes of files, page numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django import template
from django.core.paginator import Page as PaginatorPage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.file_names import file_format, file_size
from portal.pages.kinds import kind_name

register = template.Library()
register.filter(file_format)
register.filter(file_size)

# The first mark found counts: browsers name the ones they descend from as well.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_FORMAT_ICONS = {
    "picture": {"jpg", "jpeg", "png", "gif", "webp"},
    "sheet": {"xls", "xlsx", "csv", "et"},
    "archive": {"zip"},
}


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """Draw one symbol of the sprite; it is decoration, the words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra_class,
        static("portal/icons.svg"),
        name,
    )


@register.filter
def kind_label(kind: str) -> str:
    """Return the name of a page kind ("activity") in the reader's language."""
    return str(kind_name(kind))


@register.filter
def file_icon(name: str) -> str:
    """Return the symbol that fits a file name."""
    suffix = PurePath(str(name)).suffix.removeprefix(".").lower()
    for symbol, suffixes in _FORMAT_ICONS.items():
        if suffix in suffixes:
            return symbol
    return "document"


@register.filter
def browser_name(user_agent: str) -> str:
    """Return browser and system of a user agent header as people call them: "Chrome, Windows".

    Only for the reader's own list of sign-ins: the header can say anything.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _("Other browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


@register.simple_tag
def page_numbers(page: PaginatorPage[Any]) -> Iterator[int | str]:
    """Yield the numbers to link around the current page; gaps are the ellipsis of the paginator."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def is_gap(number: int | str, page: PaginatorPage[Any]) -> bool:
    """Tell whether an item of `page_numbers` stands for left-out pages."""
    return str(number) == str(page.paginator.ELLIPSIS)


@register.simple_tag
def table_parts(table: dict[str, Any]) -> dict[str, Any]:
    """Split a table block into its header row and body rows.

    Each body cell carries the header of its column, which phones show in front of the cell.
    Columns without a header have an empty label.
    """
    rows: list[list[Any]] = [row for row in table.get("data") or [] if any(row)]
    header = rows.pop(0) if rows and table.get("first_row_is_table_header", True) else []
    body = [
        [
            {
                "text": "" if cell is None else cell,
                "label": header[column] if column < len(header) else "",
                "is_header": column == 0 and bool(table.get("first_col_is_header")),
            }
            for column, cell in enumerate(row)
        ]
        for row in rows
    ]
    return {"header": header, "rows": body}
