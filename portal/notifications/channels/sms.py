"""SMS by a gateway: a template that the gateway approved, and its parameters, never free text."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications.channels import ChannelDown, Undeliverable
from portal.notifications.messages import NEWS_TEMPLATE, message_kind
from portal.notifications.models import FailureReason, Outbox
from portal.notifications.settings import templates
from portal.notifications.variables import to_show
from portal.personal_data.masking import masked_phone

logger = logging.getLogger(__name__)


class SmsGateway(Protocol):
    """What an adapter to a gateway does. The class is named by the setting SMS_BACKEND."""

    def send(self, phone: str, template: str, parameters: Mapping[str, str], reference: str) -> str:
        """Send one SMS; return the gateway's receipt.

        Args:
            phone: 11 digits.
            template: the gateway's code of the approved text.
            parameters: what its places are filled with, by name.
            reference: the same for every attempt at this SMS, for gateways that send the same
                reference once.

        Raises:
            portal.notifications.channels.ChannelDown: the gateway does not answer, or takes
                nothing at the moment.
            portal.notifications.channels.NotNow: it takes this SMS later, such as beyond a limit
                for one number.
            portal.notifications.channels.Undeliverable: it refused this number or template.
        """


class ConsoleGateway:
    """Writes to the log what would be sent; the number is masked there as everywhere."""

    def send(self, phone: str, template: str, parameters: Mapping[str, str], reference: str) -> str:
        """Log one SMS."""
        logger.info(
            "SMS 【%s】 to %s: template %s with %s",
            settings.SMS_SIGNATURE,
            masked_phone(phone),
            template,
            dict(parameters),
        )
        return "console"


class SmsSender:
    """Hands messages to the gateway."""

    def send(self, row: Outbox) -> str:
        """Send one SMS; of a sensitive matter only that there is news."""
        name, parameters = _template(row)
        codes = templates()
        # Without a list of codes the gateway knows the templates by the portal's names.
        if codes and name not in codes:
            raise Undeliverable(FailureReason.NO_TEMPLATE)
        gateway: SmsGateway = import_string(settings.SMS_BACKEND)()
        try:
            receipt = gateway.send(
                row.address, codes.get(name, name), parameters, str(row.reference)
            )
        except OSError:
            raise ChannelDown from None
        return receipt[:100]

    def rest(self) -> None:
        """Hold nothing open."""


def _template(row: Outbox) -> tuple[str, dict[str, str]]:
    if row.is_sensitive:
        return NEWS_TEMPLATE, {}
    kind = message_kind(row.code)
    return kind.sms_template, {
        name: to_show(name, row.variables.get(name, "")) for name in kind.sms_parameters
    }
