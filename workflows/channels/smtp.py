"""E-mail over SMTP, to allowed domains only. Whatever in the product sends a letter goes through here."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from workflows.channels import allowed
from workflows.channels.base import NotAllowed


class AllowedOnly(EmailBackend):
    """Refuses a letter as a whole when one of its receivers lies in a domain that is not allowed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        fit = [letter for letter in email_messages if self._fits(letter)]
        return super().send_messages(fit) or 0 if fit else 0

    def _fits(self, letter: EmailMessage) -> bool:
        try:
            for domain in sorted({allowed.domain(address) for address in letter.recipients()}):
                allowed.insist(allowed.Kind.MAIL, domain)
        except NotAllowed:
            if not self.fail_silently:
                raise
            return False
        return True
