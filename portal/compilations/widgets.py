"""The field of a chosen record in the editor."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.chooser import BaseChooser

from portal.archives.models import Record
from portal.compilations.citing import name_for_editors


class RecordChooser(BaseChooser):
    """Opens the dialogue and shows what was chosen."""

    model = Record
    chooser_modal_url_name = "record_chooser:choose"
    choose_one_text = gettext_lazy("Choose a record")
    choose_another_text = gettext_lazy("Choose another record")
    show_edit_link = False
    icon = "doc-full"

    def get_value_data_from_instance(self, instance: Record) -> dict[str, Any]:
        """Return number and name as plain values."""
        return {
            "id": str(instance.pk),
            "edit_url": None,
            self.display_title_key: name_for_editors(instance),
        }
