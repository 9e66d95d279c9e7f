"""Passwords, sessions, API keys, form tokens: how a reviewer is known.

Passwords are kept as argon2id; keys and session tokens have 256 random bits, so that their SHA-256
is enough.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import NotPermitted, ReviewerNotAccepted, SignInFailed
from service.review.attempts import Attempts
from service.store.review_values import Reviewer, Role
from service.store.reviewers import ReviewerStore

MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 500
MAX_NAME_CHARS = 80
SESSION_S = 12 * 3600.0
KEY_MARK = "sgr"  # keys look like sgr_<8 public characters>_<secret>
LOCAL = Reviewer("local", "local", Role.ADMIN)  # whoever sits at this machine

_hasher = PasswordHasher()
# Each check takes 64 MiB: a flood of attempts must wait instead of filling the memory.
_verifying = threading.BoundedSemaphore(2)
# Compared against where there is no such name, so that the time tells nothing.
_nobody = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once, and what is kept of it."""

    key: str
    prefix: str
    sha256: str


def check_role(reviewer: Reviewer, role: Role) -> None:
    """Raises NotPermitted for a lesser role."""
    if not reviewer.role.covers(role):
        message = f"This needs the role `{role}`; yours is `{reviewer.role}`."
        raise NotPermitted(message)


def add_reviewer(reviewers: ReviewerStore, name: str, role: Role, password: str | None) -> Reviewer:
    """A new account; raises ReviewerNotAccepted. Without a password it works with API keys only."""
    if not reviewers.exist() and (role is not Role.ADMIN or password is None):
        message = "The first reviewer must be an admin with a password, who adds the others."
        raise ReviewerNotAccepted(message)
    clean = " ".join(name.split())
    if not clean or len(clean) > MAX_NAME_CHARS or not clean.isprintable():
        message = f"A reviewer's name must have 1 to {MAX_NAME_CHARS} printable characters."
        raise ReviewerNotAccepted(message)
    if password is not None and not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        message = f"A password must have at least {MIN_PASSWORD_CHARS} characters."
        raise ReviewerNotAccepted(message)
    return reviewers.add(clean, role, _hasher.hash(password) if password is not None else None)


def sign_in(
    reviewers: ReviewerStore, name: str, password: str, attempts: Attempts, address: str
) -> tuple[Reviewer, str]:
    """The reviewer and the token of a new session; raises SignInFailed, SignInDelayed."""
    name = " ".join(name.split())
    attempts.check(name, address)
    try:
        found = _verified(reviewers, name, password)
    except SignInFailed:
        attempts.failed(name, address)
        raise
    attempts.succeeded(name, address)
    token = secrets.token_urlsafe(32)
    reviewers.open_session(digest(token), found.id, SESSION_S)
    return found, token


def _verified(reviewers: ReviewerStore, name: str, password: str) -> Reviewer:
    found = reviewers.by_name(name)
    stored = found[1] if found is not None and found[1] is not None else _nobody
    try:
        with _verifying:
            _hasher.verify(stored, password[:MAX_PASSWORD_CHARS])
    except (VerificationError, InvalidHashError) as error:
        raise SignInFailed from error
    if found is None:
        raise SignInFailed
    return found[0]


def make_key(reviewers: ReviewerStore, reviewer_id: str) -> NewKey:
    """A new API key of a reviewer."""
    prefix = f"{KEY_MARK}_{secrets.token_hex(4)}"
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    reviewers.add_key(prefix, digest(key), reviewer_id)
    return NewKey(key, prefix, digest(key))


def of_key(reviewers: ReviewerStore, key: str) -> Reviewer:
    """Whose key this is; raises SignInFailed."""
    mark, _, rest = key.partition("_")
    found = reviewers.of_key(f"{mark}_{rest.partition('_')[0]}")
    if found is None or not hmac.compare_digest(found[1], digest(key)):
        raise SignInFailed
    return found[0]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(cookie: str) -> str:
    """What our own forms carry: only who can read the session's cookie can tell it."""
    return digest("form:" + cookie)[:32]


def is_form_token(cookie: str, given: str) -> bool:
    return bool(cookie) and hmac.compare_digest(form_token(cookie), given)


def is_loopback(host: str) -> bool:
    """Whether an address or host name is this machine itself.

    >>> [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "example.vn")]
    [True, True, True, False, False]
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
