"""Talks and criticism: private, for those who spoke and the secretary of their branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Unit
from portal.people.models import Person, User
from portal.personal_data.fields import EncryptedTextField


class TalkKind(models.TextChoices):
    """What kind of talk it was."""

    TALK = "talk", _("Heart-to-heart talk")
    CRITICISM = "criticism", _("Criticism between two")
    REMINDER = "reminder", _("Talk as a reminder")


class Talk(models.Model):
    """A talk between two members (谈心谈话).

    What was said is encrypted and is seen by the two and by the secretary of the branch alone. It
    is in no page, no revision, no search index, no archive record and no export; the year counts
    pairs. Source: 《中国共产党支部工作条例（试行）》第十九条; section 2.3 of the domain facts.
    """

    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="talks")
    kind = models.CharField(pgettext_lazy("talk", "kind"), max_length=10, choices=TalkKind.choices)
    talker = models.ForeignKey(
        Person, verbose_name=_("who spoke"), on_delete=models.PROTECT, related_name="talks_given"
    )
    partner = models.ForeignKey(
        Person,
        verbose_name=_("with whom"),
        on_delete=models.PROTECT,
        related_name="talks_received",
    )
    held_on = models.DateField(_("date"))
    place = EncryptedTextField(_("place"), blank=True, default="")
    content = EncryptedTextField(_("content"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, editable=False)

    if TYPE_CHECKING:
        branch_id: int
        talker_id: int
        partner_id: int

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        ordering = ["-held_on", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["branch", "held_on"], name="branches_talk_of_year"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(talker=F("partner")), name="branches_talk_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"Talk {self.pk}"

    def __repr__(self) -> str:
        return f"<Talk {self.pk}>"
