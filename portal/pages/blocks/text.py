"""Blocks of words, tables and attachments."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]


class QuotationBlock(blocks.StructBlock):
    """Somebody's words and who said them."""

    text = blocks.TextBlock(label=_("Quotation"), rows=3)
    source = blocks.CharBlock(label=_("Who said it"), max_length=80, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "components/blocks/quotation.html"


class CaptionedTableBlock(blocks.StructBlock):
    """A table with the caption that says what it holds."""

    caption = blocks.CharBlock(label=_("Table title"), max_length=120)
    table = TableBlock(
        label=_("Table"), table_options={"language": "zh-CN", "contextMenu": True, "height": 240}
    )

    class Meta:
        icon = "table"
        label = _("Table")
        template = "components/blocks/table.html"


class AttachmentBlock(blocks.StructBlock):
    """One file to download."""

    document = DocumentChooserBlock(label=_("File"))
    description = blocks.CharBlock(label=_("Description"), max_length=120, required=False)

    class Meta:
        icon = "doc-full"
        label = _("Attachment")


class AttachmentsBlock(blocks.StructBlock):
    """The files that belong to the page."""

    title = blocks.CharBlock(label=_("Title"), max_length=80, required=False)
    attachments = blocks.ListBlock(AttachmentBlock(), label=_("Files"), min_num=1, max_num=30)

    class Meta:
        icon = "doc-full-inverse"
        label = _("Attachments")
        template = "components/blocks/attachments.html"
