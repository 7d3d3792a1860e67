"""The bytes of a mail."""

import hashlib
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from touchpoints.framing import Framed
from touchpoints.mail import Mail
from touchpoints.models import Message

# Relays without 8BITMIME exist.
POLICY = SMTP.clone(cte_type="7bit")
# Folded right after its name, List-Unsubscribe is empty to some providers.
UNFOLDED = POLICY.clone(max_line_length=998)


def message_id(message: Message) -> str:
    """The same for every attempt, so that mail programs show a mail that came twice once."""
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return f"<{digest}@{ascii_address(message.brand.sender_email).rpartition('@')[2]}>"


class InvalidAddressError(ValueError):
    pass


def ascii_address(address: str) -> str:
    """As it goes over the wire: the domain in its ASCII form, the local part as it is."""
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}").addr_spec
    except (ValueError, HeaderParseError, IndexError) as error:
        raise InvalidAddressError from error


def compose(message: Message, mail: Mail, framed: Framed, *, now: datetime, unsubscribe_url: str) -> bytes:
    composed = EmailMessage(policy=POLICY)
    composed["From"] = Address(message.brand.sender_name, addr_spec=ascii_address(message.brand.sender_email))
    composed["To"] = Address(addr_spec=ascii_address(message.recipient))
    composed["Subject"] = mail.title
    composed["Date"] = format_datetime(now)
    composed["Message-ID"] = message_id(message)
    composed["Content-Language"] = message.language
    headers = {"Auto-Submitted": "auto-generated", **mail.headers}
    if unsubscribe_url:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in headers.items():
        composed[name] = value
    composed.set_content(framed.text)
    composed.add_alternative(framed.html, subtype="html")
    return composed.as_bytes(policy=UNFOLDED)
