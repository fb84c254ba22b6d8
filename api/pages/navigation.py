"""Where the main navigation leads, by who reads the page."""

from typing import Final

from api.security.roles import Actor, Role

Link = tuple[str, str]
_SUBMIT: Final[Link] = ("/demands/new", "填报需求")
_RECEIPTS: Final[Link] = ("/receipts", "查询回执")
_DEMANDS: Final[Link] = ("/demands", "需求")
_ACHIEVEMENTS: Final[Link] = ("/achievements", "成果")
_DOCS: Final[Link] = ("/api/docs", "接口")
_BROKER: Final = (("/", "工作台"), _DEMANDS, _ACHIEVEMENTS, _SUBMIT, _RECEIPTS, _DOCS)
_LINKS: Final = {
    Role.visitor: (("/", "首页"), _SUBMIT, _RECEIPTS),
    Role.enterprise: (
        ("/", "我的需求"),
        _SUBMIT,
        ("/demands", "公开需求"),
        _ACHIEVEMENTS,
        _RECEIPTS,
    ),
    Role.broker: _BROKER,
    Role.administrator: (*_BROKER, ("/admin", "管理")),
}


def links(actor: Actor | None) -> tuple[Link, ...]:
    """Addresses and names; few if nobody has asked yet who it is, as on the page for an error."""
    return _LINKS[actor.role if actor else Role.visitor]
