"""The outbox: digests that wait are mailed, one after another, and again where that failed.

A digest is claimed before it is sent and settled right after the server has taken it on. A process
that dies in between leaves it claimed; after a while it is sent again under the same Message-ID,
by which mail systems know that they have it already.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Final

from api.services.posting import LONGEST, send
from api.services.schedule import pause_after
from api.services.wishes import mailbox
from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store.digests import Digest
from api.store.subscriptions import Subscription
from matcher.errors import MailUnsent, StoreUnavailable

_log = logging.getLogger(__name__)
_CLAIMED: Final = timedelta(seconds=10 * LONGEST)
"""Far longer than a letter can take: while one is under way nobody else sends it."""
_GIVEN_UP: Final = timedelta(days=3)
_TOO_LATE: Final = "三天内没有送达，不再重试；内容仍可在本页查看。"

Write = Callable[[Workspace, Subscription, Digest, str], EmailMessage | None]
"""Makes the letter to an address; None if there is nothing that may still be shown."""
Send = Callable[[Smtp, EmailMessage], None]


class Mailer:
    """Sends what waits. One thread calls ``step``; other processes have their own."""

    def __init__(self, workspace: Workspace, write: Write, send: Send = send) -> None:
        """``write`` lays the letters out, ``send`` hands them over or raises MailUnsent."""
        self._workspace, self._write, self._send = workspace, write, send
        self._sent: dict[str, tuple[Digest, datetime]] = {}

    def step(self, now: datetime | None = None) -> bool:
        """Mail one digest, if one is due; whether there was one."""
        self._note_sent()
        now = now or datetime.now(UTC)
        if not self._workspace.smtp.can_mail:
            return False
        digest = self._workspace.store.outbox.claim(now, now + _CLAIMED)
        if digest is None:
            return False
        letter = self._letter(digest)
        if letter is None:
            self._workspace.store.outbox.settle(digest, "none")
        else:
            self._mail(digest, letter, now)
        return True

    def _letter(self, digest: Digest) -> EmailMessage | None:
        store = self._workspace.store
        subscription = store.subscriptions.get(digest.subscription_id)
        if subscription is None or not subscription.by_email:
            return None
        account = store.accounts.get(subscription.account_id)
        address = mailbox(self._workspace, subscription.account_id)
        if account is None or account.disabled_at or not address:
            return None
        return self._write(self._workspace, subscription, digest, address)

    def _mail(self, digest: Digest, letter: EmailMessage, now: datetime) -> None:
        try:
            self._send(self._workspace.smtp, letter)
        except MailUnsent as reason:
            self._put_off(digest, reason, now)
            return
        self._sent[digest.id] = digest, datetime.now(UTC)
        self._note_sent()

    def _put_off(self, digest: Digest, reason: MailUnsent, now: datetime) -> None:
        again = now + pause_after(digest.attempts)
        is_over = again - digest.at > _GIVEN_UP
        _log.warning("digest %s not mailed (attempt %d)", digest.id, digest.attempts)
        if reason.is_final or is_over:
            sentence = str(reason) if reason.is_final else _TOO_LATE
            self._workspace.store.outbox.settle(digest, "failed", error=sentence)
        else:
            settle = self._workspace.store.outbox.settle
            settle(digest, "waiting", next_try_at=again, error=str(reason))

    def _note_sent(self) -> None:
        """Before anything else is sent: the database may have been away right after a letter."""
        for digest, at in list(self._sent.values()):
            try:
                self._workspace.store.outbox.settle(digest, "sent", sent_at=at)
            except StoreUnavailable:
                _log.warning("digest %s was mailed, which could not be noted yet", digest.id)
                raise
            del self._sent[digest.id]
