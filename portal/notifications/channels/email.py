"""E-mail, by whatever Django is set up to send with."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from portal.notifications.channels import ChannelDown, NotNow, Undeliverable
from portal.notifications.models import FailureReason, Outbox

PERMANENT = 500  # RFC 5321 4.2.1: replies of 500 and more will not change


class EmailSender:
    """Sends over one connection, which stays open while there is more to send."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, row: Outbox) -> str:
        """Send one message to its address."""
        message = self._message(row)
        try:
            try:
                self._send(message)
            except smtplib.SMTPServerDisconnected:
                # Servers hang up on connections that were idle; a new one tells more.
                self.rest()
                self._send(message)
        except smtplib.SMTPRecipientsRefused as error:
            self.rest()
            if all(code >= PERMANENT for code, _words in error.recipients.values()):
                raise Undeliverable(FailureReason.REFUSED) from None
            raise NotNow from None
        except smtplib.SMTPDataError as error:
            self.rest()
            if error.smtp_code >= PERMANENT:
                raise Undeliverable(FailureReason.REFUSED) from None
            raise NotNow from None
        except OSError:
            # Every other error of SMTP, and of the network below it.
            self.rest()
            raise ChannelDown from None
        return ""

    def _send(self, message: EmailMessage) -> None:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        self._connection.send_messages([message])

    def _message(self, row: Outbox) -> EmailMessage:
        words = row.shown_words()
        name, address = parseaddr(row.address)
        if "@" not in address or name or address != row.address:
            raise Undeliverable(FailureReason.REFUSED)
        body = render_to_string(
            "notifications/email.txt",
            {
                "words": words,
                "address": f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{row.url}",
                "has_url": bool(row.url),
                "site_name": settings.SITE_NAME,
            },
        )
        host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "portal"
        return EmailMessage(
            subject=f"【{settings.SITE_NAME}】{words.title}",
            body=body,
            to=[address],
            # The same for every attempt, so that mail programs show a repetition once.
            headers={"Message-ID": f"<{row.reference}@{host}>", "Auto-Submitted": "auto-generated"},
        )

    def rest(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
