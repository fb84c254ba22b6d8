"""Where the navigation leads, by who reads the page: places, and what lies under some of them."""

from dataclasses import dataclass
from typing import Final

from api.security.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation. ``under``: the pages of its area, the first at its address."""

    address: str
    name: str
    under: tuple["Entry", ...] = ()

    @property
    def pages(self) -> tuple["Entry", ...]:
        """What lies under it, or itself alone."""
        return self.under or (self,)

    def holds(self, here: str) -> bool:
        """Whether an address is this place, or below it. Below the start lies nothing."""
        return here == self.address or here.startswith(f"{self.address}/")


@dataclass(frozen=True, slots=True)
class Navigation:
    """What a page shows above itself. ``here`` is the area, ``page`` the entry, that it is in."""

    entries: tuple[Entry, ...]
    here: Entry | None
    page: Entry | None

    @property
    def under(self) -> tuple[Entry, ...]:
        """The pages of the area that one is in; none where there is only one."""
        return self.here.under if self.here else ()


def _area(name: str, *under: Entry) -> Entry:
    return Entry(under[0].address, name, under)


_SUBMIT: Final = Entry("/demands/new", "填报需求")
_RECEIPTS: Final = Entry("/receipts", "查询回执")
_ACHIEVEMENTS: Final = Entry("/achievements", "成果")
_OFFERS: Final = _area("成果", Entry("/achievements", "成果库"), Entry("/resources", "资源库"))
_DEMANDS: Final = _area("需求", Entry("/demands", "需求库"), _SUBMIT, _RECEIPTS)
_ADMINISTRATION: Final = _area(
    "管理",
    Entry("/admin", "概况"),
    Entry("/imports", "导入"),
    Entry("/admin/users", "账号"),
    Entry("/admin/keys", "密钥"),
    Entry("/admin/models", "模型"),
    Entry("/audit", "审计"),
)
_OVERVIEW: Final = _area(
    "供需一览",
    Entry("/overview", "供需一览"),
    Entry("/map", "供需图谱"),
    Entry("/calls", "揭榜挂帅"),
)
_ACCOUNT: Final = Entry("/account", "我的账号")
_STAFF_ACCOUNT: Final = _area("我的账号", _ACCOUNT, Entry("/api/docs", "接口"))
_CASES: Final = _area("对接单", Entry("/cases", "对接单"), Entry("/days", "对接会"))
_SUBSCRIPTIONS: Final = Entry("/subscriptions", "订阅")
_BROKER: Final = (
    Entry("/", "工作台"),
    Entry("/inbox", "收件箱"),
    _DEMANDS,
    _OFFERS,
    _CASES,
    _OVERVIEW,
    _SUBSCRIPTIONS,
)
_ENTRIES: Final = {
    Role.visitor: (Entry("/", "首页"), _SUBMIT, _RECEIPTS),
    Role.enterprise: (
        Entry("/", "我的需求"),
        _SUBMIT,
        Entry("/demands", "公开需求"),
        _ACHIEVEMENTS,
        _RECEIPTS,
    ),
    Role.broker: _BROKER,
    Role.administrator: (*_BROKER, _ADMINISTRATION),
}


def navigation(actor: Actor | None, here: str) -> Navigation:
    """The navigation of a page; few entries if nobody has asked yet who it is, as in an error."""
    entries = _ENTRIES[actor.role if actor else Role.visitor]
    account = _STAFF_ACCOUNT if actor and actor.is_staff else _ACCOUNT
    found = [
        (page, area) for area in (*entries, account) for page in area.pages if page.holds(here)
    ]
    # The longest address is the nearest.
    page, area = max(found, key=lambda f: len(f[0].address), default=(None, None))
    return Navigation(entries, area, page)
