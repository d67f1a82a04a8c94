"""From the blocks of a demo text to the raw value of a page body."""

from __future__ import annotations

import uuid
from typing import Any

from portal.demo.files import DemoFiles
from portal.demo.texts import (
    Attachments,
    Audio,
    Block,
    DemoText,
    Gallery,
    Picture,
    Quotation,
    Table,
    Text,
)
from portal.pages.blocks.written import table_value
from portal.people.models import User

_NAMESPACE = uuid.UUID("6f1c8f6e-3f5e-5c39-9a53-2f7f0f0d2026")


def block_id(*names: object) -> str:
    """Give a block or list item an identity that is the same in every run."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(str(name) for name in names)))


def raw_body(text: DemoText, files: DemoFiles, user: User) -> list[dict[str, Any]]:
    """Return the body as raw stream data; files it cites are created when missing."""
    return [
        {"type": name, "value": value, "id": block_id(text.key, position)}
        for position, (name, value) in enumerate(
            _raw(block, text, files, user) for block in text.body
        )
    ]


def _raw(block: Block, text: DemoText, files: DemoFiles, user: User) -> tuple[str, Any]:
    match block:
        case Text(html):
            return "text", html
        case Quotation(words, source):
            return "quotation", {"text": words, "source": source}
        case Table(caption, header, rows):
            return "table", table_value(caption, header, rows)
        case Picture():
            return "picture", _picture(block, text, files, user)
        case Gallery(title, pictures):
            items = [
                {
                    "type": "item",
                    "value": _picture(one, text, files, user),
                    "id": block_id(text.key, one.key, one.caption),
                }
                for one in pictures
            ]
            return "gallery", {"title": title, "pictures": items}
        case Attachments(attachments):
            return "attachments", {
                "title": "附件",
                "attachments": [
                    {
                        "type": "item",
                        "value": {
                            "document": files.document(one, text.unit, user).pk,
                            "description": one.description,
                        },
                        "id": block_id(text.key, one.title),
                    }
                    for one in attachments
                ],
            }
        case Audio(_, _, caption, transcript):
            return "audio", {
                "caption": caption,
                "transcript": transcript,
                "media": files.sound(block, text.unit, user).pk,
            }


def _picture(block: Picture, text: DemoText, files: DemoFiles, user: User) -> dict[str, Any]:
    return {
        "image": files.picture(block.key, text.unit, user).pk,
        "alternative_text": block.alternative_text,
        "caption": block.caption,
    }
