"""Tells whoever asked for it that a job has ended.

Signed as Standard Webhooks has it (https://www.standardwebhooks.com): `webhook-id`,
`webhook-timestamp` and `webhook-signature: v1,<base64 of HMAC-SHA256>` over
`<id>.<timestamp>.<body>`. The host is resolved once, each of its addresses is checked, and the
connection goes to the checked one; no redirects, no proxies, the answer's body is not read.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Callable, Sequence

import httpx2

from service.errors import SongnguError
from service.http.addresses import AddressRefused, Network, Target, resolve
from service.store.engine import Store
from service.store.webhooks import Webhook, due, record

TIMEOUT_S = 10.0
POLL_S = 2.0
_PREFIX = "whsec_"
_log = logging.getLogger("songngu.webhooks")


def deliver_while(
    store: Store,
    stopping: threading.Event,
    body_of: Callable[[str], str],
    allowed: Sequence[Network] = (),
) -> None:
    """Deliver what is due until told to stop; `body_of` gives a job's body by its id."""
    while not stopping.is_set():
        try:
            for webhook in due(store):
                if stopping.is_set():
                    return
                status, error = attempt(webhook, body_of(webhook.job_id), allowed)
                record(store, webhook, status, error)
        except SongnguError as error:
            _log.warning("webhooks wait: %s", type(error).__name__)
        stopping.wait(POLL_S)


def attempt(
    webhook: Webhook, body: str, allowed: Sequence[Network] = ()
) -> tuple[int | None, str | None]:
    """Post once; the status, and what went wrong (None: it was taken)."""
    try:
        target = resolve(webhook.url, allowed)
    except AddressRefused as error:
        return None, str(error)
    content = body.encode("utf-8")
    headers = {
        "Host": _host(target),
        "Content-Type": "application/json",
        "User-Agent": "songngu",
        **signature(webhook.secret, webhook.job_id, int(time.time()), content),
    }
    try:
        with (
            httpx2.Client(trust_env=False, timeout=TIMEOUT_S, follow_redirects=False) as client,
            client.stream(
                "POST",
                _pinned(target),
                content=content,
                headers=headers,
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            status = answer.status_code
    except httpx2.HTTPError as error:
        return None, f"The host could not be reached ({type(error).__name__})."
    return status, None if 200 <= status < 300 else f"The host answered {status}."


def _pinned(target: Target) -> str:
    """The target's URL with its checked address instead of its name."""
    address = f"[{target.address}]" if target.address.version == 6 else str(target.address)
    return f"{target.scheme}://{address}:{target.port}{target.path}"


def _host(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"https": 443, "http": 80}[target.scheme]
    return name if target.port == usual else f"{name}:{target.port}"


def signature(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers that prove who sent the body.

    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> body = b'{"test": 2432232314}'
    >>> signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{at}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(digest).decode("ascii"),
    }


def _key(secret: str) -> bytes:
    """A secret's bytes: base64 behind `whsec_`, anything else as it is."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode("utf-8")
