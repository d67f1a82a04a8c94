"""The body of every page: one stream, so that all pages are written the same way."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.pages.blocks.media import AudioBlock, GalleryBlock, PictureBlock, VideoBlock
from portal.pages.blocks.text import (
    RICH_TEXT_FEATURES,
    AttachmentsBlock,
    CaptionedTableBlock,
    QuotationBlock,
)


class StoryBlock(blocks.StreamBlock):
    """Text, pictures, tables, attachments, quotations, sound and film in any order."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        features=RICH_TEXT_FEATURES,
        icon="pilcrow",
        template="components/blocks/text.html",
    )
    picture = PictureBlock(group=_("Pictures and recordings"))
    gallery = GalleryBlock(group=_("Pictures and recordings"))
    table = CaptionedTableBlock()
    attachments = AttachmentsBlock()
    quotation = QuotationBlock()
    audio = AudioBlock(group=_("Pictures and recordings"))
    video = VideoBlock(group=_("Pictures and recordings"))

    class Meta:
        label = _("Body")
