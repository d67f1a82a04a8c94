"""Pictures, attachments and sounds of the demo as rows of the file libraries."""

from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.models import Collection, GroupCollectionPermission

from portal.demo.attachments import attachment_file, sound_bytes
from portal.demo.pictures import TITLES, picture_bytes
from portal.demo.texts import Attachment, Audio
from portal.pages.models import PortalDocument, PortalImage, PortalMedia
from portal.people.models import User


class DemoFiles:
    """Gives each file once per collection; a second run finds what the first one made."""

    def __init__(self) -> None:
        self.cache = Path(settings.BASE_DIR) / "var" / "demo-pictures"
        self._collections: dict[str, Collection] = {}

    def collection(self, unit: str) -> Collection:
        """Return the collection the unit's editors choose from, else the common one."""
        if unit not in self._collections:
            row = (
                GroupCollectionPermission.objects.filter(group__role_group__unit__code=unit)
                .select_related("collection")
                .first()
            )
            found = row.collection if row else Collection.get_first_root_node()
            self._collections[unit] = found
        return self._collections[unit]

    def picture(self, key: str, unit: str, user: User) -> PortalImage:
        """Return a picture by its key."""
        collection = self.collection(unit)
        found = PortalImage.objects.filter(title=TITLES[key], collection=collection).first()
        if found:
            return found
        content = io.BytesIO(picture_bytes(key, self.cache))
        created: PortalImage = PortalImage.objects.create(
            title=TITLES[key],
            description=TITLES[key],
            file=ImageFile(content, name=f"{TITLES[key]}.jpg"),
            collection=collection,
            uploaded_by_user=user,
        )
        return created

    def document(self, item: Attachment, unit: str, user: User) -> PortalDocument:
        """Return an attachment by its title."""
        collection = self.collection(unit)
        found = PortalDocument.objects.filter(title=item.title, collection=collection).first()
        if found:
            return found
        name, content = attachment_file(item, unit)
        created: PortalDocument = PortalDocument.objects.create(
            title=item.title,
            file=ContentFile(content, name=name),
            collection=collection,
            uploaded_by_user=user,
        )
        return created

    def sound(self, block: Audio, unit: str, user: User) -> PortalMedia:
        """Return a sound by its title."""
        collection = self.collection(unit)
        found = PortalMedia.objects.filter(title=block.title, collection=collection).first()
        if found:
            return found
        content, seconds = sound_bytes(block.key)
        created: PortalMedia = PortalMedia.objects.create(
            title=block.title,
            type="audio",
            duration=seconds,
            file=ContentFile(content, name=f"{block.key}.wav"),
            collection=collection,
            uploaded_by_user=user,
        )
        return created
