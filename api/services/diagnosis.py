"""What an administrator would check by hand: one finding for each thing that can be wrong."""

from collections.abc import Callable
from contextlib import closing

from api.services import condition, deployment
from api.services.findings import Finding, bad, good
from api.services.workspace import Workspace
from api.settings import Settings
from matcher.errors import HongniangError

Opened = Callable[[Settings], Workspace]


def diagnose(settings: Settings, opened: Opened) -> list[Finding]:
    """Check what is kept and how well it serves, then the machine and the settings."""
    return [*_inside(settings, opened), *deployment.findings(settings)]


def _inside(settings: Settings, opened: Opened) -> list[Finding]:
    try:
        workspace = opened(settings)
    except HongniangError as error:
        return [bad("数据目录", str(error))]
    with closing(workspace):
        found = [asked(subject, check, workspace) for subject, check in condition.CHECKS]
    return [good("数据目录", f"{settings.data.absolute()} 可读写。"), *found]


def asked(subject: str, check: Callable[[Workspace], Finding], workspace: Workspace) -> Finding:
    """What a check tells, or why it could not end."""
    try:
        return check(workspace)
    except HongniangError as error:
        return bad(subject, str(error))
