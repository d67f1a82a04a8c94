"""What the portal tells people: every message is registered once, with its fixed text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.notifications.variables import WrongValues, to_show, to_store, variable

# Of SMS that say only that there is news; the gateway's text for it holds no variable.
NEWS_TEMPLATE = "news"
MISSING = "—"
_PLACES = re.compile(r"%\((\w+)\)s|(%.?)")

NEWS_TITLE = _("There is news for you")
NEWS_TEXT = _("Something about one of your matters has changed. Sign in to the portal to read it.")


class UnknownMessage(LookupError):
    """No message has this code."""


class Words(NamedTuple):
    """Title and text in the language of the reader."""

    title: str
    text: str


def places(text: str) -> frozenset[str]:
    """Return the names of the variables in a text.

    Raises:
        ValueError: the text has a per cent sign that begins no variable.
    """
    names = set()
    for match in _PLACES.finditer(text):
        if match[1]:
            names.add(match[1])
        elif match[2] != "%%":
            raise ValueError(f"“{match[2]}” in “{text}” begins no variable such as %(number)s.")
    return frozenset(names)


@dataclass(frozen=True)
class MessageKind:
    """One message.

    Attributes:
        code: its name in the rows.
        title: lazy text, at most 30 characters when filled in.
        text: lazy text with variables as %(number)s.
        sms_template: what the gateway's approved text is called; empty for no SMS.
        sms_parameters: variables that the gateway's text has places for, in order.
        sensitive: about health, special status, money or children; outside the portal it is only
            said that there is news.
    """

    code: str
    title: Any
    text: Any
    sms_template: str = ""
    sms_parameters: tuple[str, ...] = ()
    sensitive: bool = False

    @cached_property
    def variables(self) -> frozenset[str]:
        """The variables that `notify` must be given, no more and no fewer."""
        return places(str(self.title)) | places(str(self.text)) | frozenset(self.sms_parameters)

    def stored(self, values: Mapping[str, Any]) -> dict[str, str | int]:
        """Return the values as they are kept with a message.

        Raises:
            WrongValues: one is missing, too many, or of another kind.
        """
        if values.keys() != self.variables:
            raise WrongValues(
                f"{self.code} needs {sorted(self.variables)}, not {sorted(values.keys())}."
            )
        return {name: to_store(name, value) for name, value in values.items()}


_kinds: dict[str, MessageKind] = {}


def register_message(
    code: str,
    title: Any,
    text: Any,
    sms_template: str = "",
    sms_parameters: tuple[str, ...] = (),
    *,
    sensitive: bool = False,
) -> None:
    """Add a message, once, when an application is ready. See `MessageKind`.

    `manage.py check` refuses messages with variables that are not declared.
    """
    _kinds[code] = MessageKind(code, title, text, sms_template, tuple(sms_parameters), sensitive)


def message_kind(code: str) -> MessageKind:
    """Return a message by its code.

    Raises:
        UnknownMessage: there is none.
    """
    try:
        return _kinds[code]
    except KeyError as error:
        raise UnknownMessage(f"No message has the code {code}.") from error


def message_kinds() -> list[MessageKind]:
    """Return all messages in the order of their codes."""
    return [_kinds[code] for code in sorted(_kinds)]


def words(code: str, stored: Mapping[str, str | int]) -> Words:
    """Return what a kept message says now, in the language that is active.

    A message whose code was retired, or whose text was given other variables, is still shown.
    """
    if code not in _kinds:
        return Words(str(NEWS_TITLE), str(NEWS_TEXT))
    kind = _kinds[code]
    values = dict.fromkeys(kind.variables, MISSING)
    values |= {name: to_show(name, value) for name, value in stored.items()}
    return Words(str(kind.title) % values, str(kind.text) % values)


def problems(kind: MessageKind) -> list[str]:
    """Return what is wrong with a message in the active language."""
    found = []
    try:
        names = places(str(kind.title)) | places(str(kind.text)) | frozenset(kind.sms_parameters)
        for name in sorted(names):
            variable(name)
    except (LookupError, ValueError) as error:
        return [str(error)]
    if names != kind.variables:
        found.append(f"the translation has {sorted(names)}, not {sorted(kind.variables)}")
    if kind.sms_parameters and not kind.sms_template:
        found.append("SMS parameters without a template")
    return found
