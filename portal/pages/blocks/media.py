"""Blocks that show pictures, sound and film."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock


class PictureBlock(blocks.StructBlock):
    """One picture with the words a blind reader hears and an optional caption."""

    image = ImageChooserBlock(label=_("Picture"))
    alternative_text = blocks.CharBlock(
        label=_("Description for blind readers"),
        max_length=120,
        help_text=_("Say what the picture shows."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=120, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "components/blocks/picture.html"


class GalleryBlock(blocks.StructBlock):
    """Several pictures under one title."""

    title = blocks.CharBlock(label=_("Title"), max_length=80, required=False)
    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"), min_num=2, max_num=30)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "components/blocks/gallery.html"


class _RecordingBlock(blocks.StructBlock):
    """Sound or film with a transcript, so that nobody needs to hear it to follow it."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=120)
    transcript = blocks.TextBlock(
        label=_("Transcript"),
        rows=6,
        help_text=_("What is said and shown, for people who cannot hear or play it."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse a transcript that says nothing."""
        cleaned = super().clean(value)
        if len(cleaned["transcript"].strip()) < 10:
            raise StructBlockValidationError(
                {
                    "transcript": ErrorList(
                        [ValidationError(_("Please write at least 10 characters."))]
                    )
                }
            )
        return cleaned


class AudioBlock(_RecordingBlock):
    """A sound recording."""

    media = AudioChooserBlock(label=_("Audio file"))

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "components/blocks/audio.html"


class VideoBlock(_RecordingBlock):
    """A film."""

    media = VideoChooserBlock(label=_("Video file"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "components/blocks/video.html"
