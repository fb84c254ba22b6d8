"""Who may see what: people, what they send in, and a plain model of what there is."""

import warnings
from dataclasses import dataclass, field
from typing import Any, Final

from httpx import Response

from api.access.identity import COOKIE, FORM_FIELD, FORM_HEADER
from api.app import create_app
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import account_named, add_account, set_enabled
from api.services.keys import add_key, keys_of, revoke_key
from api.services.signing_in import sign_in
from api.services.workspace import Workspace

with warnings.catch_warnings():
    # Starlette would like httpx2 better than httpx, and says so when this is imported.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

PASSWORD: Final = "一句很容易记住的话呀"
TOPICS: Final = ("轴承", "光纤", "染料")


@dataclass(frozen=True)
class Firm:
    """Who sends demands; ``traces`` are the ways in which its texts name it."""

    organisation: str
    short: str
    contact: str
    phone: str

    @property
    def traces(self) -> tuple[str, ...]:
        bare = self.phone
        spread = f"{bare[:3]}-{bare[3:7]}-{bare[7:]}"
        return (self.organisation, self.short, self.contact, bare, spread)

    def demand(self, topic: str, number: int, public: bool) -> dict[str, Any]:
        """A demand that gives the firm away in every text."""
        organisation, short, contact, phone, spread = self.traces
        return {
            "title": f"{short}的{topic}检测难题{number}，电话{phone}",
            "problem": f"{organisation}生产{topic}，不良率高，请找{contact}。",
            "indicators": f"{topic}缺陷检出率不低于 99%。联系 {spread}",
            "goal": f"在{short}的两条产线上连续运行。",
            "keywords": [topic, "检测", short],
            "field": "先进制造与自动化",
            "region": "湖南-长沙",
            "solution_mode": "合作研发",
            "organisation": organisation,
            "contact": contact,
            "phone": phone,
            "confidentiality": "public" if public else "brokers",
        }


FIRMS: Final = {
    "A": Firm("衡岳精机有限公司", "衡岳精机", "尉迟衡", "13907318899"),
    "B": Firm("澄湖光电科技有限公司", "澄湖光电", "司徒澄", "13851207766"),
    "visitor": Firm("栖梧化工有限公司", "栖梧化工", "欧阳栖", "13605513344"),
}
ROLES: Final = {"A": Role.enterprise, "B": Role.enterprise, "broker": Role.broker}


def achievement(topic: str, number: int) -> dict[str, Any]:
    """An achievement; its contact is for brokers."""
    return {
        "title": f"{topic}在线检测装置{number}",
        "abstract": f"机器视觉检测{topic}，检出率 99.5%。",
        "keywords": [topic, "检测"],
        "provider": "虚构理工大学",
        "field": "先进制造与自动化",
        "contact": "诸葛联",
    }


CONTACT: Final = achievement("", 0)["contact"]


@dataclass
class Kept:
    """What the model knows of a demand or an achievement that was accepted."""

    body: dict[str, Any]
    sender: str = ""
    """The firm in the texts; it is also the owner if it was signed in."""
    owner: str = ""
    receipt: str = ""
    deleted: bool = False
    version: int = 1
    state: str = "published"

    @property
    def findable(self) -> bool:
        return not self.deleted and self.state != "returned"

    @property
    def open(self) -> bool:
        """Whether others than its owner and brokers may see it."""
        return self.state == "published" and self.body.get("confidentiality") == "public"


@dataclass
class Model:
    """What there is, by id, in the order in which it came."""

    demands: dict[str, Kept] = field(default_factory=dict)
    achievements: dict[str, Kept] = field(default_factory=dict)

    def listed(self, who: str, text: str = "") -> list[str]:
        """The demands that somebody finds in lists, newest first, searched by their titles.

        Of public views only the topic is left of what can be searched for.
        """
        whole = who == "broker"
        return [
            id_
            for id_, kept in reversed(self.demands.items())
            if not kept.deleted
            and (whole or kept.open)
            and text in (kept.body["title"] if whole else "".join(kept.body["keywords"][:2]))
        ]

    def may_read(self, who: str, id_: str) -> bool:
        kept = self.demands[id_]
        return not kept.deleted and (who in ("broker", kept.owner) or kept.open)

    def may_change(self, who: str, id_: str) -> bool:
        return self.may_read(who, id_) and who in ("broker", self.demands[id_].owner)


class People:
    """A visitor, enterprise A in a browser, enterprise B and a broker with keys."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        app = create_app(workspace)
        self.clients = {
            who: TestClient(app, raise_server_exceptions=False, follow_redirects=False)
            for who in (*ROLES, "visitor")
        }
        self.shut_out = {"visitor"}
        self.key_ids: dict[str, str] = {}
        self.disabled: set[str] = set()
        for who, role in ROLES.items():
            if workspace.store.accounts.named(f"{who.lower()}.firm") is None:
                add_account(workspace, SYSTEM, f"{who}.firm", role, PASSWORD)
            self.enable(who, True)
            self.let_in(who)

    def let_in(self, who: str) -> None:
        """A signs in; the others get a new key."""
        client, signing = self.clients[who], self.workspace.signing
        if who == "A":
            token, _ = sign_in(self.workspace, "a.firm", PASSWORD, "testclient")
            client.cookies.set(COOKIE, signing.cookie(token))
            client.headers[FORM_HEADER] = signing.form_token(token)
        else:
            account = account_named(self.workspace, f"{who}.firm")
            actor = Actor(account.id, account.name, Role(account.role))
            for old in keys_of(self.workspace, actor):
                if old.revoked_at is None:
                    revoke_key(self.workspace, actor, old.id)
            key, secret = add_key(self.workspace, actor, "测试", list(Scope))
            self.key_ids[who] = key.id
            client.headers["Authorization"] = f"Bearer {secret}"
        self.shut_out.discard(who)

    def sign_out(self) -> Response:
        client = self.clients["A"]
        self.shut_out.add("A")
        return client.post("/logout", data={FORM_FIELD: client.headers[FORM_HEADER]})

    def enable(self, who: str, enabled: bool) -> None:
        """Sessions end for good when an account is disabled; keys hold again afterwards."""
        account = account_named(self.workspace, f"{who}.firm")
        set_enabled(self.workspace, SYSTEM, account, enabled)
        if enabled:
            self.disabled.discard(who)
        else:
            self.disabled.add(who)
            self.shut_out |= {who} & {"A"}

    def revoke(self, who: str) -> None:
        """The key of B, or of the broker, from one moment to the next."""
        account = account_named(self.workspace, f"{who}.firm")
        actor = Actor(account.id, account.name, Role(account.role))
        revoke_key(self.workspace, actor, self.key_ids[who])
        self.shut_out.add(who)

    def ask(self, who: str, method: str, address: str, **options: Any) -> Response:
        return self.clients[who].request(method, address, **options)
